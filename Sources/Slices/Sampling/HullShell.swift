// SPDX-License-Identifier: Apache-2.0

import Geometry

/// The layer just outside a convex hull, up to a tenth larger than it.
///
/// The authors of OReX put their exterior samples on the surface of the hull. Spread over a layer they say the same also
/// to fields that would rise again a little further out.
struct HullShell {
    private static let thickness = 0.1
    private let hull: ConvexHull
    private let areas: CumulativeWeights

    /// Prepares the layer; `nil` when the hull encloses no volume.
    init?(around hull: ConvexHull) {
        areas = CumulativeWeights(
            hull.triangles.map { triangle in
                let (a, b, c) = Self.corners(triangle, hull)
                return (b - a).cross(c - a).length
            })
        guard areas.total > 0 else { return nil }
        self.hull = hull
    }

    private static func corners(
        _ triangle: SIMD3<UInt32>, _ hull: ConvexHull
    ) -> (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
        (hull.vertices[Int(triangle.x)], hull.vertices[Int(triangle.y)], hull.vertices[Int(triangle.z)])
    }

    /// A point outside the hull, uniform over its surface and over the thickness of the layer.
    func point(_ random: inout RandomStream) -> SIMD3<Double> {
        let chosen = areas.index(at: random.uniformDouble() * areas.total)
        let (a, b, c) = Self.corners(hull.triangles[chosen.index], hull)
        var (u, v) = (random.uniformDouble(), random.uniformDouble())
        if u + v > 1 { (u, v) = (1 - u, 1 - v) }
        let foot = a + u * (b - a) + v * (c - a)
        return hull.centroid + (1 + Self.thickness * random.uniformDouble()) * (foot - hull.centroid)
    }
}
