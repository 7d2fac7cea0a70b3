// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import TestSupport

/// Valid files to start from, all made here: the mutations need nothing on disk.
enum Seeds {
    static func files(_ format: InputFormat) throws -> [[UInt8]] {
        switch format {
        case .csl: return sliceFiles
        case .ply: return try meshFiles(.ply) + plyFiles
        case .obj: return try meshFiles(.obj) + [objFile]
        case .stl: return try meshFiles(.stl)
        }
    }

    /// Small and medium meshes, with and without attributes and offset, in both encodings.
    private static func meshFiles(_ format: MeshFileFormat) throws -> [[UInt8]] {
        let grid = RegularGrid(
            covering: Box(minimum: SIMD3(repeating: -1), maximum: SIMD3(repeating: 1)), cells: 4)
        let shape = AnalyticShape.sphere(center: .zero, radius: 0.7)
        let sphere = try MarchingCubes.extract(grid: grid, values: grid.sample(shape.field))
        var decorated = sphere
        decorated.normals = sphere.areaWeightedNormals()
        decorated.colors = sphere.positions.indices.map { SIMD4(UInt8(truncatingIfNeeded: $0), 128, 0, 255) }
        let corner = TriangleMesh(
            positions: [.zero, SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)],
            triangles: [SIMD3(0, 2, 1), SIMD3(0, 1, 3), SIMD3(0, 3, 2), SIMD3(1, 2, 3)])
        let far = corner.transformed(by: UniformSimilarity(scale: 1e-3, translation: SIMD3(repeating: 5e6)))
        return try [corner, far, sphere, decorated].flatMap { mesh in
            try [MeshFileEncoding.text, .binary].map { encoding in
                Array(try MeshFile.encode(mesh, as: format, encoding: encoding).joined())
            }
        }
    }
}

// MARK: - Files that no writer of this project makes

extension Seeds {
    /// Comments, lists of odd types, polygons, elements nobody asked for, faces before vertices.
    private static let plyFiles: [[UInt8]] =
        [
            """
            ply
            format ascii 1.0
            comment made by hand
            element vertex 5
            property double x
            property double y
            property double z
            property list uchar short spare
            property float quality
            element face 2
            property uchar flags
            property list int int vertex_index
            element edge 1
            property int vertex1
            property int vertex2
            end_header
            0 0 0 2 7 8 0.5
            1 0 0 0 0.25
            1 1 0 1 9 0
            0 1 0 0 nan
            0.5 0.5 -1e-3 0 1
            1 4 0 1 2 3
            0 3 0 1 4
            0 1

            """,
            """
            ply\r
            format ascii 1.0\r
            element face 1\r
            property list uchar uint vertex_indices\r
            element vertex 3\r
            property float x\r
            property float y\r
            property float z\r
            property uchar red\r
            property uchar green\r
            property uchar blue\r
            end_header\r
            3 0 1 2\r
            0 0 0 255 0 0\r
            1 0 0 0 255 0\r
            0 1 0 0 0 255\r

            """,
        ].map { Array($0.utf8) } + [bigEndianPLY]

    private static let bigEndianPLY: [UInt8] = {
        let header = """
            ply
            format binary_big_endian 1.0
            element vertex 4
            property float x
            property float y
            property short z
            element face 1
            property list ushort int vertex_indices
            end_header

            """
        var bytes = Array(header.utf8)
        let append = { (value: UInt32, size: Int) in
            for byte in (0..<size).reversed() { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * byte))) }
        }
        for (x, y, z) in [(0, 0, 0), (1, 0, 1), (1, 1, 2), (0, 1, 3)] as [(Float, Float, UInt32)] {
            append(x.bitPattern, 4)
            append(y.bitPattern, 4)
            append(z, 2)
        }
        append(4, 2)
        for index in 0..<4 { append(UInt32(index), 4) }
        return bytes
    }()

    private static let objFile = Array(
        """
        # by hand
        mtllib none.mtl
        o thing
        v 0 0 0 1.0 0.5 0
        v 1 0 0 1.0 0.5 0
        v 1 1 0 1.0 0.5 0
        v 0 1 0 1.0 0.5 0
        vt 0 0
        vn 0 0 1
        usemtl red
        s off
        f 1/1/1 2/1/1 3/1/1 4/1/1
        f -4//-1 -3//-1 \\
          -1//-1
        l 1 2
        """.utf8)

    private static let sliceFiles: [[UInt8]] = [
        """
        CSLC
        2 2

        1 4 1 0 0 1 0
        0 0 0
        1 0 0
        1 1 0
        0 1 0
        4 1 0 1 2 3

        2 4 1 0 0 1 -2
        0 0 2
        1 0 2
        1 1 2
        0 1 2
        4 1 0 1 2 3
        """,
        """
        CSLC
        4 3

        1 8 2 0 0 1 0
        0 0 0
        4 0 0
        4 4 0
        0 4 0
        1 1 0
        1 3 0
        3 3 0
        3 1 0
        4 1 0 1 2 3
        4h0 2 4 5 6 7

        2 3 1 0 0 2 -2
        0.5 0.25 1
        3.125 0 1
        1e0 2.5 1
        3 2 2 1 0

        3 0 0 0 0 1 -3

        4 6 2 0 -1 0 5
        0 5 0
        1 5 0
        1 5 1
        0 5 1
        3 5 0
        3 5 1
        4 1 0 1 2 3
        4 2 1 4 5 2
        """,
        tilted,
    ].map { Array($0.utf8) }

    /// Twelve polygons with twenty corners, on planes through one line.
    private static let tilted: String = {
        var random = RandomStream(seed: 1, label: "tilted planes")
        var text = "CSLC\n12 2\n"
        for plane in 1...12 {
            let (a, b) = (random.uniformDouble() - 0.5, random.uniformDouble() + 0.5)
            text += "\n\(plane) 20 1 \(-b) \(a) 0 0\n"
            for corner in 0..<20 {
                // A square walked in twenty steps, five to a side, pushed in and out at random.
                let along = Double(corner % 5) / 5 - 0.5
                let corners = [(along, -0.5), (0.5, along), (-along, 0.5), (-0.5, -along)]
                let (u, v) = corners[corner / 5]
                let size = 1 + random.uniformDouble()
                text += "\(size * u * a) \(size * u * b) \(size * v)\n"
            }
            text += "20 1 " + (0..<20).map { "\($0)" }.joined(separator: " ") + "\n"
        }
        return text
    }()
}
