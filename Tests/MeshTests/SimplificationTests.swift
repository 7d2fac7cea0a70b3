// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import Testing

@Suite struct SimplificationTests {
    private static func simplified(_ mesh: TriangleMesh, _ goal: SimplificationOptions.Goal) throws -> Simplification {
        try Simplification(of: mesh, options: SimplificationOptions(goal: goal))
    }

    @Test(arguments: [(0, 4000), (0, 500), (1, 3000), (1, 400)])
    func closedSurfacesStayClosed(handles: Int, faces: Int) throws {
        let mesh = handles == 0 ? MeshSamples.sphere(1, rings: 60) : MeshSamples.torus(1, 0.4, segments: 80)
        let result = try Self.simplified(mesh, .faces(faces))
        let report = try MeshReport(of: result.mesh)
        #expect(report.triangles <= faces && report.triangles > faces * 9 / 10, "\(report.triangles)")
        #expect(report.isClosed && report.isManifold && report.isConsistentlyWound && report.genus == handles)
        #expect(report.topology.unreferencedVertices == 0 && result.mesh.normals == nil)
        #expect(abs(result.mesh.volume / mesh.volume - 1) < 0.05)
        let originals = Set(mesh.positions)
        #expect(result.mesh.positions.allSatisfy { originals.contains($0) })
    }

    @Test(arguments: [0.05, 0.3, 1])
    func errorStaysBelowTheBound(percent: Double) throws {
        let mesh = MeshSamples.sphere(3, center: SIMD3(400, -200, 50), rings: 60)
        let result = try Self.simplified(mesh, .error(percentOfDiagonal: percent))
        #expect(result.mesh.triangles.count < mesh.triangles.count / 2)
        #expect(result.errorPercent <= percent)
        // The metric is a mean over planes; distances stay within a small multiple of it.
        let tree = TriangleTree(result.mesh)
        let diagonal = try #require(mesh.bounds?.diagonal)
        let worst = mesh.positions.reduce(0) { max($0, tree.nearest(to: $1)?.distance ?? .infinity) }
        #expect(worst < 3 * percent / 100 * diagonal, "\(100 * worst / diagonal) % for \(percent) %")
    }

    @Test func boundaryStays() throws {
        let plate = MeshSamples.plate(cells: 20)
        let result = try Self.simplified(plate, .error(percentOfDiagonal: 0.1)).mesh
        // All 80 vertices of the border, and a triangulation of them at most.
        #expect(result.triangles.count >= 78 && result.triangles.count < 200)
        let left = Set(result.positions)
        let border = plate.positions.filter { $0.x == 0 || $0.x == 1 || $0.y == 0 || $0.y == 1 }
        #expect(border.count == 80 && border.allSatisfy { left.contains($0) })
        #expect(abs(result.area - 1) < 1e-12)
        var free = SimplificationOptions(goal: .error(percentOfDiagonal: 0.1))
        free.keepsBoundary = false
        let freed = try Simplification(of: plate, options: free).mesh
        #expect(freed.triangles.count < 78 && abs(freed.area - 1) < 1e-6)
    }

    @Test func verticesKeepColorsAndExactPositions() throws {
        var mesh = MeshSamples.sphere(1, center: SIMD3(4_500_000.123, 5_250_000.456, 120), rings: 30)
        mesh.colors = mesh.positions.indices.map {
            SIMD4(UInt8($0 & 255), UInt8($0 >> 8 & 255), 7, 255)
        }
        mesh.normals = mesh.areaWeightedNormals()
        let result = try Self.simplified(mesh, .faces(600)).mesh
        try result.checkInvariants()
        let colors = try #require(result.colors)
        for (position, color) in zip(result.positions, colors) {
            let original = Int(color.x) | Int(color.y) << 8
            #expect(mesh.positions[original] == position)
        }
        #expect(result.normals == result.areaWeightedNormals())
    }

    @Test func smallEmptyAndBrokenMeshesAreHandled() throws {
        #expect(try Self.simplified(TriangleMesh(), .faces(4)).mesh == TriangleMesh())
        let tetrahedron = try Self.simplified(MeshSamples.tetrahedron, .faces(4)).mesh
        #expect(tetrahedron == MeshSamples.tetrahedron)
        #expect(try Self.simplified(MeshSamples.square, .faces(100)).mesh == MeshSamples.square)
        let broken = TriangleMesh(positions: [.zero], triangles: [SIMD3(0, 1, 2)])
        #expect(throws: SimplificationError.self) { try Self.simplified(broken, .faces(4)) }
        for goal in [
            SimplificationOptions.Goal.faces(3), .error(percentOfDiagonal: 0), .error(percentOfDiagonal: .nan),
        ] {
            #expect(throws: SimplificationError.self) { try Self.simplified(MeshSamples.square, goal) }
        }
    }
}
