// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How the geometry of an image pair is verified.
public struct TwoViewOptions: Hashable, Sendable, Codable {
    /// Largest error of an inlier in pixels of the working size: Sampson distance from an epipolar geometry, or transfer
    /// distance from a homography.
    public var maximumError = 3.0
    /// Pictures count as scaled down to this longer side when errors are measured, as features were sought there.
    public var workingSize = 1600
    /// Inliers at different places that a verified pair needs.
    public var minimumInliers = 15
    /// Probability that sampling has seen at least one sample without outliers.
    public var confidence = 0.9999
    /// Samples at most.
    public var maximumIterations = 10_000
    /// A homography with at least this share of the inliers of the epipolar geometry makes the pair planar or panoramic.
    public var homographyShare = 0.8
    /// An essential matrix needs this share of the inliers of the fundamental matrix, else the focal lengths are doubted.
    public var essentialShare = 0.95
    /// A pure rotation with at least this share of the inliers of the homography makes the pair panoramic.
    public var rotationShare = 0.9

    /// The defaults.
    public init() {}

    /// Throws when a value makes no sense.
    public func validate() throws(OptionsError) {
        try OptionsError.require(
            maximumError > 0 && maximumError <= 1000, "maximumError", maximumError, allowed: "above 0 up to 1000 pixels"
        )
        try OptionsError.require(
            (16...1 << 20).contains(workingSize), "workingSize", workingSize, allowed: "16 up to 1048576 pixels")
        try OptionsError.require(
            minimumInliers >= 8, "minimumInliers", minimumInliers, allowed: "at least 8, one more than determine a pair"
        )
        try OptionsError.require(
            confidence > 0 && confidence < 1, "confidence", confidence, allowed: "between 0 and 1")
        try OptionsError.require(
            (1...10_000_000).contains(maximumIterations), "maximumIterations", maximumIterations,
            allowed: "1 up to 10000000")
        for (name, share) in [
            ("homographyShare", homographyShare), ("essentialShare", essentialShare), ("rotationShare", rotationShare),
        ] {
            try OptionsError.require(share > 0 && share <= 1, name, share, allowed: "above 0 up to 1")
        }
    }
}
