// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Everything known before mapping: cameras, images, features, matches and verified pairs; what COLMAP keeps in its
/// `database.db`.
public struct MatchDatabase: Hashable, Sendable {
    /// One image and the camera that took it.
    public struct Image: Hashable, Sendable {
        /// Path relative to the photo folder, with `/`; unique.
        public var name: String
        /// Its camera in ``MatchDatabase/cameras``.
        public var cameraID: CameraID

        /// Creates an image.
        public init(name: String, cameraID: CameraID) {
            self.name = name
            self.cameraID = cameraID
        }
    }

    /// Intrinsics by ID.
    public var cameras: [CameraID: CameraPrior] = [:]
    /// Images by ID.
    public var images: [ImageID: Image] = [:]
    /// Features by image.
    public var features: [ImageID: FeatureSet] = [:]
    /// Matches by look alone, ascending.
    public var matches: [ImagePair: [FeatureMatch]] = [:]
    /// Verified pairs.
    public var geometries: [ImagePair: TwoViewGeometry] = [:]

    /// An empty database.
    public init() {}

    /// What a mapper needs of it.
    public var viewGraph: ViewGraph {
        let nodes = images.map { id, image in
            let keypoints = features[id]?.keypoints ?? []
            return (
                id,
                ViewNode(
                    name: image.name, cameraID: image.cameraID,
                    keypoints: keypoints.map { SIMD2(Double($0.position.x), Double($0.position.y)) })
            )
        }
        return ViewGraph(cameras: cameras, images: Dictionary(uniqueKeysWithValues: nodes), pairs: geometries)
    }
}
