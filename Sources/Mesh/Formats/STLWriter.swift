// SPDX-License-Identifier: Apache-2.0

import Storage

/// Writes STL files: loose triangles with 32-bit floats, so vertices far from the origin are rounded.
enum STLWriter {
    static func binary(_ mesh: TriangleMesh) -> [[UInt8]] {
        let title = Array("binary STL".utf8)
        let bytes = ByteWriter.bytes(84 + 50 * mesh.triangles.count) { writer in
            writer.put(title + [UInt8](repeating: 0x20, count: 80 - title.count))
            writer.put(UInt32(mesh.triangles.count))
            for index in mesh.triangles.indices {
                let (a, b, c) = mesh.corners(of: index)
                writer.put(normal(mesh, index))
                for corner in [a, b, c] { writer.put(SIMD3<Float>(clamping: corner)) }
                writer.put(UInt16(0))
            }
        }
        return [bytes]
    }

    static func text(_ mesh: TriangleMesh) -> [[UInt8]] {
        var writer = TextWriter()
        writer.line("solid mesh")
        for index in mesh.triangles.indices {
            let (a, b, c) = mesh.corners(of: index)
            let normal = normal(mesh, index)
            writer.line("facet normal \(normal.x) \(normal.y) \(normal.z)")
            writer.line("outer loop")
            for corner in [a, b, c].map({ SIMD3<Float>(clamping: $0) }) {
                writer.line("vertex \(corner.x) \(corner.y) \(corner.z)")
            }
            writer.line("endloop")
            writer.line("endfacet")
        }
        writer.line("endsolid mesh")
        return writer.chunks
    }

    private static func normal(_ mesh: TriangleMesh, _ index: Int) -> SIMD3<Float> {
        let (a, b, c) = mesh.corners(of: index)
        return SIMD3<Float>((b - a).cross(c - a).normalized)
    }
}
