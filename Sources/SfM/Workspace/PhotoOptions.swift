// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Everything that decides what a reconstruction from photos looks like, apart from the photos.
public struct PhotoOptions: Hashable, Sendable, Codable {
    /// What is done with the folder of photos.
    public var ingest = IngestOptions()
    /// Which photos share a camera.
    public var cameraSharing = CameraSharing.byMetadata
    /// How keypoints are found.
    public var features = FeatureExtractionOptions()
    /// Which pairs are matched.
    public var pairs = PairChoice.exhaustive
    /// How descriptors are matched.
    public var matching = MatchingOptions()
    /// How pairs are verified.
    public var twoView = TwoViewOptions()
    /// How unknown focal lengths are sought.
    public var focalLengthSearch = FocalLengthSearchOptions()
    /// How the map is built.
    public var mapping = MappingOptions()
    /// Whether cameras are refined by photo-consistency before a surface is fitted.
    public var refinesPoses = true
    /// How they are refined.
    public var refinement = PoseRefinementOptions()
    /// How the surface is fitted.
    public var surface = SurfaceOptions()
    /// How dense depths are found.
    public var stereo = StereoOptions()
    /// Names all random numbers.
    public var seed: UInt64 = 1

    /// The options behind a quality level.
    public init(quality: Quality = .default) {
        stereo = StereoOptions(quality: quality)
        surface.stereoSearch = StereoOptions(quality: quality == .high ? .default : quality)
        switch quality {
        case .fast:
            features.maximumImageSize = 1024
            features.maximumFeatures = 4096
            refinesPoses = false
            surface.training.steps = 240
            surface.resolution = 192
            surface.followsFootprint = false
            surface.stereoSearch.sweeps = 2
            surface.photometric?.rays = 512
            surface.photometric?.start = 0.28
        case .default: break
        case .high:
            features.maximumImageSize = 3200
            features.maximumFeatures = 16_384
            surface.training.steps *= 3
            surface.photometric?.rays *= 2
            surface.longerSide = 1600
        }
    }

    /// Throws when a value cannot work.
    public func validate() throws(OptionsError) {
        try features.validate()
        try matching.validate()
        try twoView.validate()
        try focalLengthSearch.validate()
        try mapping.validate()
        try refinement.validate()
        try surface.validate()
        try stereo.validate()
    }
}
