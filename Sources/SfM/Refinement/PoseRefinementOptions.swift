// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How cameras are refined by what photos show of a surface.
public struct PoseRefinementOptions: Hashable, Sendable, Codable {
    /// Steps of the field that patches are followed through.
    public var steps = 300
    /// Share by which the held-out error must fall for refined poses to be kept.
    public var poseGain = 0.01
    /// Share by which it must fall further for other intrinsics to be kept: patches on a surface of little depth bend to
    /// almost any.
    public var intrinsicsGain = 0.1
    /// Share by which the reprojection error of keypoints may grow.
    public var keypointTolerance = 0.05

    /// The default refinement.
    public init() {}

    /// Throws when a value makes no sense.
    public func validate() throws(OptionsError) {
        try OptionsError.require((1...1_000_000).contains(steps), "steps", steps, allowed: "1 to 1,000,000")
        for (name, share) in [
            ("poseGain", poseGain), ("intrinsicsGain", intrinsicsGain), ("keypointTolerance", keypointTolerance),
        ] { try OptionsError.require((0..<1).contains(share), name, share, allowed: "0 up to 1") }
    }

    /// Options of the first field: that of a surface made with `surface`, in little time.
    func firstField(for surface: SurfaceOptions) -> SurfaceOptions {
        var result = surface
        result.training.steps = steps
        result.stereo = .never
        result.followsFootprint = false
        result.photometric = surface.photometric ?? PhotoConsistencyOptions()
        return result
    }
}
