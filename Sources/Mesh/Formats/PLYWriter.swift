// SPDX-License-Identifier: Apache-2.0

import Storage

/// Writes PLY 1.0 files; positions are `float`, or `double` where that would lose too much.
enum PLYWriter {
    static func binary(_ mesh: TriangleMesh) -> [[UInt8]] {
        let wide = mesh.needsDoublePositions
        let vertexSize =
            (wide ? 24 : 12) + (mesh.normals == nil ? 0 : 12) + (mesh.colors == nil ? 0 : 4)
            + (mesh.confidences == nil ? 0 : 4)
        let vertices = ByteWriter.bytes(vertexSize * mesh.positions.count) { writer in
            for (index, position) in mesh.positions.enumerated() {
                if wide {
                    for axis in 0..<3 { writer.put(position[axis]) }
                } else {
                    writer.put(SIMD3<Float>(position))
                }
                if let normals = mesh.normals { writer.put(normals[index]) }
                if let colors = mesh.colors { for channel in 0..<4 { writer.put(colors[index][channel]) } }
                if let confidences = mesh.confidences { writer.put(confidences[index]) }
            }
        }
        let faces = ByteWriter.bytes(13 * mesh.triangles.count) { writer in
            for face in mesh.triangles {
                writer.put(UInt8(3))
                writer.put(face)
            }
        }
        return [header(mesh, format: "binary_little_endian", wide: wide), vertices, faces]
    }

    static func text(_ mesh: TriangleMesh) -> [[UInt8]] {
        let wide = mesh.needsDoublePositions
        var writer = TextWriter()
        for (index, position) in mesh.positions.enumerated() {
            let narrow = SIMD3<Float>(position)
            var parts = wide ? "\(position.x) \(position.y) \(position.z)" : "\(narrow.x) \(narrow.y) \(narrow.z)"
            if let normal = mesh.normals?[index] { parts += " \(normal.x) \(normal.y) \(normal.z)" }
            if let color = mesh.colors?[index] { parts += " \(color.x) \(color.y) \(color.z) \(color.w)" }
            if let confidence = mesh.confidences?[index] { parts += " \(confidence)" }
            writer.line(parts)
        }
        for face in mesh.triangles { writer.line("3 \(face.x) \(face.y) \(face.z)") }
        return [header(mesh, format: "ascii", wide: wide)] + writer.chunks
    }

    private static func header(_ mesh: TriangleMesh, format: String, wide: Bool) -> [UInt8] {
        var lines = ["ply", "format \(format) 1.0", "element vertex \(mesh.positions.count)"]
        lines += ["x", "y", "z"].map { "property \(wide ? "double" : "float") \($0)" }
        if mesh.normals != nil { lines += ["nx", "ny", "nz"].map { "property float \($0)" } }
        if mesh.colors != nil { lines += ["red", "green", "blue", "alpha"].map { "property uchar \($0)" } }
        if mesh.confidences != nil { lines.append("property float confidence") }
        lines += ["element face \(mesh.triangles.count)", "property list uchar uint vertex_indices", "end_header", ""]
        return Array(lines.joined(separator: "\n").utf8)
    }
}
