// SPDX-License-Identifier: Apache-2.0

import Geometry

extension SIMD2<Double> {
    /// `(x, y, 1)`
    var homogeneous: SIMD3<Double> { SIMD3(x, y, 1) }
}

extension Matrix3 {
    static func diagonal(_ x: Double, _ y: Double, _ z: Double) -> Matrix3 {
        Matrix3(columns: SIMD3(x, 0, 0), SIMD3(0, y, 0), SIMD3(0, 0, z))
    }

    /// Square root of the sum of squares of all elements.
    var frobeniusNorm: Double { rowMajor.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// Divided by its Frobenius norm; zero stays zero.
    var normalized: Matrix3 {
        let norm = frobeniusNorm
        return norm > 0 ? (1 / norm) * self : self
    }

    /// The sum of squares of all 2×2 minors: the second elementary symmetric function of the squared singular values.
    var minorsSquared: Double {
        let columns = (0..<3).map { column in SIMD3(self[0, column], self[1, column], self[2, column]) }
        return [(0, 1), (1, 2), (2, 0)].reduce(0) { sum, pair in
            let minors = columns[pair.0].cross(columns[pair.1])
            return sum + minors.dot(minors)
        }
    }

    /// The square of the first-order distance of two points from satisfying `x₂ᵀ M x₁ = 0` (Sampson 1982; Hartley and
    /// Zisserman 2004, eq. 11.9), in the unit of the points; infinite where it is not defined.
    func squaredSampsonError(_ first: SIMD2<Double>, _ second: SIMD2<Double>) -> Double {
        let right = self * first.homogeneous
        let left = transpose * second.homogeneous
        let product = second.homogeneous.dot(right)
        let slope = right.x * right.x + right.y * right.y + left.x * left.x + left.y * left.y
        return slope > 0 ? product * product / slope : .infinity
    }

    /// The square of the distance between `second` and where a homography takes `first`; infinite behind the horizon.
    func squaredTransferError(_ first: SIMD2<Double>, _ second: SIMD2<Double>) -> Double {
        let image = self * first.homogeneous
        guard image.z != 0 else { return .infinity }
        let difference = SIMD2(image.x, image.y) / image.z - second
        return difference.dot(difference)
    }
}

extension Camera {
    /// Focal lengths and principal point as a matrix that takes normalised directions to pixels without distortion.
    var calibrationMatrix: Matrix3 {
        Matrix3(
            rows: SIMD3(focalLengths.x, 0, principalPoint.x), SIMD3(0, focalLengths.y, principalPoint.y),
            SIMD3(0, 0, 1))
    }

    /// The inverse of ``calibrationMatrix``.
    var inverseCalibrationMatrix: Matrix3 {
        let (f, c) = (focalLengths, principalPoint)
        return Matrix3(rows: SIMD3(1 / f.x, 0, -c.x / f.x), SIMD3(0, 1 / f.y, -c.y / f.y), SIMD3(0, 0, 1))
    }
}

extension RigidTransform {
    /// The essential matrix `[t]× R` of the pose of a second camera relative to a first.
    var essentialMatrix: Matrix3 { Matrix3.cross(translation) * rotation.matrix }
}
