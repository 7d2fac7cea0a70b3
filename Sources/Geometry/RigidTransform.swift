// SPDX-License-Identifier: Apache-2.0

/// A rigid motion: `x_b = rotation · x_a + translation`.
///
/// Name values after both frames, target first, so that composition cancels:
/// `cameraFromWorld = cameraFromRig * rigFromWorld`. Cameras look along +z, x to the right, y down.
public struct RigidTransform: Hashable, Sendable, Codable {
    /// Turns directions of A into directions of B.
    public var rotation: Quaternion
    /// Origin of A seen from B, in scene units.
    public var translation: SIMD3<Double>

    /// The motion that leaves everything where it is.
    public static let identity = RigidTransform(rotation: .identity, translation: .zero)

    /// Creates `x ↦ rotation · x + translation`.
    public init(rotation: Quaternion, translation: SIMD3<Double>) {
        self.rotation = rotation
        self.translation = translation
    }

    /// Maps one point.
    public func callAsFunction(_ point: SIMD3<Double>) -> SIMD3<Double> { rotation(point) + translation }

    /// The motion in the other direction.
    public var inverse: RigidTransform {
        let back = rotation.inverse
        return RigidTransform(rotation: back, translation: -back(translation))
    }

    /// `cFromB * bFromA` is `cFromA`.
    public static func * (cFromB: RigidTransform, bFromA: RigidTransform) -> RigidTransform {
        RigidTransform(
            rotation: cFromB.rotation * bFromA.rotation,
            translation: cFromB.rotation(bFromA.translation) + cFromB.translation)
    }

    /// Of a `cameraFromWorld`: where the camera is, in world coordinates.
    public var cameraCenterInWorld: SIMD3<Double> { rotation.inverse(-translation) }
}
