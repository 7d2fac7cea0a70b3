// SPDX-License-Identifier: Apache-2.0

import Mesh
import Testing

@Suite struct PLYReaderTests {
    private static let triangle = """
        ply
        format ascii 1.0
        comment a triangle and a square
        element vertex 4
        property float x
        property float y
        property float z
        element face 2
        property list uchar int vertex_indices
        end_header
        0 0 0
        1 0 0
        1 1 0
        0 1 0
        3 0 1 2
        4 0 1 2 3

        """

    private func read(_ text: String) throws -> TriangleMesh { try MeshFile.decode(Array(text.utf8), as: .ply) }

    private func replaced(_ old: String, _ new: String) throws -> TriangleMesh {
        #expect(Self.triangle.contains(old), "\(old)")
        return try read(Self.triangle.replacing(old, with: new))
    }

    @Test func polygonsBecomeFans() throws {
        let mesh = try read(Self.triangle)
        #expect(mesh.positions == MeshSamples.square.positions)
        #expect(mesh.triangles == [SIMD3(0, 1, 2), SIMD3(0, 1, 2), SIMD3(0, 2, 3)])
    }

    @Test func lineEndsMarksAndBlanksDoNotMatter() throws {
        let expected = try read(Self.triangle)
        let windows = Self.triangle.replacing("\n", with: "\r\n")
        for text in [windows, "\u{FEFF}" + Self.triangle, Self.triangle + "\n \n", String(Self.triangle.dropLast())] {
            #expect(try read(text) == expected)
        }
        #expect(try replaced("0 0 0\n1 0 0", "0\t0  0 1 0\n0") == expected)
        #expect(try replaced("vertex_indices", "vertex_index") == expected)
        #expect(try replaced("float x", "float64 x") == expected)
    }

    @Test func unknownElementsAndPropertiesArePassedOver() throws {
        let strange = "element strange 1\nproperty short a\nproperty list uint int b\nproperty float c\n"
        let text = Self.triangle
            .replacing("property float z\n", with: "property float z\nproperty list char double spare\n")
            .replacing("element face", with: strange + "element nothing 5\nelement face")
            .replacing(
                "0 0 0\n1 0 0\n1 1 0\n0 1 0\n", with: "0 0 0 2 7 8\n1 0 0 0\n1 1 0 1 5\n0 1 0 0\n9 3 1 2 -3 0.5\n")
        #expect(try read(text) == read(Self.triangle))
    }

    @Test func facesMayStandBeforeVertices() throws {
        let text = """
            ply
            format ascii 1.0
            element face 1
            property list uchar uint vertex_indices
            element vertex 3
            property float x
            property float y
            property float z
            end_header
            3 2 1 0
            0 0 0
            1 0 0
            0 1 0
            """
        #expect(try read(text).triangles == [SIMD3(2, 1, 0)])
        #expect(throws: MeshFileError.self) { try read(text.replacing("3 2 1 0", with: "3 2 1 3")) }
    }

    @Test func colorsOfAnyTypeBecomeBytes() throws {
        for (type, full, half) in [("uchar", "255", "51"), ("float", "1", "0.2"), ("ushort", "65535", "13107")] {
            let properties = ["red", "green", "blue"].map { "property \(type) \($0)\n" }.joined()
            let rows = ["0 0 0", "1 0 0", "1 1 0", "0 1 0"].map { "\($0) \(full) \(half) 0\n" }.joined()
            let text = Self.triangle.replacing("property float z\n", with: "property float z\n" + properties)
                .replacing("0 0 0\n1 0 0\n1 1 0\n0 1 0\n", with: rows)
            #expect(try read(text).colors == [SIMD4<UInt8>](repeating: SIMD4(255, 51, 0, 255), count: 4), "\(type)")
        }
    }

    @Test func undefinedNormalsBecomeZero() throws {
        let properties = ["z", "nx", "ny", "nz"].map { "property float \($0)\n" }.joined()
        let rows = "0 0 0 nan -nan NaN\n1 0 0 0 0 1\n1 1 0 0 0 1\n0 1 0 1 0 0\n"
        let text = Self.triangle.replacing("property float z\n", with: properties)
            .replacing("0 0 0\n1 0 0\n1 1 0\n0 1 0\n", with: rows)
        #expect(try read(text).normals == [.zero, SIMD3(0, 0, 1), SIMD3(0, 0, 1), SIMD3(1, 0, 0)])
    }

    @Test func bigEndianIsRead() throws {
        let body = try #require(Self.triangle.firstRange(of: "0 0 0\n"))
        let header = Self.triangle[..<body.lowerBound]
            .replacing("ascii", with: "binary_big_endian").replacing("uchar int", with: "ushort short")
            .replacing("property float z", with: "property double z")
        var bytes = Array(header.utf8)
        func put(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.bigEndian) { bytes += $0 } }
        for position in MeshSamples.square.positions {
            put(Float(position.x).bitPattern)
            put(Float(position.y).bitPattern)
            put(position.z.bitPattern)
        }
        for face: [Int16] in [[0, 1, 2], [0, 1, 2, 3]] {
            put(UInt16(face.count))
            for index in face { put(index) }
        }
        #expect(try MeshFile.decode(bytes, as: .ply) == read(Self.triangle))
        // The last index of the square, −1.
        bytes.replaceSubrange((bytes.count - 2)..., with: [0xFF, 0xFF])
        #expect(throws: MeshFileError.self) { try MeshFile.decode(bytes, as: .ply) }
    }

    @Test(arguments: [
        ("ply\n", "plx\n"), ("ascii 1.0", "ascii 2.0"), ("ascii", "utf8"), ("element vertex 4\n", ""),
        ("element vertex 4", "element vertex -4"), ("element vertex 4", "element vertex 4.0"),
        ("element vertex 4", "element vertex"), ("element vertex 4", "element vertex 5"),
        ("element vertex 4", "element vertex 3"), ("element face 2", "element face 3"),
        ("element face 2", "element face 1"), ("element face 2", "element vertex 2"),
        ("property float y\n", ""), ("property float y", "property float x"), ("property float y", "property quad y"),
        ("property float y", "property"), ("list uchar int", "list float int"), ("list uchar int", "list uchar"),
        ("list uchar int vertex_indices", "int vertex_indices"), ("vertex_indices", "corners"),
        ("end_header\n", ""), ("0 1 0\n", "0 nan 0\n"), ("0 1 0\n", "0 inf 0\n"), ("0 1 0\n", "0 1e400 0\n"),
        ("0 1 0\n", "0 0x1 0\n"), ("0 1 0\n", "0 one 0\n"), ("3 0 1 2\n", "3 0 1 4\n"), ("3 0 1 2\n", "3 0 1 -1\n"),
        ("3 0 1 2\n", "3 0 1 1.5\n"), ("3 0 1 2\n", "2 0 1\n"), ("3 0 1 2\n", "-3 0 1 2\n"),
        ("3 0 1 2\n", "4294967296 0 1 2\n"), ("4 0 1 2 3\n", "4 0 1 2 3 4\n"),
        ("element face 2\n", "element tristrips 2\n"),
    ])
    func brokenFileIsRefused(old: String, new: String) throws {
        let error = #expect(throws: MeshFileError.self) { try replaced(old, new) }
        #expect(error?.description.hasPrefix("not a valid PLY file") == true, "\(String(describing: error))")
    }

    @Test func errorNamesTheLine() throws {
        #expect(throws: MeshFileError.malformed(.ply, .line(16), "a face names vertex 9, but there are 4.")) {
            try replaced("4 0 1 2 3", "4 0 1 2 9")
        }
    }

    /// Each element line is compared with those before; a megabyte of them took minutes.
    @Test(.timeLimit(.minutes(1))) func crowdedHeaderIsRefusedAtOnce() throws {
        let elements = (0..<200_000).map { "element e\($0) 0\n" }.joined()
        #expect(throws: MeshFileError.malformed(.ply, .line(67), "more than 64 elements.")) {
            try read("ply\nformat ascii 1.0\n" + elements + "end_header\n")
        }
        let properties = (0..<200_000).map { "property int p\($0)\n" }.joined()
        #expect(throws: MeshFileError.self) {
            try read("ply\nformat ascii 1.0\nelement vertex 1\n" + properties + "end_header\n")
        }
    }
}
