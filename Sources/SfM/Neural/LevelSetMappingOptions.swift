// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How a map grows on a neural level set (Level-S²fM, Xiao et al., CVPR 2023), and which of its parts are switched off for
/// comparisons.
public struct LevelSetMappingOptions: Hashable, Sendable, Codable {
    /// Points are made where rays meet the surface; otherwise by the rays alone.
    public var triangulates = true
    /// Points that the surface denies, and that no third photo confirms, are rejected.
    public var rejects = true
    /// Adjustments draw points to the surface, and the surface follows them.
    public var adjusts = true
    /// Weight of the surface in the last adjustment of the poses, relative to the keypoints.
    ///
    /// A surface gives its errors to poses that many keypoints determine better; the points stay tied to it in any case.
    public var finalWeight = 0.0
    /// Steps of training with each new photo.
    public var stepsPerPhoto = 60
    /// Steps of training after an adjustment.
    public var stepsPerRound = 30

    /// The defaults.
    public init() {}

    /// Throws when a value cannot work.
    public func validate() throws(OptionsError) {
        try OptionsError.require(
            finalWeight >= 0 && finalWeight.isFinite, "finalWeight", finalWeight, allowed: "0 or more")
        for (name, steps) in [("stepsPerPhoto", stepsPerPhoto), ("stepsPerRound", stepsPerRound)] {
            try OptionsError.require((1...100_000).contains(steps), name, steps, allowed: "1 to 100,000")
        }
    }
}
