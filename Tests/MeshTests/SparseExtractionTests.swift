// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import Synchronization
import TestSupport
import Testing

/// The sparse search finds what a dense evaluation finds, byte for byte, from fewer values.
@Suite struct SparseExtractionTests {
    struct Subject: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let counts: SIMD3<Int>
        /// Largest length of the gradient.
        let slope: Double
        let field: ClosureField
    }

    static let subjects = [
        Subject(
            testDescription: "sphere", counts: SIMD3(81, 81, 81), slope: 1,
            field: AnalyticShape.sphere(center: SIMD3(0.03, -0.02, 0.01), radius: 0.7).field),
        Subject(
            testDescription: "torus, odd counts", counts: SIMD3(97, 70, 51), slope: 1,
            field: AnalyticShape.torus(major: 0.5, minor: 0.17).field),
        Subject(
            testDescription: "two balls that leave the grid", counts: SIMD3(66, 65, 64), slope: 1,
            field: ClosureField { point in
                min((point - SIMD3(0.8, 0.7, 0.6)).length - 0.4, (point + SIMD3(0.5, 0.5, 0.5)).length - 0.3)
            }),
        Subject(
            testDescription: "waves", counts: SIMD3(90, 60, 75), slope: 1.5,
            field: ClosureField { point in
                // Slopes up to 0.6 along x and y: the gradient is at most √1.72 long.
                point.z - 0.2 * bump(3 * point.x) - 0.2 * bump(3 * point.y)
            }),
    ]

    /// A smooth odd function with slopes in −1 … 1.
    private static func bump(_ x: Float) -> Float { x / (1 + x * x) }

    private func grid(_ subject: Subject) -> RegularGrid {
        let spacing = 2 / Double(subject.counts.max() - 1)
        let origin = SIMD3<Double>(subject.counts &- 1) * (-0.5 * spacing)
        return RegularGrid(origin: origin, spacing: SIMD3(repeating: spacing), counts: subject.counts)
    }

    @Test(arguments: subjects, [true, false])
    func sparseEqualsDense(subject: Subject, knowsSlope: Bool) throws {
        let grid = grid(subject)
        let dense = try MarchingCubes.extract(grid: grid, values: grid.sample(subject.field))
        #expect(dense.triangles.count > 1000)
        var search = SparseSearchOptions()
        search.gradientBound = knowsSlope ? subject.slope : nil
        search.coarseCells = 16
        let asked = Atomic<Int>(0)
        let counting = CountingField(base: subject.field, count: { asked.wrappingAdd($0, ordering: .relaxed) })
        let sparse = try MarchingCubes.extract(from: counting, grid: grid, search: search)
        #expect(sparse.mesh == dense)
        #expect(sparse.queries == asked.load(ordering: .relaxed))
        #expect(sparse.denseNodes == grid.nodeCount)
        #expect(2 * sparse.queries < grid.nodeCount, "\(sparse.queries) of \(grid.nodeCount)")
    }

    @Test func threadsDoNotChangeTheMesh() throws {
        let grid = grid(Self.subjects[1])
        let expected = try MarchingCubes.extract(from: Self.subjects[1].field, grid: grid, threads: 1)
        for threads in [2, 4, 8] {
            let result = try MarchingCubes.extract(from: Self.subjects[1].field, grid: grid, threads: threads)
            #expect(result.mesh == expected.mesh)
            #expect(result.queries == expected.queries)
        }
    }

    @Test func flatAndTinyGridsAreSearchedToo() throws {
        for counts in [SIMD3(1, 1, 1), SIMD3(2, 2, 2), SIMD3(1, 40, 40), SIMD3(3, 200, 2), SIMD3(129, 2, 3)] {
            let grid = RegularGrid(
                origin: SIMD3(repeating: -0.4), spacing: SIMD3(repeating: 0.02), counts: counts)
            let field = AnalyticShape.sphere(center: .zero, radius: 0.55).field
            var search = SparseSearchOptions()
            search.gradientBound = 1
            search.coarseCells = 4
            let sparse = try MarchingCubes.extract(from: field, grid: grid, search: search)
            #expect(sparse.mesh == (try MarchingCubes.extract(grid: grid, values: grid.sample(field))), "\(counts)")
        }
    }

    @Test func seedFindsWhatTheCoarseCellsMiss() throws {
        let grid = grid(Self.subjects[0])
        let center = SIMD3<Float>(0.31, 0.27, -0.33)
        // An occupancy that is flat but for a ball smaller than a coarse cell.
        let field = ClosureField { point in (point - center).length < 0.06 ? 1 : 0 }
        var search = SparseSearchOptions()
        search.coarseCells = 8
        let blind = try MarchingCubes.extract(from: field, grid: grid, options: .occupancy, search: search)
        #expect(blind.mesh.isEmpty)
        search.seeds = [center, SIMD3(9, 9, 9), SIMD3(.nan, 0, 0)]
        let seeded = try MarchingCubes.extract(from: field, grid: grid, options: .occupancy, search: search)
        let dense = try MarchingCubes.extract(grid: grid, values: grid.sample(field), options: .occupancy)
        #expect(seeded.mesh == dense && !dense.isEmpty)
    }

    @Test func badOptionsNaNAndCancellationAreErrors() throws {
        let grid = grid(Self.subjects[0])
        var search = SparseSearchOptions()
        search.coarseCells = 0
        #expect(throws: ExtractionError.self) {
            try MarchingCubes.extract(from: Self.subjects[0].field, grid: grid, search: search)
        }
        #expect(throws: ExtractionError.notANumber(node: SIMD3(0, 0, 0))) {
            try MarchingCubes.extract(from: ClosureField { _ in .nan }, grid: grid)
        }
        #expect(throws: ExtractionError.cancelled) {
            try MarchingCubes.extract(from: Self.subjects[0].field, grid: grid, cancellation: { true })
        }
    }
}

/// Counts the points that pass through.
private struct CountingField: ScalarField {
    let base: ClosureField
    let count: @Sendable (Int) -> Void

    func evaluate(at points: UnsafeBufferPointer<SIMD3<Float>>, into values: UnsafeMutableBufferPointer<Float>) {
        count(points.count)
        base.evaluate(at: points, into: values)
    }
}
