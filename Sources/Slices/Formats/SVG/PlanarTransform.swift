// SPDX-License-Identifier: Apache-2.0

/// An affine map of the plane: `x · columnX + y · columnY + offset`.
struct PlanarTransform: Hashable {
    var columnX = SIMD2<Double>(1, 0)
    var columnY = SIMD2<Double>(0, 1)
    var offset = SIMD2<Double>(0, 0)

    static let identity = PlanarTransform()

    func callAsFunction(_ point: SIMD2<Double>) -> SIMD2<Double> { point.x * columnX + point.y * columnY + offset }

    /// First `inner`, then `outer`.
    static func * (outer: Self, inner: Self) -> Self {
        PlanarTransform(
            columnX: outer(inner.columnX) - outer.offset, columnY: outer(inner.columnY) - outer.offset,
            offset: outer(inner.offset))
    }
}
