// SPDX-License-Identifier: Apache-2.0

/// A similarity: `x_b = scale · rotation · x_a + translation`.
public struct Similarity: Hashable, Sendable, Codable {
    /// Positive, length in B per length in A.
    public var scale: Double
    /// Turns directions of A into directions of B.
    public var rotation: Quaternion
    /// Origin of A seen from B, in units of B.
    public var translation: SIMD3<Double>

    /// The identity.
    public static let identity = Similarity(scale: 1, rotation: .identity, translation: .zero)

    /// Creates `x ↦ scale · rotation · x + translation`.
    ///
    /// - Precondition: `scale` is positive and finite.
    public init(scale: Double, rotation: Quaternion, translation: SIMD3<Double>) {
        precondition(scale > 0 && scale.isFinite, "a similarity needs a positive, finite scale, got \(scale)")
        self.scale = scale
        self.rotation = rotation
        self.translation = translation
    }

    /// Maps one point.
    public func callAsFunction(_ point: SIMD3<Double>) -> SIMD3<Double> { scale * rotation(point) + translation }

    /// The map in the other direction.
    public var inverse: Similarity {
        let back = rotation.inverse
        return Similarity(scale: 1 / scale, rotation: back, translation: -back(translation) / scale)
    }

    /// The pose of the same camera when the world is mapped: lengths seen by the camera grow with the world.
    ///
    /// With `b = self(a)` and a camera at `cameraFromA`, the result is `cameraFromB`, and a point keeps its pixel.
    public func mapped(_ cameraFromA: RigidTransform) -> RigidTransform {
        let cameraRotation = cameraFromA.rotation * rotation.inverse
        return RigidTransform(
            rotation: cameraRotation, translation: scale * cameraFromA.translation - cameraRotation(translation))
    }
}
