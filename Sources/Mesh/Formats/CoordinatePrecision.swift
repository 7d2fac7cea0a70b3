// SPDX-License-Identifier: Apache-2.0

import Geometry

extension TriangleMesh {
    /// Whether positions lose too much as 32-bit floats.
    ///
    /// They do when a coordinate exceeds 100 times the longest side of the bounds (rounding then moves vertices by up to
    /// 6·10⁻⁶ of the size), or when rounding makes two corners of a face coincide or a coordinate overflow.
    package var needsDoublePositions: Bool {
        guard let bounds else { return false }
        let far = pointwiseMax(pointwiseMax(bounds.maximum, SIMD3<Double>.zero - bounds.minimum), .zero).max()
        if far > Double(Float.greatestFiniteMagnitude) || far > 100 * bounds.extent.max() && bounds.extent.max() > 0 {
            return true
        }
        return triangles.indices.contains { index in
            let (a, b, c) = corners(of: index)
            let (p, q, r) = (SIMD3<Float>(a), SIMD3<Float>(b), SIMD3<Float>(c))
            return p == q && a != b || q == r && b != c || r == p && c != a
        }
    }
}

extension SIMD3<Float> {
    /// `position` rounded to 32 bits; coordinates beyond their range become the largest finite value.
    init(clamping position: SIMD3<Double>) {
        let limit = SIMD3(repeating: Float.greatestFiniteMagnitude)
        self = SIMD3<Float>(position).clamped(lowerBound: SIMD3.zero - limit, upperBound: limit)
    }
}
