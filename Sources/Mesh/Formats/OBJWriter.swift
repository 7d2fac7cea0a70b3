// SPDX-License-Identifier: Apache-2.0

import Storage

/// Writes OBJ files; colours follow the coordinates as three numbers from 0 to 1, which most programs understand.
enum OBJWriter {
    static func text(_ mesh: TriangleMesh) -> [[UInt8]] {
        let wide = mesh.needsDoublePositions
        var writer = TextWriter()
        for (index, position) in mesh.positions.enumerated() {
            let narrow = SIMD3<Float>(position)
            var parts = wide ? "v \(position.x) \(position.y) \(position.z)" : "v \(narrow.x) \(narrow.y) \(narrow.z)"
            if let color = mesh.colors?[index] {
                parts += " \(Float(color.x) / 255) \(Float(color.y) / 255) \(Float(color.z) / 255)"
            }
            writer.line(parts)
        }
        for normal in mesh.normals ?? [] { writer.line("vn \(normal.x) \(normal.y) \(normal.z)") }
        for face in mesh.triangles {
            let (a, b, c) = (Int(face.x) + 1, Int(face.y) + 1, Int(face.z) + 1)
            writer.line(mesh.normals == nil ? "f \(a) \(b) \(c)" : "f \(a)//\(a) \(b)//\(b) \(c)//\(c)")
        }
        return writer.chunks
    }
}
