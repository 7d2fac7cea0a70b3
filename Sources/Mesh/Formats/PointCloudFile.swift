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
    /// - Precondition: there are as many colours as positions.
    public static func encode(positions: [SIMD3<Double>], colors: [SIMD3<UInt8>]) -> [[UInt8]] {
        precondition(positions.count == colors.count, "\(positions.count) points have \(colors.count) colours")
        let wide = TriangleMesh(positions: positions).needsDoublePositions
        let body = ByteWriter.bytes(((wide ? 24 : 12) + 3) * positions.count) { writer in
            for (position, color) in zip(positions, colors) {
                if wide {
                    for axis in 0..<3 { writer.put(position[axis]) }
                } else {
                    writer.put(SIMD3<Float>(position))
                }
                for channel in 0..<3 { writer.put(color[channel]) }
            }
        }
        let header =
            ["ply", "format binary_little_endian 1.0", "element vertex \(positions.count)"]
            + ["x", "y", "z"].map { "property \(wide ? "double" : "float") \($0)" }
            + ["red", "green", "blue"].map { "property uchar \($0)" } + ["end_header", ""]
        return [Array(header.joined(separator: "\n").utf8), body]
    }
}
