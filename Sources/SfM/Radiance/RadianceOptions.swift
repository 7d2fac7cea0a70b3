// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// Everything that decides the radiance field of ``RadianceReconstruction``, apart from photos, poses and its start.
public struct RadianceOptions: Hashable, Sendable, Codable {
    /// Shapes of the networks of colour.
    public var architecture = RadianceArchitecture()
    /// Steps, learning rates, sampling and weights.
    public var training = RadianceTrainingOptions()
    /// Pixels of a step.
    public var raysPerStep = 1024
    /// Further pixels of a step, which show points outside the cube.
    public var sightingsPerStep = 256
    /// Further rays of a step, which no photo shows: between cameras nothing must veil the surface either.
    public var unseenRaysPerStep = 128
    /// Shares of the steps after which photos of half and of full size are looked at; before, of a quarter.
    public var halfSizeStart = 0.15
    /// See ``halfSizeStart``.
    public var fullSizeStart = 0.35
    /// What the sparse points say at each step.
    public var pointLoss = SurfaceOptions.Loss()
    /// Bound on the longer side of the photos, in pixels.
    public var longerSide = 1024
    /// Every k-th photo, from the first on, is left out of training and measured against instead; 0 leaves out none.
    public var holdout = 0

    /// The default field.
    public init() {
        pointLoss.surfaceSamples = 512
        pointLoss.freeSamples = 1024
        pointLoss.hiddenSamples = 128
        pointLoss.eikonalSamples = 512
    }

    /// The options behind a quality level.
    public init(quality: Quality) {
        self.init()
        switch quality {
        case .fast:
            training.distance.steps = 600
            longerSide = 640
        case .default: break
        case .high:
            training.distance.steps = 4500
            raysPerStep = 2048
            longerSide = 1600
            architecture.grid.levels = 7
            architecture.grid.finestResolution = 1024
            architecture.grid.log2TableSize = 19
        }
    }

    /// Throws when a value makes no sense.
    public func validate() throws(OptionsError) {
        try architecture.validate()
        try training.validate()
        try pointLoss.validate()
        try OptionsError.require(
            (16...65_536).contains(raysPerStep), "raysPerStep", raysPerStep, allowed: "16 to 65536")
        try OptionsError.require(
            (0...65_536).contains(sightingsPerStep), "sightingsPerStep", sightingsPerStep, allowed: "0 to 65536")
        try OptionsError.require(
            (0...65_536).contains(unseenRaysPerStep), "unseenRaysPerStep", unseenRaysPerStep, allowed: "0 to 65536")
        try OptionsError.require((64...8192).contains(longerSide), "longerSide", longerSide, allowed: "64 to 8192")
        try OptionsError.require(
            holdout == 0 || holdout >= 2, "holdout", holdout, allowed: "0 for none, or 2 and more")
        try OptionsError.require(
            0 <= halfSizeStart && halfSizeStart <= fullSizeStart && fullSizeStart <= 1, "halfSizeStart",
            halfSizeStart, allowed: "0 to fullSizeStart, which is at most 1")
    }

    /// Level of the pyramid at a step: 0 is the full size.
    func pyramidLevel(step: Int) -> Int {
        let progress = Double(step) / Double(training.distance.steps)
        return progress < halfSizeStart ? 2 : progress < fullSizeStart ? 1 : 0
    }
}
