// SPDX-License-Identifier: Apache-2.0

/// What a field should be at one point, and how much that counts.
public struct FieldSample: Hashable, Sendable {
    /// Where, in the frame of the grid.
    public var position: SIMD3<Float>
    /// The value wanted there.
    public var target: Float
    /// Factor on the squared difference, not negative; 0 leaves the sample out.
    public var weight: Float

    /// Creates a sample.
    public init(position: SIMD3<Float>, target: Float, weight: Float) {
        self.position = position
        self.target = target
        self.weight = weight
    }
}
