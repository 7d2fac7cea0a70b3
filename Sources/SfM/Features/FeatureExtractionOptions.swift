// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How features are sought in a picture.
public struct FeatureExtractionOptions: Hashable, Sendable, Codable {
    /// Pictures whose longer side has more pixels are reduced to it first. More brings time, hardly accuracy.
    public var maximumImageSize = 1600
    /// Features kept at most: the largest scales, spread over the picture.
    public var maximumFeatures = 8192
    /// Features kept at most for each pixel of the working picture. Small pictures hold many features of the smallest scale,
    /// which cost as much time as the others in matching and place points less well.
    public var maximumDensity = 0.012
    /// Layers of each octave of the scale space.
    public var octaveLayers = 3
    /// Smallest contrast of a feature times ``octaveLayers``, for grey levels in 0...1. 0.02 finds as many features as
    /// COLMAP does; OpenCV's own default, 0.04, a third of them.
    public var contrastThreshold = 0.02
    /// Largest ratio of the principal curvatures; keeps features off edges.
    public var edgeThreshold = 10.0

    /// The defaults.
    public init() {}

    /// Throws when a value makes no sense.
    public func validate() throws(OptionsError) {
        try OptionsError.require(
            (16...32_768).contains(maximumImageSize), "maximumImageSize", maximumImageSize,
            allowed: "16 up to 32768 pixels")
        try OptionsError.require(
            (1...1 << 20).contains(maximumFeatures), "maximumFeatures", maximumFeatures, allowed: "1 up to 1048576")
        try OptionsError.require(
            maximumDensity > 0 && maximumDensity <= 1, "maximumDensity", maximumDensity,
            allowed: "greater than 0, at most 1 for each pixel")
        try OptionsError.require(
            (1...16).contains(octaveLayers), "octaveLayers", octaveLayers, allowed: "1 up to 16")
        try OptionsError.require(
            contrastThreshold > 0 && contrastThreshold < 1, "contrastThreshold", contrastThreshold,
            allowed: "between 0 and 1")
        try OptionsError.require(
            edgeThreshold > 1 && edgeThreshold.isFinite, "edgeThreshold", edgeThreshold, allowed: "greater than 1")
    }
}
