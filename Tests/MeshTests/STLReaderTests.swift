// SPDX-License-Identifier: Apache-2.0

import Mesh
import Testing

@Suite struct STLReaderTests {
    private static let facet = """
        facet normal 0 0 1
          outer loop
            vertex 0 0 0
            vertex 1 0 0
            vertex 0 1 0
          endloop
        endfacet

        """
    private static let text = "solid thing of mine\n\(facet)endsolid thing\n"

    private func read(_ text: String) throws -> TriangleMesh { try MeshFile.decode(Array(text.utf8), as: .stl) }

    @Test func textIsReadWhateverItsCaseAndLineEnds() throws {
        let expected = TriangleMesh(
            positions: [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0)], triangles: [SIMD3(0, 1, 2)])
        for text in [
            Self.text, Self.text.replacing("\n", with: "\r\n"), Self.text.uppercased(), "\u{FEFF}" + Self.text,
            String(Self.text.dropLast()), Self.text.replacing("normal 0 0 1", with: "normal nan nan nan"),
        ] {
            #expect(try read(text) == expected)
        }
    }

    @Test func severalSolidsBecomeOneMesh() throws {
        let mesh = try read(Self.text + Self.text.replacing("1 0 0", with: "0 0 1"))
        #expect(mesh.positions.count == 4)
        #expect(mesh.triangles == [SIMD3(0, 1, 2), SIMD3(0, 3, 2)])
    }

    @Test func binaryFileMayStartWithSolid() throws {
        var bytes = Array(try MeshFile.encode(MeshSamples.tetrahedron, as: .stl).joined())
        bytes.replaceSubrange(0..<6, with: Array("solid ".utf8))
        #expect(try MeshFile.decode(bytes, as: .stl).triangles.count == 4)
    }

    @Test(arguments: [
        ("endsolid thing\n", ""), ("endsolid thing\n", "endsol"), ("endsolid thing\n", "solid again\n"),
        ("solid thing of mine\n", ""), ("endfacet\n", ""), ("endloop\n", ""), ("vertex 0 1 0\n", ""),
        ("vertex 0 1 0", "vertex 0 1"), ("vertex 0 1 0", "vertex 0 1 nan"), ("vertex 0 1 0", "vertex 0 1 inf"),
        ("vertex 0 1 0", "vertex 0 1 0x1"), ("vertex 0 1 0", "vertex 0 1 0\nvertex 0 2 0"), ("outer", "inner"),
        ("normal 0 0 1", "normal 0 0"), ("endsolid thing\n", "endsolid thing\nfacet\n"),
    ])
    func brokenTextIsRefused(old: String, new: String) throws {
        #expect(Self.text.contains(old))
        #expect(throws: MeshFileError.self) { try read(Self.text.replacing(old, with: new)) }
    }

    @Test func binaryNumbersMustBeFinite() throws {
        let bytes = Array(try MeshFile.encode(MeshSamples.tetrahedron, as: .stl).joined())
        for bad in [Float.nan, .infinity, -.infinity] {
            var copy = bytes
            withUnsafeBytes(of: bad.bitPattern.littleEndian) { copy.replaceSubrange(100..<104, with: Array($0)) }
            #expect(throws: MeshFileError.malformed(.stl, .byte(100), "a coordinate is NaN or infinite.")) {
                try MeshFile.decode(copy, as: .stl)
            }
        }
    }
}
