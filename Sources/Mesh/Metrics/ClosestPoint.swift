// SPDX-License-Identifier: Apache-2.0

import Geometry

/// One triangle, as the tree of triangles keeps it.
struct TriangleCorners {
    var a: SIMD3<Double>
    var b: SIMD3<Double>
    var c: SIMD3<Double>

    /// The point of the triangle nearest to `p`, by the Voronoi regions of corners, sides and inside (Ericson, Real-Time
    /// Collision Detection, 5.1.5). A triangle without area counts as its sides.
    func closestPoint(to p: SIMD3<Double>) -> SIMD3<Double> {
        let (ab, ac, ap) = (b - a, c - a, p - a)
        let (d1, d2) = (ab.dot(ap), ac.dot(ap))
        if d1 <= 0, d2 <= 0 { return a }
        let bp = p - b
        let (d3, d4) = (ab.dot(bp), ac.dot(bp))
        if d3 >= 0, d4 <= d3 { return b }
        let vc = d1 * d4 - d3 * d2
        if vc <= 0, d1 >= 0, d3 <= 0, d1 > d3 { return a + (d1 / (d1 - d3)) * ab }
        let cp = p - c
        let (d5, d6) = (ab.dot(cp), ac.dot(cp))
        if d6 >= 0, d5 <= d6 { return c }
        let vb = d5 * d2 - d1 * d6
        if vb <= 0, d2 >= 0, d6 <= 0, d2 > d6 { return a + (d2 / (d2 - d6)) * ac }
        let va = d3 * d6 - d5 * d4
        if va <= 0, d4 >= d3, d5 >= d6, (d4 - d3) + (d5 - d6) > 0 {
            return b + ((d4 - d3) / ((d4 - d3) + (d5 - d6))) * (c - b)
        }
        let sum = va + vb + vc
        guard sum > 0 else { return closestPointOnSides(to: p) }
        return a + (vb / sum) * ab + (vc / sum) * ac
    }

    private func closestPointOnSides(to p: SIMD3<Double>) -> SIMD3<Double> {
        var best = a
        for (start, end) in [(a, b), (b, c), (c, a)] {
            let side = end - start
            let squared = side.dot(side)
            let share = squared > 0 ? min(max((p - start).dot(side) / squared, 0), 1) : 0
            let candidate = start + share * side
            if (p - candidate).dot(p - candidate) < (p - best).dot(p - best) { best = candidate }
        }
        return best
    }

    /// Where the ray `origin + t · direction` meets the triangle from either side, or `nil` (Möller and Trumbore 1997).
    func hit(origin: SIMD3<Double>, direction: SIMD3<Double>) -> Double? {
        let (first, second) = (b - a, c - a)
        let p = direction.cross(second)
        let determinant = first.dot(p)
        guard determinant != 0 else { return nil }
        let s = origin - a
        let u = s.dot(p) / determinant
        guard u >= 0, u <= 1 else { return nil }
        let q = s.cross(first)
        let v = direction.dot(q) / determinant
        guard v >= 0, u + v <= 1 else { return nil }
        return second.dot(q) / determinant
    }

    /// Twice the area along the outward normal.
    var doubledAreaVector: SIMD3<Double> { (b - a).cross(c - a) }
}
