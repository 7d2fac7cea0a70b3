// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Whether principal points are refined at the end.
public enum PrincipalPointRefinement: String, Hashable, Sendable, Codable {
    /// They stay at their priors.
    case never
    /// They move where many well-spread views determine them.
    case automatic
    /// They move whenever the intrinsics do.
    case always
}

/// How maps are built. Angles in degrees, distances in pixels.
public struct MappingOptions: Hashable, Sendable, Codable {
    /// How matches become tracks.
    public var tracks = TrackOptions()
    /// When rays make a point.
    public var triangulation = TriangulationOptions()
    /// Points that the starting pair must have; halved twice before giving up.
    public var minimumInitialPoints = 100
    /// Median angle between the rays of the starting pair's points; halved up to three times before giving up.
    public var minimumInitialAngle = 16.0
    /// Reprojection error below which a point counts for a new image's pose.
    public var maximumPoseError = 12.0
    /// Points that must agree with a new image's pose.
    public var minimumPoseInliers = 15
    /// Share of the points seen that must agree with it.
    public var minimumPoseInlierShare = 0.25
    /// Smallest model kept, in images.
    public var minimumModelSize = 3
    /// Starting pairs tried for one model before the best is taken.
    public var maximumInitialTrials = 5
    /// Most models kept.
    public var maximumModelCount = 20
    /// Share of a registered image's verified matches that must agree with the model.
    public var minimumExplainedShare = 0.5
    /// Whether principal points are refined at the end.
    public var principalPoint = PrincipalPointRefinement.automatic
    /// Loss and tolerances of the last, global adjustments.
    public var bundle = BundleOptions()
    /// Scale of the Cauchy loss that replaces the loss of ``bundle``, as a multiple of the median reprojection error; `nil`
    /// keeps that loss.
    public var finalLossFactor: Double? = 2
    /// How the map grows on a neural level set; `nil`: it is purely geometric.
    public var levelSet: LevelSetMappingOptions?
    /// Names the random numbers of pose sampling.
    public var seed: UInt64 = 0

    /// The defaults.
    public init() {}

    /// Throws when a value cannot work.
    public func validate() throws(OptionsError) {
        try tracks.validate()
        try triangulation.validate()
        try bundle.validate()
        try levelSet?.validate()
        try OptionsError.require(
            minimumInitialPoints >= 8, "minimumInitialPoints", minimumInitialPoints, allowed: "at least 8")
        try OptionsError.require(
            minimumInitialAngle > 0 && minimumInitialAngle < 90, "minimumInitialAngle", minimumInitialAngle,
            allowed: "between 0 and 90 degrees")
        try OptionsError.require(
            maximumPoseError > 0 && maximumPoseError.isFinite, "maximumPoseError", maximumPoseError,
            allowed: "greater than 0 pixels")
        try OptionsError.require(
            minimumPoseInliers >= 6, "minimumPoseInliers", minimumPoseInliers, allowed: "at least 6")
        if let factor = finalLossFactor {
            try OptionsError.require(
                factor > 0 && factor.isFinite, "finalLossFactor", factor, allowed: "greater than 0, or none")
        }
        for (name, share) in [
            ("minimumPoseInlierShare", minimumPoseInlierShare), ("minimumExplainedShare", minimumExplainedShare),
        ] { try OptionsError.require((0...1).contains(share), name, share, allowed: "0 to 1") }
        for (name, count) in [
            ("minimumModelSize", minimumModelSize - 1), ("maximumInitialTrials", maximumInitialTrials),
            ("maximumModelCount", maximumModelCount),
        ] { try OptionsError.require(count >= 1, name, count, allowed: "at least 1 (minimumModelSize: 2)") }
    }
}
