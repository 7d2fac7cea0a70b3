// SPDX-License-Identifier: Apache-2.0

/// What refining cameras by photo-consistency brought; errors are medians over points, in pixels of the photos.
public struct PoseRefinementReport: Hashable, Sendable, Codable {
    /// Tracks that moved the cameras, and their observations.
    public var tracks = 0
    /// See ``tracks``.
    public var observations = 0
    /// Tracks that were held out.
    public var heldOutTracks = 0
    /// Reprojection error of the held-out tracks, with their points placed anew, by the cameras before and after.
    public var heldOutErrorBefore = 0.0
    /// See ``heldOutErrorBefore``.
    public var heldOutErrorAfter = 0.0
    /// The same of the reconstruction's own points, which did not take part.
    public var keypointErrorBefore = 0.0
    /// See ``keypointErrorBefore``.
    public var keypointErrorAfter = 0.0
    /// What of the intrinsics moved with the poses; `nil` when the cameras stayed as they were.
    public var intrinsics: BundleAdjustment.Intrinsics?
    /// Why they stayed.
    public var reason: String?

    init(reason: String?) { self.reason = reason }
}
