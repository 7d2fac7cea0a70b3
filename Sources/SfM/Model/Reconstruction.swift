// SPDX-License-Identifier: Apache-2.0

import Geometry

/// One registered image: its name, camera, pose and keypoints.
public struct PosedImage: Hashable, Sendable {
    /// Path relative to the photo folder, with `/`.
    public var name: String
    /// Its camera in ``Reconstruction/cameras``.
    public var cameraID: CameraID
    /// Pose: camera coordinates from world coordinates.
    public var cameraFromWorld: RigidTransform
    /// Pixel positions of all keypoints; the centre of the top left pixel is (0.5, 0.5).
    public var keypoints: [SIMD2<Double>]
    /// For each keypoint the point it observes, or `nil`.
    public var pointIDs: [PointID?]

    /// Creates an image whose keypoints observe nothing yet.
    public init(name: String, cameraID: CameraID, cameraFromWorld: RigidTransform, keypoints: [SIMD2<Double>]) {
        self.name = name
        self.cameraID = cameraID
        self.cameraFromWorld = cameraFromWorld
        self.keypoints = keypoints
        pointIDs = Array(repeating: nil, count: keypoints.count)
    }
}

/// One point of the scene with its track.
public struct ScenePoint: Hashable, Sendable {
    /// In world coordinates.
    public var position: SIMD3<Double>
    /// Red, green, blue.
    public var color: SIMD3<UInt8>
    /// Mean reprojection error in pixels; negative when not computed yet.
    public var error: Double
    /// All keypoints that see it, in ascending order, at most one of each image.
    public var track: [Observation]

    /// Creates a point.
    public init(position: SIMD3<Double>, color: SIMD3<UInt8> = .zero, error: Double = -1, track: [Observation]) {
        self.position = position
        self.color = color
        self.error = error
        self.track = track
    }
}

/// Cameras, posed images and points in one world frame.
public struct Reconstruction: Hashable, Sendable {
    /// Intrinsics by ID.
    public var cameras: [CameraID: Camera] = [:]
    /// Registered images by ID.
    public var images: [ImageID: PosedImage] = [:]
    /// Points by ID.
    public var points: [PointID: ScenePoint] = [:]

    /// An empty world.
    public init() {}

    /// IDs of the registered images in ascending order.
    public var imageIDs: [ImageID] { images.keys.sorted() }
    /// IDs of the points in ascending order.
    public var pointIDs: [PointID] { points.keys.sorted() }

    /// Adds a point and links its observations.
    ///
    /// - Precondition: `id` is new and every keypoint of the track exists and is free.
    public mutating func insert(_ point: ScenePoint, id: PointID) {
        precondition(points[id] == nil, "point \(id) exists already")
        for observation in point.track {
            precondition(
                images[observation.imageID]?.pointIDs[observation.keypointIndex] == .some(nil),
                "keypoint \(observation.keypointIndex) of image \(observation.imageID) is missing or taken")
            images[observation.imageID]?.pointIDs[observation.keypointIndex] = id
        }
        points[id] = point
    }

    /// Removes a point and frees its keypoints; does nothing when there is none.
    public mutating func removePoint(_ id: PointID) {
        guard let point = points.removeValue(forKey: id) else { return }
        for observation in point.track { images[observation.imageID]?.pointIDs[observation.keypointIndex] = nil }
    }

    /// Pixel distance between an observation and the projected point, or `nil` when the point is behind the camera.
    ///
    /// - Precondition: the image and its camera exist.
    public func reprojectionError(of position: SIMD3<Double>, at observation: Observation) -> Double? {
        guard let image = images[observation.imageID], let camera = cameras[image.cameraID] else {
            preconditionFailure("image \(observation.imageID) or its camera is missing")
        }
        guard let pixel = camera.project(image.cameraFromWorld(position)) else { return nil }
        return (pixel - image.keypoints[observation.keypointIndex]).length
    }
}
