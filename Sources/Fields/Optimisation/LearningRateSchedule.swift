// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#endif

/// Linear warm-up, then a half cosine down to a fraction of the peak.
public struct LearningRateSchedule: Hashable, Sendable, Codable {
    /// Highest learning rate.
    public var peak: Float
    /// Steps of the linear rise.
    public var warmupSteps: Int
    /// Last rate divided by the highest.
    public var finalFraction: Float

    /// Creates a schedule.
    public init(peak: Float, warmupSteps: Int, finalFraction: Float) {
        self.peak = peak
        self.warmupSteps = warmupSteps
        self.finalFraction = finalFraction
    }

    /// Rate of step `step` (0-based) of `total`.
    public func rate(step: Int, total: Int) -> Float {
        if step < warmupSteps { return peak * Float(step + 1) / Float(warmupSteps) }
        let position = Double(step - warmupSteps) / Double(max(1, total - warmupSteps))
        let fall = 0.5 * (1 + cos(Double.pi * min(1, position)))
        return peak * (finalFraction + (1 - finalFraction) * Float(fall))
    }
}
