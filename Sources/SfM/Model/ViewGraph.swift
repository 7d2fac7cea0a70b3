// SPDX-License-Identifier: Apache-2.0

import Geometry

/// One image before it is posed: what ingest and feature extraction know.
public struct ViewNode: Hashable, Sendable {
    /// Path relative to the photo folder, with `/`.
    public var name: String
    /// Its camera in ``ViewGraph/cameras``.
    public var cameraID: CameraID
    /// Pixel positions of its keypoints; the centre of the top left pixel is (0.5, 0.5).
    public var keypoints: [SIMD2<Double>]

    /// Creates a node.
    public init(name: String, cameraID: CameraID, keypoints: [SIMD2<Double>]) {
        self.name = name
        self.cameraID = cameraID
        self.keypoints = keypoints
    }
}

/// A camera before mapping: its intrinsics and how far they can be trusted.
public struct CameraPrior: Hashable, Sendable, Codable {
    /// Where the focal length comes from.
    public enum FocalLengthSource: String, Hashable, Sendable, Codable {
        /// Given by the user: held fixed.
        case given
        /// From EXIF: refined.
        case exif
        /// Nothing known: searched, then refined.
        case guessed
    }

    /// Best guess of the intrinsics.
    public var camera: Camera
    /// Where its focal length comes from.
    public var focalLengthSource: FocalLengthSource

    /// Creates a prior.
    public init(camera: Camera, focalLengthSource: FocalLengthSource) {
        self.camera = camera
        self.focalLengthSource = focalLengthSource
    }
}

/// Images as nodes and verified pairs as edges: the input of every mapper.
public struct ViewGraph: Hashable, Sendable {
    /// Intrinsics by ID.
    public var cameras: [CameraID: CameraPrior]
    /// All images by ID.
    public var images: [ImageID: ViewNode]
    /// Verified pairs.
    public var pairs: [ImagePair: TwoViewGeometry]

    /// Creates a graph.
    public init(
        cameras: [CameraID: CameraPrior] = [:], images: [ImageID: ViewNode] = [:],
        pairs: [ImagePair: TwoViewGeometry] = [:]
    ) {
        self.cameras = cameras
        self.images = images
        self.pairs = pairs
    }
}
