// SPDX-License-Identifier: Apache-2.0

import Geometry

/// The convex hull of points in the plane.
enum PlanarHull {
    /// Corners of the hull, counter-clockwise, without repetitions; fewer than three when the points lie on a line.
    ///
    /// Andrew's monotone chain.
    ///
    /// - Complexity: O(n log n).
    static func corners(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
        let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        guard sorted.count > 2 else { return sorted }
        let lower = chain(sorted)
        let upper = chain(sorted.reversed())
        return lower.dropLast() + upper.dropLast()
    }

    private static func chain(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
        var chain: [SIMD2<Double>] = []
        for point in points {
            while chain.count >= 2,
                (chain[chain.count - 1] - chain[chain.count - 2]).cross(point - chain[chain.count - 1]) <= 0
            {
                chain.removeLast()
            }
            chain.append(point)
        }
        return chain
    }

    /// A subset of the corners of a convex polygon that stays within `tolerance` of all of them.
    ///
    /// A finely sampled round contour keeps about `2.2 · (radius / tolerance)^½` corners.
    static func simplified(_ corners: [SIMD2<Double>], tolerance: Double) -> [SIMD2<Double>] {
        guard var anchor = corners.first, corners.count > 8 else { return corners }
        var kept = [anchor]
        var skipped: [SIMD2<Double>] = []
        for (index, corner) in corners.enumerated().dropFirst() {
            let along = corner - anchor
            let length = along.length
            let isFar = skipped.contains { abs(along.cross($0 - anchor)) > tolerance * length }
            if isFar {
                anchor = corners[index - 1]
                kept.append(anchor)
                skipped = []
            }
            skipped.append(corner)
        }
        if let last = corners.last, last != kept.last { kept.append(last) }
        return kept
    }
}
