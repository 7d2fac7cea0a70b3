// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// How pairs of keypoints shape a signed distance, and which of them it accepts.
package struct LevelSetTriangulationOptions: Hashable, Sendable, Codable {
    /// Shape of the field: a small grid is enough, and fast.
    package var architecture = SDFArchitecture()
    /// Steps and learning rates.
    package var training = SDFTrainingOptions()
    /// Pairs of one step, each with two rays.
    package var pairs = 300
    /// Samples of one step at which the gradient should have length 1.
    package var eikonalSamples = 1024
    /// Weight of `|f|` where rays end.
    package var surfaceWeight: Float = 100
    /// The same where a ray has not converged.
    package var missedWeight: Float = 20
    /// Weight of `| |∇f| - 1 |`.
    package var eikonalWeight: Float = 70
    /// Scale of the Cauchy loss of reprojection at the first step, in pixels: wide, while the surface is unknown.
    package var firstScale = 100.0
    /// The same from half of the steps on.
    package var lastScale = 2.0
    /// Pairs whose rays end farther apart than this many robust deviations are outliers.
    package var maximumGap = 3.0
    /// Largest reprojection error of an accepted point in pixels.
    package var maximumError = 4.0

    /// Points of the map, and places seen through, of one step of training a field on.
    package var rememberedPoints = 256

    /// Settings for training a field on with a new photo: as few steps as suffice, from a surface that is nearly right.
    package static func trainingOn(steps: Int) -> LevelSetTriangulationOptions {
        var options = LevelSetTriangulationOptions()
        options.training.steps = steps
        options.training.gridRate = 0.01
        options.training.perceptronRate = 0.001
        options.training.startLevels = options.architecture.grid.levels
        options.training.finalRateFraction = 0.2
        options.pairs = 200
        options.eikonalSamples = 512
        options.firstScale = 20
        return options
    }

    /// Settings for a thousand pairs of two photos.
    package init() {
        architecture.grid.levels = 8
        architecture.grid.finestResolution = 256
        architecture.grid.log2TableSize = 15
        architecture.start = .ball(radius: Float(SceneNormalization.radius))
        training.steps = 500
        training.gridRate = 0.03
        training.perceptronRate = 0.004
        training.finalRateFraction = 0.1
        training.openingEnd = 0.5
    }

    /// Throws when a value cannot work.
    package func validate() throws(OptionsError) {
        try architecture.validate()
        try training.validate()
        for (name, count) in [
            ("pairs", pairs), ("eikonalSamples", eikonalSamples), ("rememberedPoints", rememberedPoints),
        ] {
            try OptionsError.require((1...1_000_000).contains(count), name, count, allowed: "1 to 1,000,000")
        }
        for (name, weight) in [
            ("surfaceWeight", surfaceWeight), ("missedWeight", missedWeight), ("eikonalWeight", eikonalWeight),
        ] { try OptionsError.require(weight >= 0 && weight.isFinite, name, weight, allowed: "0 or more") }
        for (name, value) in [
            ("firstScale", firstScale), ("lastScale", lastScale), ("maximumGap", maximumGap),
            ("maximumError", maximumError),
        ] { try OptionsError.require(value > 0 && value.isFinite, name, value, allowed: "greater than 0") }
    }
}
