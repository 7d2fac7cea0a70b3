// SPDX-License-Identifier: Apache-2.0

/// A similarity without rotation: `x_b = scale · x_a + translation`.
///
/// Fields live in a normalised cube; a value named `cubeFromWorld` says how it was reached, is stored beside every field,
/// and is undone in every output.
public struct UniformSimilarity: Hashable, Sendable, Codable {
    /// Positive, length in B per length in A.
    public var scale: Double
    /// Origin of A seen from B, in units of B.
    public var translation: SIMD3<Double>

    /// Creates `x ↦ scale · x + translation`.
    ///
    /// - Precondition: `scale` is positive and finite.
    public init(scale: Double, translation: SIMD3<Double>) {
        precondition(scale > 0 && scale.isFinite, "a similarity needs a positive, finite scale, got \(scale)")
        self.scale = scale
        self.translation = translation
    }

    /// Maps the centre of `box` to the origin and its longest half-extent to `halfExtent`.
    ///
    /// - Precondition: `box` has a positive, finite extent on at least one axis.
    public init(centering box: Box, halfExtent: Double) {
        let scale = halfExtent / (0.5 * box.extent.max())
        self.init(scale: scale, translation: -scale * box.center)
    }

    /// The identity.
    public static let identity = UniformSimilarity(scale: 1, translation: .zero)

    /// Maps one point.
    public func callAsFunction(_ point: SIMD3<Double>) -> SIMD3<Double> { scale * point + translation }

    /// Maps a box; corners stay in order because the scale is positive.
    public func callAsFunction(_ box: Box) -> Box { Box(minimum: self(box.minimum), maximum: self(box.maximum)) }

    /// The map in the other direction.
    public var inverse: UniformSimilarity {
        UniformSimilarity(scale: 1 / scale, translation: -translation / scale)
    }
}
