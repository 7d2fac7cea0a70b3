// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import Testing

/// Counts on meshes counted by hand.
@Suite struct MeshTopologyTests {
    @Test func tetrahedronIsASphere() throws {
        let topology = try MeshTopology(of: MeshSamples.tetrahedron)
        #expect(topology.vertices == 4 && topology.edges == 6 && topology.faces == 4)
        #expect(topology.isClosed && topology.isManifold && topology.isConsistentlyWound)
        #expect(topology.eulerCharacteristic == 2 && topology.genus == 0 && topology.components == 1)
    }

    @Test func tetrahedraThatShareAVertexAreNotManifoldThere() throws {
        var mesh = MeshSamples.together(MeshSamples.tetrahedron, MeshSamples.tetrahedron)
        mesh.triangles = mesh.triangles.map { $0.replacing(with: 0, where: $0 .== 4) }
        let topology = try MeshTopology(of: mesh)
        #expect(topology.vertices == 7 && topology.unreferencedVertices == 1 && topology.edges == 12)
        #expect(topology.nonManifoldVertices == 1 && topology.nonManifoldEdges == 0)
        #expect(topology.isClosed && !topology.isManifold && topology.isConsistentlyWound)
        #expect(topology.components == 1 && topology.genus == nil)
    }

    @Test func tetrahedraThatShareAnEdgeAreNotManifoldThere() throws {
        var mesh = MeshSamples.together(MeshSamples.tetrahedron, MeshSamples.tetrahedron)
        mesh.triangles = mesh.triangles.map {
            $0.replacing(with: 0, where: $0 .== 4).replacing(with: 1, where: $0 .== 5)
        }
        let topology = try MeshTopology(of: mesh)
        #expect(topology.vertices == 6 && topology.edges == 11 && topology.faces == 8)
        #expect(topology.nonManifoldEdges == 1 && topology.boundaryEdges == 0)
        #expect(topology.isClosed && !topology.isManifold && !topology.isConsistentlyWound)
        #expect(topology.genus == nil)
    }

    @Test func openSquareHasFourBoundaryEdges() throws {
        let topology = try MeshTopology(of: MeshSamples.square)
        #expect(topology.boundaryEdges == 4 && topology.edges == 5)
        #expect(!topology.isClosed && topology.isManifold && topology.isConsistentlyWound)
        #expect(topology.eulerCharacteristic == 1 && topology.genus == nil)
    }

    @Test func moebiusStripCannotBeWoundConsistently() throws {
        let topology = try MeshTopology(of: MeshSamples.moebius)
        #expect(topology.vertices == 5 && topology.edges == 10 && topology.eulerCharacteristic == 0)
        #expect(topology.boundaryEdges == 5 && topology.misorientedEdges == 1)
        #expect(topology.isManifold && !topology.isConsistentlyWound && !topology.isClosed)
    }

    @Test func oneFlippedFaceHasThreeMisorientedEdges() throws {
        var mesh = MeshSamples.tetrahedron
        mesh.triangles[3] = SIMD3(1, 3, 2)
        let topology = try MeshTopology(of: mesh)
        #expect(topology.misorientedEdges == 3)
        #expect(topology.isClosed && topology.isManifold && !topology.isConsistentlyWound)
        #expect(topology.genus == nil)
    }

    @Test func repeatedFaceMakesItsEdgesNonManifold() throws {
        var mesh = MeshSamples.tetrahedron
        mesh.triangles.append(mesh.triangles[0])
        let topology = try MeshTopology(of: mesh)
        #expect(topology.faces == 5 && topology.edges == 6 && topology.nonManifoldEdges == 3)
    }

    @Test func degenerateFacesAreCountedApart() throws {
        var mesh = MeshSamples.tetrahedron
        mesh.positions += [SIMD3(2, 0, 0), SIMD3(3, 0, 0), SIMD3(4, 0, 0), SIMD3(9, 9, 9)]
        mesh.triangles += [SIMD3(1, 1, 2), SIMD3(4, 5, 6)]
        let topology = try MeshTopology(of: mesh)
        #expect(topology.collapsedFaces == 1 && topology.zeroAreaFaces == 1 && topology.faces == 5)
        #expect(topology.unreferencedVertices == 1 && topology.components == 2 && topology.boundaryEdges == 3)
    }

    @Test func emptyMeshIsNotClosed() throws {
        let topology = try MeshTopology(of: TriangleMesh())
        #expect(!topology.isClosed && topology.isManifold && topology.components == 0)
        #expect(topology.eulerCharacteristic == 0)
    }

    /// Seven vertices, all pairs joined: Möbius' and Császár's torus.
    @Test func sevenVertexTorusHasOneHandle() throws {
        let positions = MeshSamples.momentCurve(7)
        let triangles = (0..<7).flatMap { (index: UInt32) -> [SIMD3<UInt32>] in
            let (a, b, c, d) = (index, (index + 1) % 7, (index + 2) % 7, (index + 3) % 7)
            return [SIMD3(a, b, d), SIMD3(a, d, c)]
        }
        let topology = try MeshTopology(of: TriangleMesh(positions: positions, triangles: triangles))
        #expect(topology.vertices == 7 && topology.edges == 21 && topology.faces == 14)
        #expect(topology.isClosed && topology.isManifold && topology.isConsistentlyWound)
        #expect(topology.genus == 1)
    }

    @Test func countsDoNotDependOnTheOrderOfFaces() throws {
        var mesh = MeshSamples.together(MeshSamples.box(.zero, SIMD3(1, 2, 3)), MeshSamples.moebius)
        let expected = try MeshTopology(of: mesh)
        for seed in 0..<20 {
            var random = RandomStream(seed: UInt64(seed), label: "order")
            mesh.triangles.shuffle(using: &random)
            mesh.triangles = mesh.triangles.map { random.index(below: 2) == 0 ? $0 : SIMD3<UInt32>($0.y, $0.z, $0.x) }
            #expect(try MeshTopology(of: mesh) == expected, "seed \(seed)")
        }
    }
}
