// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import Testing

/// What is written is read back.
@Suite struct FormatRoundTripTests {
    static let subjects = [
        MeshSamples.tetrahedron, MeshSamples.decorated, MeshSamples.faraway, MeshSamples.square,
        MeshSamples.together(MeshSamples.box(SIMD3(repeating: -1e-30), SIMD3(repeating: 1e-30)), MeshSamples.moebius),
        MeshSamples.box(SIMD3(repeating: -1e300), SIMD3(repeating: 1e300)),
        TriangleMesh(positions: [SIMD3(1, 2, 3)]), TriangleMesh(),
    ]

    @Test(arguments: subjects, [MeshFileEncoding.binary, .text])
    func plyKeepsEverything(mesh: TriangleMesh, encoding: MeshFileEncoding) throws {
        expectEqual(try MeshFile.decode(bytes(mesh, .ply, encoding), as: .ply), mesh)
    }

    @Test(arguments: subjects)
    func objKeepsEverythingButTransparencyAndConfidences(mesh: TriangleMesh) throws {
        var expected = mesh
        expected.confidences = nil
        expectEqual(try MeshFile.decode(bytes(mesh, .obj, .text), as: .obj), expected)
    }

    /// STL has neither shared vertices nor attributes, and numbers vertices by their first face.
    @Test(arguments: [MeshFileEncoding.binary, .text])
    func stlKeepsFacesAndShape(encoding: MeshFileEncoding) throws {
        let mesh = MeshSamples.decorated
        let read = try MeshFile.decode(bytes(mesh, .stl, encoding), as: .stl)
        #expect(read.positions.count == 8 && read.normals == nil && read.colors == nil)
        #expect(corners(read) == corners(mesh))
        #expect(read.volume == mesh.volume)
        #expect(try MeshTopology(of: read).isClosed)
    }

    @Test(arguments: [MeshFileEncoding.binary, .text])
    func stlOfNothingIsRead(encoding: MeshFileEncoding) throws {
        #expect(try MeshFile.decode(bytes(TriangleMesh(), .stl, encoding), as: .stl) == TriangleMesh())
    }

    @Test(arguments: [MeshFileEncoding.binary, .text])
    func stlBeyondTheRangeOfFloatIsStillValid(encoding: MeshFileEncoding) throws {
        let mesh = MeshSamples.box(SIMD3(repeating: -1e300), SIMD3(repeating: 1e300))
        let read = try MeshFile.decode(bytes(mesh, .stl, encoding), as: .stl)
        #expect(read.bounds.map { SIMD3<Float>($0.maximum) } == SIMD3(repeating: Float.greatestFiniteMagnitude))
    }

    @Test func coordinatesAreDoubleOnlyWhereFloatLosesTooMuch() throws {
        let near = MeshSamples.box(SIMD3(99, 0, 0), SIMD3(100, 1, 1))
        let far = MeshSamples.box(SIMD3(100, 0, 0), SIMD3(101, 1, 1))
        // Float cannot tell the corners of the small box apart, although the whole is not far from the origin.
        let fine = MeshSamples.together(
            MeshSamples.box(.zero, SIMD3(1, 1, 1)), MeshSamples.box(SIMD3(1, 1, 1), SIMD3(repeating: 1 + 1e-9)))
        #expect(!near.needsDoublePositions && far.needsDoublePositions && fine.needsDoublePositions)
        for (mesh, type) in [(near, "float"), (far, "double"), (fine, "double")] {
            let text = String(decoding: try bytes(mesh, .ply, .text), as: UTF8.self)
            #expect(text.contains("property \(type) x\n"))
        }
    }

    @Test func sameMeshGivesTheSameBytes() throws {
        for format in MeshFileFormat.allCases {
            let first = try bytes(MeshSamples.decorated, format, .binary)
            #expect(try bytes(MeshSamples.decorated, format, .binary) == first, "\(format)")
        }
    }

    @Test func formatFollowsTheExtension() throws {
        #expect(try MeshFileFormat(path: "a/b.c/mesh.PLY") == .ply)
        #expect(try MeshFileFormat(path: "x.tar.glb") == .glb)
        for name in ["mesh", "a.ply/mesh", "mesh.", ".", "", "mesh.3ds"] {
            #expect(throws: MeshFileError.unknownFormat(name: name)) { try MeshFileFormat(path: name) }
        }
        #expect(throws: MeshFileError.notReadable(.glb)) { try MeshFile.decode([], as: .glb) }
        #expect(throws: MeshFileError.noTextForm(.glb)) { try bytes(MeshSamples.square, .glb, .text) }
        #expect(throws: MeshFileError.self) { try MeshFile.read("/nonexistent/mesh.ply") }
    }

    /// Positions are compared with the precision that the writer chose, everything else bit by bit.
    private func expectEqual(_ read: TriangleMesh, _ mesh: TriangleMesh) {
        if mesh.needsDoublePositions {
            #expect(read.positions == mesh.positions)
        } else {
            #expect(read.positions.map { SIMD3<Float>($0) } == mesh.positions.map { SIMD3<Float>($0) })
        }
        #expect(read.triangles == mesh.triangles && read.normals == mesh.normals && read.colors == mesh.colors)
    }

    private func bytes(
        _ mesh: TriangleMesh, _ format: MeshFileFormat, _ encoding: MeshFileEncoding
    ) throws -> [UInt8] {
        Array(try MeshFile.encode(mesh, as: format, encoding: encoding).joined())
    }

    private func corners(_ mesh: TriangleMesh) -> [[SIMD3<Double>]] {
        mesh.triangles.indices.map { index in
            let (a, b, c) = mesh.corners(of: index)
            return [a, b, c]
        }
    }
}
