// SPDX-License-Identifier: Apache-2.0

import COpenCV
import Geometry

/// Relative poses that a two-view model admits, before the points choose among them.
enum RelativePoseCandidates {
    /// The four of an essential matrix, translations of length 1.
    static func of(essential: Matrix3) throws(OpenCVError) -> [RigidTransform] {
        var (a, b) = ([Double](repeating: 0, count: 9), [Double](repeating: 0, count: 9))
        var t = [Double](repeating: 0, count: 3)
        guard zs_decompose_essential(essential.rowMajor, &a, &b, &t) >= 0 else {
            throw OpenCVError(lastFailureOf: "decomposing an essential matrix")
        }
        return [a, b].flatMap { values in
            let rotation = Quaternion(rotationMatrix: Matrix3(rowMajor: values))
            return [1.0, -1.0].map {
                RigidTransform(rotation: rotation, translation: $0 * SIMD3(t[0], t[1], t[2]).normalized)
            }
        }
    }

    /// Those of a homography between normalised directions, up to four, translations of length 1; none for a rotation.
    static func of(homography: Matrix3) throws(OpenCVError) -> [RigidTransform] {
        var rotations = [Double](repeating: 0, count: 36)
        var translations = [Double](repeating: 0, count: 12)
        var normals = [Double](repeating: 0, count: 12)
        let count = Int(zs_decompose_homography(homography.rowMajor, &rotations, &translations, &normals))
        guard count >= 0 else { throw OpenCVError(lastFailureOf: "decomposing a homography") }
        return (0..<count).compactMap { index in
            let t = SIMD3(translations[3 * index], translations[3 * index + 1], translations[3 * index + 2])
            let rotation = rotations[9 * index..<9 * index + 9]
            guard t.length > 1e-9, t.isFinite, rotation.allSatisfy(\.isFinite) else { return nil }
            return RigidTransform(
                rotation: Quaternion(rotationMatrix: Matrix3(rowMajor: rotation)), translation: t.normalized)
        }
    }

    /// The rotation nearest to a matrix, or `nil` for one without direction.
    static func nearestRotation(_ matrix: Matrix3) throws(OpenCVError) -> Quaternion? {
        guard matrix.rowMajor.allSatisfy(\.isFinite), matrix.frobeniusNorm > 0 else { return nil }
        var rotation = [Double](repeating: 0, count: 9)
        guard zs_nearest_rotation(matrix.rowMajor, &rotation) >= 0 else {
            throw OpenCVError(lastFailureOf: "finding the nearest rotation")
        }
        guard rotation.allSatisfy(\.isFinite) else { return nil }
        return Quaternion(rotationMatrix: Matrix3(rowMajor: rotation))
    }
}
