// SPDX-License-Identifier: Apache-2.0

import Geometry

/// The motion between two calibrated images from their essential matrix.
///
/// Hartley and Zisserman 2004, section 9.6.2: `E = [t]× R` has four decompositions; the one that puts most points in front of
/// both cameras is the motion.
package struct RelativePose {
    /// Second camera from first, translation of length 1.
    package var secondFromFirst: RigidTransform
    /// Correspondences in front of both cameras.
    package var pointsInFront: Int

    /// The essential matrix of two cameras with fundamental matrix `fundamental` between undistorted pixels.
    static func essential(fundamental: Matrix3, first: Camera, second: Camera) -> Matrix3 {
        calibration(second).transpose * fundamental * calibration(first)
    }

    private static func calibration(_ camera: Camera) -> Matrix3 {
        let (f, c) = (camera.focalLengths, camera.principalPoint)
        return Matrix3(rows: SIMD3(f.x, 0, c.x), SIMD3(0, f.y, c.y), SIMD3(0, 0, 1))
    }

    /// - Parameters:
    ///   - first: Unit viewing directions in the first camera.
    ///   - second: The matched directions in the second camera.
    package init?(essential: Matrix3, first: [SIMD3<Double>], second: [SIMD3<Double>]) {
        var best: RelativePose?
        for motion in Self.decompositions(of: essential) {
            let back = motion.inverse
            let center = back.translation
            var count = 0
            for (a, b) in zip(first, second) where Triangulator.midpoint(.zero, a, center, back.rotation(b)) != nil {
                count += 1
            }
            if count > (best?.pointsInFront ?? 0) { best = RelativePose(secondFromFirst: motion, pointsInFront: count) }
        }
        guard let best else { return nil }
        self = best
    }

    private init(secondFromFirst: RigidTransform, pointsInFront: Int) {
        self.secondFromFirst = secondFromFirst
        self.pointsInFront = pointsInFront
    }

    /// The four motions, without a singular value decomposition (Horn 1990, "Recovering baseline and orientation from
    /// essential matrix"): `t tᵀ = ½ tr(E Eᵀ) I − E Eᵀ`, and `(t·t) R = cof(E) − [t]× E`.
    static func decompositions(of essential: Matrix3) -> [RigidTransform] {
        let rows = (0..<3).map { SIMD3(essential[$0, 0], essential[$0, 1], essential[$0, 2]) }
        let columns = (0..<3).map { SIMD3(essential[0, $0], essential[1, $0], essential[2, $0]) }
        // The left null vector is the direction of t: the largest cross product of two columns is the best conditioned.
        let candidates = [
            columns[0].cross(columns[1]), columns[1].cross(columns[2]), columns[2].cross(columns[0]),
        ]
        guard let t = candidates.max(by: { $0.length < $1.length }), t.length > 0, t.isFinite else { return [] }
        let squaredNorm = 0.5 * rows.reduce(0) { $0 + $1.dot($1) }
        let baseline = squaredNorm.squareRoot() * t.normalized
        let cofactors = Matrix3(rows: rows[1].cross(rows[2]), rows[2].cross(rows[0]), rows[0].cross(rows[1]))
        var result: [RigidTransform] = []
        for b in [baseline, -baseline] {
            let sum = cofactors + (-1) * (Matrix3.cross(b) * essential)
            let rotation = nearestRotation((1 / squaredNorm) * sum)
            for sign in [1.0, -1.0] {
                result.append(RigidTransform(rotation: rotation, translation: sign * b.normalized))
            }
        }
        return result
    }

    /// Orthonormalises by Newton's iteration for the polar decomposition (Higham 1986).
    private static func nearestRotation(_ matrix: Matrix3) -> Quaternion {
        var m = matrix
        for _ in 0..<20 {
            guard let inverse = m.inverse else { break }
            m = 0.5 * (m + inverse.transpose)
        }
        guard m.rowMajor.allSatisfy(\.isFinite) else { return .identity }
        return Quaternion(rotationMatrix: m)
    }
}
