// SPDX-License-Identifier: Apache-2.0

extension SIMD3 where Scalar: FloatingPoint {
    /// Euclidean inner product.
    @inlinable public func dot(_ other: Self) -> Scalar { (self * other).sum() }

    /// Right-handed cross product.
    @inlinable public func cross(_ other: Self) -> Self {
        Self(
            y * other.z - z * other.y,
            z * other.x - x * other.z,
            x * other.y - y * other.x)
    }

    /// Euclidean length.
    @inlinable public var length: Scalar { dot(self).squareRoot() }

    /// The vector divided by its length; zero stays zero.
    @inlinable public var normalized: Self {
        let size = length
        return size > 0 ? self / size : self
    }
}

extension SIMD2 where Scalar: FloatingPoint {
    /// Euclidean inner product.
    @inlinable public func dot(_ other: Self) -> Scalar { (self * other).sum() }

    /// z component of the cross product: positive when `other` lies counter-clockwise of `self`.
    @inlinable public func cross(_ other: Self) -> Scalar { x * other.y - y * other.x }

    /// Euclidean length.
    @inlinable public var length: Scalar { dot(self).squareRoot() }
}

extension SIMD3 where Scalar: FloatingPoint {
    /// Whether no component is infinite or not a number.
    @inlinable public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}
