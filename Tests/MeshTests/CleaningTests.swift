// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import Testing

@Suite struct CleaningTests {
    private static let small = MeshSamples.box(SIMD3(5, 5, 5), SIMD3(6, 6, 6))
    private static let large = MeshSamples.box(.zero, SIMD3(2, 2, 2))
    /// A hollow in the large box.
    private static let cavity = MeshSamples.box(SIMD3(0.5, 0.5, 0.5), SIMD3(1, 1, 1)).flipped()

    @Test func componentsAreDescribedInOrder() {
        let mesh = MeshSamples.together(Self.small, Self.large, Self.cavity)
        let components = ConnectedComponents(of: mesh)
        let summaries = components.summaries(of: mesh)
        #expect(components.count == 3)
        #expect(summaries.map(\.volume) == [1, 8, -0.125])
        #expect(summaries.map(\.area) == [6, 24, 1.5])
        #expect(summaries.map(\.faces) == [12, 12, 12])
        #expect(summaries.map(\.bounds) == [Self.small, Self.large, Self.cavity].map(\.bounds))
        #expect(summaries.map(\.vertices) == [Array(0..<8), Array(8..<16), Array(16..<24)])
        #expect(components.componentOfFace == (0..<36).map { $0 / 12 })
    }

    @Test func vertexWithoutFaceBelongsToNoComponent() {
        var mesh = Self.small
        mesh.positions.append(.zero)
        let components = ConnectedComponents(of: mesh)
        #expect(components.count == 1 && components.componentOfVertex.last == .some(nil))
        #expect(mesh.removingUnreferencedVertices() == Self.small)
    }

    @Test func smallComponentsAndCavitiesAreFiltered() {
        let mesh = MeshSamples.together(Self.small, Self.large, Self.cavity)
        #expect(mesh.keepingComponents(minimumVolume: 0.1) == mesh)
        #expect(mesh.keepingComponents(minimumVolume: 1) == MeshSamples.together(Self.small, Self.large))
        #expect(mesh.keepingComponents(minimumVolume: 1.5) == Self.large)
        #expect(mesh.keepingComponents(minimumVolume: 9) == TriangleMesh())
        #expect(mesh.keepingComponents { $0.volume > 0 && $0.bounds.minimum.x > 1 } == Self.small)
        #expect(mesh.keepingComponents(touching: { $0 == SIMD3(2, 2, 2) }) == Self.large)
    }

    @Test func filteringKeepsAttributesWithTheirVertices() throws {
        var mesh = MeshSamples.together(Self.small, Self.large)
        mesh.colors = (0..<16).map { SIMD4(repeating: UInt8($0)) }
        mesh.normals = (0..<16).map { SIMD3(Float($0), 0, 0) }
        let kept = mesh.keepingComponents(minimumVolume: 2)
        try kept.checkInvariants()
        #expect(kept.colors == (8..<16).map { SIMD4(repeating: UInt8($0)) })
        #expect(kept.normals == (8..<16).map { SIMD3(Float($0), 0, 0) })
    }

    @Test func meshInsideOutIsTurnedOnce() {
        let mesh = MeshSamples.decorated
        #expect(mesh.orientedOutward() == mesh)
        #expect(mesh.flipped().orientedOutward() == mesh)
        let hollow = MeshSamples.together(Self.large, Self.cavity)
        #expect(hollow.orientedOutward() == hollow)
        #expect(hollow.flipped().orientedOutward() == hollow)
    }

    @Test func weldingRestoresABoxFromLooseTriangles() throws {
        let loose = TriangleMesh(
            positions: Self.large.triangles.indices.flatMap { index in
                let (a, b, c) = Self.large.corners(of: index)
                return [a, b, c]
            },
            triangles: (0..<UInt32(12)).map { SIMD3(3 * $0, 3 * $0 + 1, 3 * $0 + 2) })
        #expect(try MeshTopology(of: loose).components == 12)
        let welded = loose.weldingEqualPositions()
        let topology = try MeshTopology(of: welded)
        #expect(topology.vertices == 8 && topology.isClosed && topology.isManifold && topology.isConsistentlyWound)
        #expect(welded.volume == 8)
        #expect(welded.weldingEqualPositions() == welded)
    }

    @Test func weldingDropsCollapsedFacesAndJoinsBothZeros() {
        let mesh = TriangleMesh(
            positions: [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(-0.0, 0, -0.0), SIMD3(2, 2, 2)],
            triangles: [SIMD3(3, 1, 2), SIMD3(0, 3, 4)],
            colors: (0..<5).map { SIMD4(repeating: UInt8($0)) })
        let welded = mesh.weldingEqualPositions()
        #expect(welded.triangles == [SIMD3(0, 1, 2)])
        #expect(welded.positions == [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0)])
        #expect(welded.colors?.map(\.x) == [0, 1, 2])
    }

    @Test func vertexNormalsAreWeightedByArea() {
        // At the corner (0, 0, 0) of a box, faces x = 0, y = 0, z = 0 weigh as much as the triangles that meet there.
        let mesh = MeshSamples.box(.zero, SIMD3(1, 1, 1))
        for (position, normal) in zip(mesh.positions, mesh.areaWeightedNormals()) {
            let outward = SIMD3<Float>(position - SIMD3(repeating: 0.5))
            #expect(abs(normal.length - 1) < 1e-6)
            #expect(normal.x * outward.x > 0 && normal.y * outward.y > 0 && normal.z * outward.z > 0)
        }
        #expect(MeshSamples.square.areaWeightedNormals() == [SIMD3<Float>](repeating: SIMD3(0, 0, 1), count: 4))
        let doubled = TriangleMesh(
            positions: MeshSamples.square.positions + [SIMD3(9, 9, 9)],
            triangles: [SIMD3(0, 1, 2), SIMD3(0, 2, 1)])
        #expect(doubled.areaWeightedNormals() == [SIMD3<Float>](repeating: .zero, count: 5))
    }

    @Test func disjointSetsKeepTheSmallestElementAsRoot() {
        var sets = DisjointSets(count: 6)
        sets.join(5, 4)
        sets.join(4, 2)
        sets.join(1, 3)
        #expect((0..<6).map { sets.root(of: $0) } == [0, 1, 2, 1, 2, 2])
    }
}
