// SPDX-License-Identifier: Apache-2.0

import Geometry

/// The least-squares plane through points.
struct PlaneFit {
    /// Mean of the points.
    let centroid: SIMD3<Double>
    /// Unit normal, of either sign; meaningless unless `isDetermined`.
    let normal: SIMD3<Double>
    /// Whether the points span a plane: they are neither on one line nor a shapeless cloud of rounding errors.
    let isDetermined: Bool

    /// Fits a plane, or returns `nil` when there are no points.
    ///
    /// - Complexity: O(n).
    init?(_ points: [SIMD3<Double>]) {
        guard let first = points.first else { return nil }
        // Offsets from the first point keep a constant coordinate exactly constant.
        var sum = SIMD3<Double>()
        for point in points { sum += point - first }
        let mean = sum / Double(points.count)
        var diagonal = SIMD3<Double>()
        var offDiagonal = SIMD3<Double>()
        for point in points {
            let d = (point - first) - mean
            diagonal += d * d
            offDiagonal += SIMD3(d.x, d.x, d.y) * SIMD3(d.y, d.z, d.z)
        }
        let eigen = SymmetricEigen(diagonal: diagonal, offDiagonal: offDiagonal)
        centroid = first + mean
        let (axis, values) = (eigen.vectors[0], eigen.values)
        normal = SIMD3(axis[0], axis[1], axis[2]).normalized
        // Squared spreads: a millionth as wide as long, and clearly wider than thick.
        let spread = pointwiseMax(SIMD3(values[0], values[1], values[2]), .zero)
        isDetermined =
            points.count >= 3 && normal.length > 0.5 && spread.y > 1e-12 * spread.z && spread.y > 16 * spread.x
    }
}
