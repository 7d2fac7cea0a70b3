// SPDX-License-Identifier: Apache-2.0

import Geometry

/// When two features count as alike.
public struct MatchingOptions: Hashable, Sendable, Codable {
    /// The angle between a feature and its nearest must be less than this times that to the second nearest (Lowe 2004).
    public var maximumRatio = 0.8
    /// Largest angle between the descriptors of a match, in radians.
    public var maximumAngle = 0.7
    /// In place of ``maximumRatio`` when only features that agree with a known two-view geometry compete.
    public var guidedRatio = 0.85
    /// A guided match must be at least as alike as this share of the pair's verified matches: near an epipolar line there
    /// is always some feature, and the geometry can no longer tell that it is the wrong one.
    public var guidedQuantile = 0.9

    /// The defaults.
    public init() {}

    /// Throws when a value makes no sense.
    public func validate() throws(OptionsError) {
        try OptionsError.require(
            maximumRatio > 0 && maximumRatio <= 1, "maximumRatio", maximumRatio, allowed: "above 0 up to 1")
        try OptionsError.require(
            guidedRatio > 0 && guidedRatio <= 1, "guidedRatio", guidedRatio, allowed: "above 0 up to 1")
        try OptionsError.require(
            guidedQuantile > 0 && guidedQuantile <= 1, "guidedQuantile", guidedQuantile, allowed: "above 0 up to 1")
        try OptionsError.require(
            maximumAngle > 0 && maximumAngle < 1.6, "maximumAngle", maximumAngle, allowed: "between 0 and 1.6")
    }
}
