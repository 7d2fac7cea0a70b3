// SPDX-License-Identifier: Apache-2.0

import Geometry

#if canImport(Glibc)
    import Glibc
#endif

/// How a radiance field is trained.
public struct RadianceTrainingOptions: Hashable, Sendable, Codable {
    /// Optimiser steps, learning rates of the signed distance and the grid levels it opens.
    public var distance = SDFTrainingOptions()
    /// How rays are cut.
    public var sampling = RaySampling()
    /// Scale of the density at the first step, in units of the cube; it falls exponentially.
    public var firstBeta: Float = 0.02
    /// Its scale at the last step.
    public var lastBeta: Float = 0.003
    /// First learning rate of the grids of colour and surroundings.
    public var gridRate: Float = 2e-2
    /// First learning rate of their perceptrons.
    public var perceptronRate: Float = 5e-3
    /// First learning rate of exposures; 0 leaves all pictures at the same one.
    public var exposureRate: Float = 2e-3
    /// Last learning rate of these divided by the first; they fall exponentially.
    public var finalRateFraction: Float = 0.05
    /// Weight of the colours' difference.
    public var colorWeight: Float = 100
    /// Difference of a colour channel below which the loss is quadratic.
    public var colorRounding: Float = 0.01
    /// Weight of what lies too far from the traced surface, for each unit of the cube beyond 2β.
    public var depthWeight: Float = 10
    /// Weight of the eikonal term at the samples of rays.
    public var eikonalWeight: Float = 2
    /// Weight of the logarithm of the light that comes from where points outside the cube are seen.
    public var sightingWeight: Float = 10
    /// Weight of the light that comes from before the cube on rays that then meet the surface.
    public var veilWeight: Float = 10
    /// Layers that count for less than this keep no colour.
    public var leastWeight: Float = 5e-4

    /// Settings for a signed distance that already is close to the scene.
    public init() {
        distance.steps = 1500
        distance.gridRate = 1e-3
        distance.perceptronRate = 2e-4
        distance.finalRateFraction = 0.1
        distance.startLevels = 24
    }

    /// Throws when training cannot work with these values.
    public func validate() throws(OptionsError) {
        try distance.validate()
        try sampling.validate()
        try OptionsError.require(
            lastBeta > 0 && lastBeta <= firstBeta, "lastBeta", lastBeta, allowed: "above 0, not above firstBeta")
        try OptionsError.require(firstBeta <= 1, "firstBeta", firstBeta, allowed: "at most 1")
        for (name, rate) in [("gridRate", gridRate), ("perceptronRate", perceptronRate)] {
            try OptionsError.require(rate > 0 && rate < 1, name, rate, allowed: "between 0 and 1")
        }
        try OptionsError.require(
            exposureRate >= 0 && exposureRate < 1, "exposureRate", exposureRate, allowed: "0 to below 1")
        try OptionsError.require(
            finalRateFraction > 0 && finalRateFraction <= 1, "finalRateFraction", finalRateFraction,
            allowed: "above 0 to 1")
        for (name, value) in [
            ("colorWeight", colorWeight), ("depthWeight", depthWeight), ("eikonalWeight", eikonalWeight),
            ("sightingWeight", sightingWeight), ("veilWeight", veilWeight),
        ] { try OptionsError.require(value >= 0 && value.isFinite, name, value, allowed: "0 or more") }
        try OptionsError.require(
            colorRounding > 0 && colorRounding.isFinite, "colorRounding", colorRounding, allowed: "greater than 0")
        try OptionsError.require((0...0.1).contains(leastWeight), "leastWeight", leastWeight, allowed: "0 to 0.1")
    }

    /// Scale of the density at `step`.
    public func beta(step: Int) -> Float {
        let share = Double(min(step, distance.steps)) / Double(distance.steps)
        return firstBeta * Float(pow(Double(lastBeta / firstBeta), share))
    }

    /// Factor on the learning rates of colour at `step`.
    func rateFactor(step: Int) -> Float {
        Float(pow(Double(finalRateFraction), Double(step) / Double(distance.steps)))
    }
}
