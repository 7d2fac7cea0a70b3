// SPDX-License-Identifier: Apache-2.0

import Geometry

/// The segments in which a plane cuts a triangle mesh, in plane coordinates.
enum MeshSection {
    /// - Returns: One segment for each triangle with corners on both sides. Neighbouring triangles give bit-identical
    ///   end points, so that the segments of a closed mesh close up.
    /// - Precondition: indices are in range.
    /// - Complexity: O(triangles).
    static func cut(
        _ positions: [SIMD3<Double>], _ triangles: [SIMD3<UInt32>], by plane: SlicePlane
    ) -> [(SIMD2<Double>, SIMD2<Double>)] {
        func height(_ corner: UInt32) -> Double {
            // A corner exactly on the plane counts as above, for all triangles around it.
            let height = plane.signedDistance(to: positions[Int(corner)])
            return height == 0 ? 1e-300 : height
        }
        func crossing(_ first: UInt32, _ second: UInt32) -> SIMD2<Double> {
            // The same order from both sides of an edge, for identical rounding.
            let (a, b) = first < second ? (first, second) : (second, first)
            let heightOfA = height(a)
            let t = heightOfA / (heightOfA - height(b))
            return plane.coordinates(of: positions[Int(a)] + t * (positions[Int(b)] - positions[Int(a)]))
        }
        var segments: [(SIMD2<Double>, SIMD2<Double>)] = []
        for triangle in triangles {
            let above = (height(triangle.x) > 0, height(triangle.y) > 0, height(triangle.z) > 0)
            guard above.0 != above.1 || above.1 != above.2 else { continue }
            // The corner alone on its side.
            let lone = above.1 == above.2 ? 0 : (above.0 == above.2 ? 1 : 2)
            segments.append(
                (
                    crossing(triangle[lone], triangle[(lone + 1) % 3]),
                    crossing(triangle[lone], triangle[(lone + 2) % 3])
                ))
        }
        return segments
    }
}
