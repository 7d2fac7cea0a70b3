// SPDX-License-Identifier: Apache-2.0

/// What one bundle adjustment did.
public struct BundleSummary: Hashable, Sendable, Codable {
    /// Half the sum of the losses at the start, in squared pixels.
    public var initialCost: Double
    /// The same at the end; never above the start.
    public var finalCost: Double
    /// Steps taken.
    public var iterations: Int
    /// Whether a tolerance was reached, rather than the limit on iterations or a cancellation.
    public var hasConverged: Bool
    /// Observations left out because their point started behind the camera.
    public var skippedObservations: Int
}
