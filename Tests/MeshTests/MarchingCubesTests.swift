// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import TestSupport
import Testing

@Suite struct MarchingCubesTests {
    /// A shape, its largest curvature's radius, and cells along the side of the cube −1 … 1.
    static let shapes: [(shape: AnalyticShape, radius: Double, cells: Int)] = [
        (.sphere(center: SIMD3(0.03, -0.02, 0.01), radius: 0.7), 0.7, 32),
        (.torus(major: 0.6, minor: 0.25), 0.25, 48),
    ]

    private func grid(_ cells: Int) -> RegularGrid {
        RegularGrid(
            covering: Box(minimum: SIMD3(repeating: -1), maximum: SIMD3(repeating: 1)), cells: cells)
    }

    @Test(arguments: shapes)
    func analyticShapeIsClosedAccurateAndOfTheRightKind(
        shape: AnalyticShape, radius: Double, cells: Int
    ) throws {
        let grid = grid(cells)
        let mesh = try MarchingCubes.extract(grid: grid, values: grid.sample(shape.field))
        let topology = try MeshTopology(of: mesh)
        #expect(topology.isClosed && topology.isManifold && topology.isConsistentlyWound, "\(topology)")
        #expect(topology.eulerCharacteristic == shape.eulerCharacteristic)
        #expect(topology.components == 1)
        #expect(topology.zeroAreaFaces == 0 && topology.unreferencedVertices == 0)
        let worst = mesh.positions.map { abs(Double(shape.signedDistance(SIMD3<Float>($0)))) }.max() ?? .infinity
        #expect(worst <= 0.1 * grid.spacing.x, "worst vertex is \(worst / grid.spacing.x) cells off")
        // A chord of length √3 h sinks at most 3 h² / 8 r below a surface of radius r.
        let sagitta = 3 * grid.spacing.x * grid.spacing.x / (8 * radius)
        #expect(mesh.volume > 0)
        #expect(abs(mesh.volume - shape.volume) <= mesh.area * sagitta, "\(mesh.volume) for \(shape.volume)")
    }

    @Test func insideAboveGivesTheSameSurfaceAsInsideBelow() throws {
        let grid = grid(20)
        let below = grid.sample(AnalyticShape.torus(major: 0.6, minor: 0.25).field)
        let expected = try MarchingCubes.extract(grid: grid, values: below)
        let above = try MarchingCubes.extract(
            grid: grid, values: below.map { -$0 }, options: IsoSurfaceOptions(isoLevel: 0, inside: .above))
        #expect(above == expected)
    }

    @Test func surfaceThatLeavesTheGridIsCapped() throws {
        let grid = grid(16)
        let shape = AnalyticShape.sphere(center: SIMD3(0.9, 0.9, 0.9), radius: 0.8)
        let mesh = try MarchingCubes.extract(grid: grid, values: grid.sample(shape.field))
        let topology = try MeshTopology(of: mesh)
        #expect(topology.isClosed && topology.isManifold && topology.isConsistentlyWound)
        #expect(topology.eulerCharacteristic == 2)
        let bounds = try #require(mesh.bounds)
        #expect(abs(bounds.maximum.x - 1) <= 1.001 * grid.spacing.x / 1024)
    }

    @Test func oneInsideNodeAndAllInsideNodesAreClosed() throws {
        for counts in [SIMD3(1, 1, 1), SIMD3(1, 3, 2), SIMD3(64, 1, 1), SIMD3(63, 2, 2), SIMD3(65, 2, 1)] {
            let grid = RegularGrid(origin: .zero, spacing: SIMD3(repeating: 1), counts: counts)
            let values = [Float](repeating: -1, count: grid.nodeCount)
            let topology = try MeshTopology(of: MarchingCubes.extract(grid: grid, values: values))
            #expect(topology.isClosed && topology.isManifold && topology.isConsistentlyWound, "\(counts)")
            #expect(topology.eulerCharacteristic == 2, "\(counts)")
        }
    }

    @Test func nothingInsideGivesAnEmptyMesh() throws {
        let grid = grid(5)
        // A value equal to the iso-level is outside.
        let mesh = try MarchingCubes.extract(grid: grid, values: [Float](repeating: 0, count: grid.nodeCount))
        #expect(mesh == TriangleMesh())
    }

    @Test func infiniteValuesAreOrdinaryAndNaNIsNamed() throws {
        let grid = RegularGrid(origin: .zero, spacing: SIMD3(1, 2, 3), counts: SIMD3(5, 4, 3))
        var values = [Float](repeating: .infinity, count: grid.nodeCount)
        values[26] = -.infinity
        let mesh = try MarchingCubes.extract(grid: grid, values: values)
        try mesh.checkInvariants()
        #expect(try MeshTopology(of: mesh).eulerCharacteristic == 2)
        values[2 + 5 * (3 + 4 * 1)] = .nan
        values[59] = .nan
        #expect(throws: ExtractionError.notANumber(node: SIMD3(2, 3, 1))) {
            try MarchingCubes.extract(grid: grid, values: values, threads: 3)
        }
    }

    @Test func isoLevelThatIsNoNumberIsRefused() throws {
        let grid = grid(2)
        let values = [Float](repeating: 0, count: grid.nodeCount)
        for level in [Float.nan, .infinity] {
            #expect(throws: ExtractionError.self) {
                try MarchingCubes.extract(grid: grid, values: values, options: IsoSurfaceOptions(isoLevel: level))
            }
        }
    }

    @Test func threadsDoNotChangeTheMesh() throws {
        let grid = RegularGrid(origin: .zero, spacing: SIMD3(repeating: 1), counts: SIMD3(70, 33, 20))
        var random = RandomStream(seed: 3, label: "threads")
        let values = (0..<grid.nodeCount).map { _ in random.uniform(in: -1..<1) }
        let expected = try MarchingCubes.extract(grid: grid, values: values, threads: 1)
        #expect(expected.triangles.count > 10_000)
        for threads in [2, 4, 8] {
            #expect(try MarchingCubes.extract(grid: grid, values: values, threads: threads) == expected)
        }
    }
}
