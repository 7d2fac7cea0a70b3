// SPDX-License-Identifier: Apache-2.0

import Mesh
import Testing

@Suite struct OBJReaderTests {
    private static let vertices = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n"

    private func read(_ text: String) throws -> TriangleMesh { try MeshFile.decode(Array(text.utf8), as: .obj) }

    @Test(arguments: [
        "f 1 2 3\nf 1 3 4\n", "f 1 2 3 4\n", "f -4 -3 -2 -1\n", "f 1/1 2/2 3/3 4/4\n", "f 1//1 2//9 3//9 4//9\n",
        "f 1/1/1 2/2/2 3/7/7 4//7\n", "f 1 2 \\\n 3 4\n", "g a\no b\nusemtl c\ns 1\nf 1 2 3 4 # a square\nl 1 2\n",
        "\r\nf 1 2 3 4\r\n\r\n", "f +1 2 3 4",
    ])
    func faceIsReadHoweverItIsWritten(faces: String) throws {
        #expect(try read(Self.vertices + faces) == MeshSamples.square)
        #expect(try read((Self.vertices + faces).replacing("\n", with: "\r\n")) == MeshSamples.square)
    }

    @Test func facesMayNameLaterVertices() throws {
        #expect(try read("f 1 2 3 4\n" + Self.vertices) == MeshSamples.square)
    }

    @Test func negativeIndicesCountFromTheFace() throws {
        let mesh = try read("v 0 0 0\nv 1 0 0\nv 1 1 0\nf -3 -2 -1\nv 0 1 0\nf -4 -2 -1\n")
        #expect(mesh == MeshSamples.square)
    }

    @Test func normalsAreKeptWhenTheyBelongToVertices() throws {
        let normals = "vn 0 0 1\nvn 0 0 1\nvn 0 1 0\nvn 1 0 0\n"
        let mesh = try read(Self.vertices + normals + "f 1//1 2//2 3//3 4//4\n")
        #expect(mesh.normals == [SIMD3(0, 0, 1), SIMD3(0, 0, 1), SIMD3(0, 1, 0), SIMD3(1, 0, 0)])
        #expect(try read(Self.vertices + normals + "f 1//1 2//1 3//3 4//4\n").normals == nil)
    }

    @Test func colorsFollowTheCoordinates() throws {
        let mesh = try read("v 0 0 0 1 0.2 0\nv 1 0 0 9 -1 0\nv 1 1 0 1 1 1 1\nf 1 2 3\n")
        #expect(mesh.colors == [SIMD4(255, 51, 0, 255), SIMD4(255, 0, 0, 255), SIMD4(255, 255, 255, 255)])
        #expect(try read("v 0 0 0 1 0.2 0\nv 1 0 0\nv 1 1 0\nf 1 2 3\n").colors == nil)
    }

    @Test(arguments: [
        "f 1 2 5\n", "f 1 2 -5\n", "f 0 1 2\n", "f 1 2\n", "f\n", "f 1 2 3.5\n", "f a b c\n", "f 1/2/3/4 2 3\n",
        "f / 2 3\n", "f 1 2 4294967297\n", "f 1 2 99999999999999999999\n", "f 1 2 -9223372036854775808\n", "v 1 2\n",
        "v 1 2 nan\n", "v 1 2 inf\n", "v 1 2 1e400\n", "v 1 2 0x10\n", "v 1 2 3 4 5 6 7 8 9\n", "vn 1 2\n",
        "what 1 2 3\n",
        "f 1//0 2 3\n", "solid\n", "\u{0}\u{1}\u{2}x\n", "v\u{FFFD} 1 2 3\n",
    ])
    func brokenStatementIsRefused(statement: String) throws {
        let error = #expect(throws: MeshFileError.self) { try read(Self.vertices + statement) }
        #expect(error?.description.hasPrefix("not a valid OBJ file: line 5") == true, "\(String(describing: error))")
    }
}
