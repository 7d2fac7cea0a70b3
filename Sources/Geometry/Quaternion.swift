// SPDX-License-Identifier: Apache-2.0

/// A unit quaternion, w first: a rotation in three dimensions.
///
/// `q` and `-q` are the same rotation; every initialiser normalises, and none chooses a sign.
public struct Quaternion: Hashable, Sendable, Codable {
    /// Scalar part.
    public private(set) var w: Double
    /// Vector part.
    public private(set) var xyz: SIMD3<Double>

    /// The rotation that leaves everything where it is.
    public static let identity = Quaternion(w: 1, x: 0, y: 0, z: 0)

    /// Normalises `(w, x, y, z)`.
    ///
    /// - Precondition: the four numbers are finite and not all zero.
    public init(w: Double, x: Double, y: Double, z: Double) {
        let norm = (w * w + x * x + y * y + z * z).squareRoot()
        precondition(norm > 0 && norm.isFinite, "no rotation is given by the quaternion (\(w), \(x), \(y), \(z))")
        self.w = w / norm
        xyz = SIMD3(x, y, z) / norm
    }

    /// A rotation read back from a file: kept bit for bit when its length is 1 to rounding, so that storing changes nothing,
    /// normalised otherwise; `nil` when the numbers are not finite or their length is nowhere near 1 (outside 1e-6 ... 1e6).
    public init?(stored w: Double, _ x: Double, _ y: Double, _ z: Double) {
        let squared = w * w + x * x + y * y + z * z
        guard squared >= 1e-12, squared <= 1e12 else { return nil }
        // A normalised quaternion misses 1 by a few roundings; 8 of them turn nothing that a double could tell.
        let norm = abs(squared - 1) > 8 * Double.ulpOfOne ? squared.squareRoot() : 1
        self.w = w / norm
        xyz = SIMD3(x, y, z) / norm
    }

    /// The rotation by `vector.length` radians about `vector` (the exponential map).
    public init(rotationVector vector: SIMD3<Double>) {
        let angle = vector.length
        // Series of sin(a/2)/a below 1e-6: the next term is under 1e-26.
        let factor = angle > 1e-6 ? sine(0.5 * angle) / angle : 0.5 - angle * angle / 48
        self.init(w: cosine(0.5 * angle), x: factor * vector.x, y: factor * vector.y, z: factor * vector.z)
    }

    /// The rotation with this matrix, by Shepperd's method: the largest of the four components is computed first.
    ///
    /// - Precondition: `matrix` is close to a rotation; small errors are normalised away.
    public init(rotationMatrix m: Matrix3) {
        let trace = m[0, 0] + m[1, 1] + m[2, 2]
        if trace >= max(m[0, 0], m[1, 1], m[2, 2]) {
            let s = (trace + 1).squareRoot() * 2
            self.init(
                w: 0.25 * s, x: (m[2, 1] - m[1, 2]) / s, y: (m[0, 2] - m[2, 0]) / s, z: (m[1, 0] - m[0, 1]) / s)
        } else if m[0, 0] >= m[1, 1] && m[0, 0] >= m[2, 2] {
            let s = (1 + m[0, 0] - m[1, 1] - m[2, 2]).squareRoot() * 2
            self.init(
                w: (m[2, 1] - m[1, 2]) / s, x: 0.25 * s, y: (m[0, 1] + m[1, 0]) / s, z: (m[0, 2] + m[2, 0]) / s)
        } else if m[1, 1] >= m[2, 2] {
            let s = (1 + m[1, 1] - m[0, 0] - m[2, 2]).squareRoot() * 2
            self.init(
                w: (m[0, 2] - m[2, 0]) / s, x: (m[0, 1] + m[1, 0]) / s, y: 0.25 * s, z: (m[1, 2] + m[2, 1]) / s)
        } else {
            let s = (1 + m[2, 2] - m[0, 0] - m[1, 1]).squareRoot() * 2
            self.init(
                w: (m[1, 0] - m[0, 1]) / s, x: (m[0, 2] + m[2, 0]) / s, y: (m[1, 2] + m[2, 1]) / s, z: 0.25 * s)
        }
    }

    /// The opposite rotation.
    public var inverse: Quaternion { Quaternion(w: w, x: -xyz.x, y: -xyz.y, z: -xyz.z) }

    /// `(a * b)` turns by `b` first, then by `a`.
    public static func * (a: Quaternion, b: Quaternion) -> Quaternion {
        let vector = a.w * b.xyz + b.w * a.xyz + a.xyz.cross(b.xyz)
        return Quaternion(w: a.w * b.w - a.xyz.dot(b.xyz), x: vector.x, y: vector.y, z: vector.z)
    }

    /// Turns a vector.
    public func callAsFunction(_ vector: SIMD3<Double>) -> SIMD3<Double> {
        let t = 2 * xyz.cross(vector)
        return vector + w * t + xyz.cross(t)
    }

    /// The rotation as a matrix.
    public var matrix: Matrix3 {
        Matrix3(columns: self(SIMD3(1, 0, 0)), self(SIMD3(0, 1, 0)), self(SIMD3(0, 0, 1)))
    }

    /// Angle of the rotation in radians, `0 ... π`.
    public var angle: Double { 2 * arcTangent2(xyz.length, abs(w)) }

    /// Axis times angle in radians, angle at most π (the logarithm).
    public var rotationVector: SIMD3<Double> {
        let sineHalf = xyz.length
        let sign: Double = w < 0 ? -1 : 1
        guard sineHalf > 1e-9 else { return 2 * sign * xyz }
        return xyz * (sign * angle / sineHalf)
    }
}
