// SPDX-License-Identifier: Apache-2.0

import Geometry

/// What became of one image.
public struct ImageReport: Hashable, Sendable, Codable {
    /// The image's ID.
    public var imageID: ImageID
    /// The image's name.
    public var name: String
    /// Position of its model among ``MappingResult/models``, or `nil` when it is in none.
    public var modelIndex: Int?
    /// Points it observes.
    public var observations = 0
    /// Mean reprojection error of these, in pixels; 0 when there are none.
    public var meanError = 0.0
    /// Verified pairs it takes part in.
    public var verifiedPairs = 0
    /// Inliers of the best of these.
    public var bestPairInliers = 0
    /// Share of its verified matches with images of the same model that agree with it, in `0 ... 1`; 0 when in none.
    public var explainedShare = 0.0
    /// Why it is in no model; `nil` when it is in one.
    public var reason: String?
}

/// How good one model is.
public struct ModelReport: Hashable, Sendable, Codable {
    /// Images registered.
    public var images = 0
    /// Points.
    public var points = 0
    /// Observations of all points.
    public var observations = 0
    /// Mean number of observations of a point.
    public var meanTrackLength = 0.0
    /// Mean reprojection error of the observations, in pixels.
    public var meanError = 0.0
    /// Share of observations with an error under 2 px, in `0 ... 1`.
    public var shareBelow2Pixels = 0.0
    /// Share of the verified matches between registered images that agree with the poses, in `0 ... 1`.
    public var explainedShare = 0.0
    /// Verified pairs of registered images.
    public var pairs = 0
    /// Those of them most of whose matches contradict the poses.
    public var contradictedPairs = 0
    /// Whether so many matches contradict the poses that the model may be wrong.
    ///
    /// Right models of photos explain 0.96 and more of the verified matches; wrong ones that passed every other test, 0.8.
    public var isDoubtful: Bool { explainedShare < 0.9 }
    /// Median over the points of the largest angle between two rays, in degrees.
    public var medianAngle = 0.0
    /// Intrinsics found, by camera.
    public var cameras: [CameraID: Camera] = [:]
}

/// What a mapper did and how good the result is.
public struct MappingReport: Hashable, Sendable, Codable {
    /// All images in ascending order of ID.
    public var images: [ImageReport] = []
    /// As ``MappingResult/models``.
    public var models: [ModelReport] = []
    /// Tracks made of the matches.
    public var tracks = 0
    /// Components of the match graph that held two keypoints of one image and were divided.
    public var dividedComponents = 0
    /// Verified pairs left out, because their rotation closes no triangle with those of other pairs.
    public var rejectedPairs = 0
    /// Tracks that were joined to others, because both turned out to be one point.
    public var mergedTracks = 0
    /// Whether the principal point was refined.
    public var hasRefinedPrincipalPoint = false
    /// What a user should know, with advice.
    public var warnings: [String] = []

    /// An empty report.
    public init() {}
}

/// What a mapper found.
public struct MappingResult: Hashable, Sendable {
    /// Largest first; never empty.
    public var models: [Reconstruction]
    /// What was done and how good it is.
    public var report: MappingReport

    /// Creates a result.
    public init(models: [Reconstruction], report: MappingReport) {
        self.models = models
        self.report = report
    }
}
