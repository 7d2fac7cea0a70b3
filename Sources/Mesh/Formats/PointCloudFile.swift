// SPDX-License-Identifier: Apache-2.0

import Geometry
import Storage

/// Writes points with colours as binary little-endian PLY: vertices without faces.
public enum PointCloudFile {
    /// The bytes of a file, in pieces.
    ///
    /// Coordinates are `float`, or `double` where a coordinate exceeds 100 times the longest side of the bounds, as for
    /// meshes.
    ///
    /// - Parameters:
    ///   - positions: Finite, in the frame and units of the user.
    ///   - colors: Red, green, blue of each position.
    ///   - normals: Unit normals, if there are any.
    /// - Precondition: there are as many colours, and normals if any, as positions.
    public static func encode(
        positions: [SIMD3<Double>], colors: [SIMD3<UInt8>], normals: [SIMD3<Float>]? = nil
    ) -> [[UInt8]] {
        precondition(positions.count == colors.count, "\(positions.count) points have \(colors.count) colours")
        precondition(normals.map { $0.count == positions.count } ?? true, "points and normals differ in number")
        let wide = TriangleMesh(positions: positions).needsDoublePositions
        let size = (wide ? 24 : 12) + (normals == nil ? 0 : 12) + 3
        let body = ByteWriter.bytes(size * positions.count) { writer in
            for (index, position) in positions.enumerated() {
                if wide {
                    for axis in 0..<3 { writer.put(position[axis]) }
                } else {
                    writer.put(SIMD3<Float>(position))
                }
                if let normals { writer.put(normals[index]) }
                for channel in 0..<3 { writer.put(colors[index][channel]) }
            }
        }
        let header =
            ["ply", "format binary_little_endian 1.0", "element vertex \(positions.count)"]
            + ["x", "y", "z"].map { "property \(wide ? "double" : "float") \($0)" }
            + (normals == nil ? [] : ["nx", "ny", "nz"].map { "property float \($0)" })
            + ["red", "green", "blue"].map { "property uchar \($0)" } + ["end_header", ""]
        return [Array(header.joined(separator: "\n").utf8), body]
    }
}
