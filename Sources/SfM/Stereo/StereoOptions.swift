// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Everything that decides the depth maps of PatchMatch stereo and the points taken from them.
public struct StereoOptions: Hashable, Sendable, Codable {
    /// Bound on the longer side of the pictures, in pixels, before they are shrunk.
    public var longerSide = 1600
    /// Times that width and height are halved. Half the size keeps an accuracy of a tenth of a pixel for a quarter of the
    /// work.
    public var halvings = 1
    /// Passes over all pixels, in alternating directions.
    public var sweeps = 4
    /// Most views that a patch is compared with.
    public var sources = 6
    /// How many of them, those that fit best, make the cost. With 1 places that few views see are found, too.
    public var bestSources = 1
    /// Patches whose greys vary less about a ramp are too flat to be told apart: a ramp looks the same wherever it is.
    public var minimumVariance: Float = 4
    /// Largest cost, 1 - correlation, of a pixel that counts.
    public var maximumCost: Float = 0.6
    /// Views whose depth must agree with that of a pixel.
    public var minimumAgreeing = 1
    /// Most views asked whether they agree.
    public var witnesses = 8
    /// Largest distance between a pixel and the point that another view puts there, in pixels.
    public var maximumReprojectionError = 1.0
    /// Largest difference of the two depths, relative.
    public var maximumDepthDifference = 0.006
    /// Largest angle between the two normals, in degrees.
    public var maximumNormalAngle = 45.0
    /// Names all random numbers.
    public var seed: UInt64 = 1

    /// Half the resolution of the pictures: complete rather than pure, as fusion is robust.
    public init() {}

    /// The options behind a quality level.
    public init(quality: Quality) {
        switch quality {
        case .fast: (halvings, sweeps) = (2, 3)
        case .default: break
        case .high: halvings = 0
        }
    }

    /// Throws when a value cannot work.
    public func validate() throws(OptionsError) {
        try OptionsError.require((64...20_000).contains(longerSide), "longerSide", longerSide, allowed: "64 to 20,000")
        try OptionsError.require((0...4).contains(halvings), "halvings", halvings, allowed: "0 to 4")
        try OptionsError.require((1...20).contains(sweeps), "sweeps", sweeps, allowed: "1 to 20")
        try OptionsError.require(
            (1...StereoView.largestSourceCount).contains(sources), "sources", sources,
            allowed: "1 to \(StereoView.largestSourceCount)")
        try OptionsError.require(
            (1...sources).contains(bestSources), "bestSources", bestSources, allowed: "1 to the number of sources")
        try OptionsError.require(
            minimumVariance >= 0 && minimumVariance.isFinite, "minimumVariance", minimumVariance, allowed: "0 or more")
        try OptionsError.require(
            maximumCost > 0 && maximumCost <= 2, "maximumCost", maximumCost, allowed: "above 0 to 2")
        try OptionsError.require((1...64).contains(witnesses), "witnesses", witnesses, allowed: "1 to 64")
        try OptionsError.require(
            (0...witnesses).contains(minimumAgreeing), "minimumAgreeing", minimumAgreeing,
            allowed: "0 to the number of witnesses")
        try OptionsError.require(
            maximumReprojectionError > 0 && maximumReprojectionError.isFinite, "maximumReprojectionError",
            maximumReprojectionError, allowed: "greater than 0")
        try OptionsError.require(
            maximumDepthDifference > 0 && maximumDepthDifference < 1, "maximumDepthDifference", maximumDepthDifference,
            allowed: "between 0 and 1")
        try OptionsError.require(
            maximumNormalAngle > 0 && maximumNormalAngle <= 180, "maximumNormalAngle", maximumNormalAngle,
            allowed: "above 0 to 180")
    }
}
