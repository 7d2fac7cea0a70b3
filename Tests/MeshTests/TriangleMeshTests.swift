// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import Testing

@Suite struct TriangleMeshTests {
    @Test func invariantsNameWhatIsWrong() throws {
        var mesh = MeshSamples.decorated
        try mesh.checkInvariants()
        mesh.triangles[2].y = 8
        #expect(throws: MeshInvariantError.indexOutOfRange(face: 2, index: 8, vertices: 8)) {
            try mesh.checkInvariants()
        }
        for bad in [Double.nan, .infinity, -.infinity] {
            mesh = MeshSamples.decorated
            mesh.positions[3].z = bad
            #expect(throws: MeshInvariantError.positionNotFinite(vertex: 3)) { try mesh.checkInvariants() }
        }
        mesh = MeshSamples.decorated
        mesh.colors?.removeLast()
        #expect(throws: MeshInvariantError.attributeCount(attribute: "colors", count: 7, vertices: 8)) {
            try mesh.checkInvariants()
        }
        mesh = MeshSamples.decorated
        mesh.normals = []
        #expect(throws: MeshInvariantError.attributeCount(attribute: "normals", count: 0, vertices: 8)) {
            try mesh.checkInvariants()
        }
    }

    @Test func invalidMeshIsNeitherExaminedNorWritten() {
        let mesh = TriangleMesh(positions: [.zero], triangles: [SIMD3(0, 0, 1)])
        let expected = MeshInvariantError.indexOutOfRange(face: 0, index: 1, vertices: 1)
        #expect(throws: expected) { try MeshReport(of: mesh) }
        #expect(throws: MeshFileError.invalidMesh(expected)) { try MeshFile.encode(mesh, as: .ply) }
    }

    @Test(arguments: [SIMD3<Double>.zero, SIMD3(4_500_000, 5_250_000, 128)])
    func boxHasExactVolumeAndArea(offset: SIMD3<Double>) {
        let mesh = MeshSamples.box(offset, offset + SIMD3(2, 3, 0.5))
        #expect(mesh.volume == 3)
        #expect(mesh.area == 17)
        #expect(mesh.bounds == Box(minimum: offset, maximum: offset + SIMD3(2, 3, 0.5)))
        #expect(mesh.flipped().volume == -3)
    }

    @Test func emptyMeshHasNoMeasures() {
        #expect(TriangleMesh().bounds == nil)
        #expect(TriangleMesh().volume == 0 && TriangleMesh().area == 0 && TriangleMesh().isEmpty)
    }

    @Test func transformScalesVolumeAndComesBack() {
        let map = UniformSimilarity(scale: 4, translation: SIMD3(10, -20, 0.5))
        let mesh = MeshSamples.decorated
        let moved = mesh.transformed(by: map)
        #expect(moved.volume == 64 * mesh.volume)
        #expect(moved.normals == mesh.normals && moved.triangles == mesh.triangles && moved.colors == mesh.colors)
        #expect(moved.positions[7] == SIMD3(16, -8, 16.5))
        #expect(moved.transformed(by: map.inverse) == mesh)
    }
}

@Suite struct MeshReportTests {
    @Test func boxIsReportedInFull() throws {
        let report = try MeshReport(of: MeshSamples.decorated)
        #expect(report.vertices == 8 && report.triangles == 12 && report.components == 1)
        #expect(report.minimum == [-1, 0.25, 2] && report.maximum == [1.5, 3, 4])
        #expect(report.volume == 13.75)
        #expect(report.isClosed && report.isManifold && report.isConsistentlyWound)
        #expect(report.eulerCharacteristic == 2 && report.genus == 0)
        #expect(report.hasNormals && report.hasColors)
    }

    @Test func volumeOfAnOpenMeshIsUnknown() throws {
        let report = try MeshReport(of: MeshSamples.square)
        #expect(report.volume == nil && report.genus == nil && report.area == 1)
        #expect(!report.hasNormals && !report.hasColors)
    }

    @Test func measuresThatOverflowAreUnknown() throws {
        let report = try MeshReport(of: MeshSamples.box(SIMD3(repeating: -1e200), SIMD3(repeating: 1e200)))
        #expect(report.area == nil && report.volume == nil && report.isClosed)
    }

    @Test func emptyMeshHasNoExtent() throws {
        let report = try MeshReport(of: TriangleMesh())
        #expect(report.minimum == nil && report.maximum == nil && report.volume == nil && !report.isClosed)
    }
}
