// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import TestSupport
import Testing

@Suite struct CrossingRefinementTests {
    private static let grid = RegularGrid(
        origin: SIMD3(repeating: -1), spacing: SIMD3(repeating: 1.0 / 32), counts: SIMD3(repeating: 65))

    private static func radiusErrors(_ field: some ScalarField, rounds: Int) throws -> (worst: Double, queries: Int) {
        var search = SparseSearchOptions()
        search.gradientBound = 1e6
        search.crossingRounds = rounds
        let result = try MarchingCubes.extract(from: field, grid: grid, search: search)
        let report = try MeshReport(of: result.mesh)
        #expect(report.isClosed && report.isManifold && report.eulerCharacteristic == 2)
        let errors = result.mesh.positions.map { abs($0.length - 0.61) / grid.spacing.x }
        return (errors.max() ?? .infinity, result.queries)
    }

    /// The value rises like a cliff outside the ball: linear interpolation puts vertices half a cell off.
    @Test(arguments: [1.0, 30, 300])
    func verticesReachTheSurfaceOfACurvedField(steepness: Float) throws {
        let field = ClosureField { point in
            let distance = point.length - 0.61
            return distance < 0 ? distance : distance * (1 + steepness * steepness * distance)
        }
        let plain = try Self.radiusErrors(field, rounds: 0)
        let refined = try Self.radiusErrors(field, rounds: 6)
        // Six rounds halve the bracket at least five times.
        #expect(refined.worst < 1.0 / 32, "worst error \(refined.worst) cells")
        if steepness > 1 { #expect(plain.worst > 4 * refined.worst) }
        #expect(refined.queries > plain.queries)
    }

    @Test func refinedMeshesDoNotDependOnThreads() throws {
        let field = AnalyticShape.torus(major: 0.6, minor: 0.21).field
        var search = SparseSearchOptions()
        search.crossingRounds = 3
        let reference = try MarchingCubes.extract(from: field, grid: Self.grid, search: search, threads: 1).mesh
        for threads in [2, 4, 8] {
            let mesh = try MarchingCubes.extract(from: field, grid: Self.grid, search: search, threads: threads).mesh
            #expect(mesh == reference)
        }
    }

    @Test func tooManyRoundsAreRefused() {
        var search = SparseSearchOptions()
        search.crossingRounds = 17
        #expect(throws: (any Error).self) {
            try MarchingCubes.extract(
                from: AnalyticShape.sphere(center: .zero, radius: 0.5).field, grid: Self.grid, search: search)
        }
    }
}
