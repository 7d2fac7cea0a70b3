// SPDX-License-Identifier: Apache-2.0

import Geometry

/// What relates two images; numbers as in COLMAP's databases.
public enum TwoViewConfiguration: Int32, Hashable, Sendable, Codable {
    /// Nothing known.
    case undefined = 0
    /// Too few matches agree on any geometry.
    case degenerate = 1
    /// An essential matrix: both cameras' focal lengths are known well enough.
    case calibrated = 2
    /// A fundamental matrix only.
    case uncalibrated = 3
    /// A plane seen by two cameras at different places.
    case planar = 4
    /// Two cameras at (nearly) the same place.
    case panoramic = 5
    /// A homography that may be a plane or a panorama.
    case planarOrPanoramic = 6
}

/// The verified geometry of an image pair.
public struct TwoViewGeometry: Hashable, Sendable {
    /// What was found.
    public var configuration: TwoViewConfiguration
    /// Matches that agree with it, ascending.
    public var inliers: [FeatureMatch]
    /// Fundamental matrix: `x₂ᵀ F x₁ = 0` for pixels, or `nil`.
    public var fundamental: Matrix3?
    /// Essential matrix: `x₂ᵀ E x₁ = 0` for normalised directions, or `nil`.
    public var essential: Matrix3?
    /// Homography from pixels of the first image to pixels of the second, or `nil`.
    public var homography: Matrix3?
    /// Pose of the second camera relative to the first with a translation of length 1 (0 for a panorama), or `nil`.
    public var secondFromFirst: RigidTransform?
    /// Median angle between the viewing rays of triangulated inliers, in radians; 0 when unknown.
    public var medianTriangulationAngle: Double

    /// Creates a geometry.
    public init(
        configuration: TwoViewConfiguration, inliers: [FeatureMatch], fundamental: Matrix3? = nil,
        essential: Matrix3? = nil, homography: Matrix3? = nil, secondFromFirst: RigidTransform? = nil,
        medianTriangulationAngle: Double = 0
    ) {
        self.configuration = configuration
        self.inliers = inliers
        self.fundamental = fundamental
        self.essential = essential
        self.homography = homography
        self.secondFromFirst = secondFromFirst
        self.medianTriangulationAngle = medianTriangulationAngle
    }
}
