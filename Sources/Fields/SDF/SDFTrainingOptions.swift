// SPDX-License-Identifier: Apache-2.0

import Geometry

#if canImport(Glibc)
    import Glibc
#endif

/// How a signed distance network is trained.
public struct SDFTrainingOptions: Hashable, Sendable, Codable {
    /// Optimiser steps.
    public var steps = 1200
    /// First learning rate of the grid's tables.
    public var gridRate: Float = 1e-2
    /// First learning rate of the perceptron.
    public var perceptronRate: Float = 2e-3
    /// Last learning rate divided by the first; it falls exponentially.
    public var finalRateFraction: Float = 0.05
    /// Grid levels in use at the first step. The others open one by one; the last at ``openingEnd``.
    public var startLevels = 4
    /// Share of the steps after which all levels are in use, above 0 to 1.
    public var openingEnd = 0.75
    /// Decay of Adam's first moment.
    public var beta1: Float = 0.9
    /// Decay of Adam's second moment; short, since the samples of a step rarely meet the same table entries.
    public var beta2: Float = 0.99

    /// Settings that suit sparse points.
    public init() {}

    /// Throws when training cannot work with these values.
    public func validate() throws(OptionsError) {
        try OptionsError.require((1...10_000_000).contains(steps), "steps", steps, allowed: "1 to 10,000,000")
        for (name, rate) in [("gridRate", gridRate), ("perceptronRate", perceptronRate)] {
            try OptionsError.require(rate > 0 && rate < 1, name, rate, allowed: "between 0 and 1")
        }
        try OptionsError.require(
            finalRateFraction > 0 && finalRateFraction <= 1, "finalRateFraction", finalRateFraction,
            allowed: "above 0 to 1")
        try OptionsError.require(startLevels >= 0, "startLevels", startLevels, allowed: "0 or more")
        try OptionsError.require(openingEnd > 0 && openingEnd <= 1, "openingEnd", openingEnd, allowed: "above 0 to 1")
        for (name, beta) in [("beta1", beta1), ("beta2", beta2)] {
            try OptionsError.require(beta >= 0 && beta < 1, name, beta, allowed: "0 to below 1")
        }
    }

    /// Factor on both learning rates at `step`.
    func rateFactor(step: Int) -> Float {
        Float(pow(Double(finalRateFraction), Double(step) / Double(steps)))
    }

    /// Grid levels of `levels` that are in use at `step`.
    package func openLevels(step: Int, of levels: Int) -> Int {
        let start = min(startLevels, levels)
        let progress = min(1, Double(step) / (openingEnd * Double(steps)))
        return min(levels, start + Int(progress * Double(levels - start)))
    }
}
