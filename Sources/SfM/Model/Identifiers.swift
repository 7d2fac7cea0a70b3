// SPDX-License-Identifier: Apache-2.0

/// Names a camera; positive, may have holes.
public typealias CameraID = UInt32
/// Names an image; positive and below 2³¹ − 1, may have holes.
public typealias ImageID = UInt32
/// Names a point of the scene; may have holes.
public typealias PointID = UInt64

/// Two different images, the smaller ID first.
public struct ImagePair: Hashable, Sendable, Codable, Comparable {
    /// The smaller ID.
    public let first: ImageID
    /// The larger ID.
    public let second: ImageID

    /// The pair of two images in either order.
    ///
    /// - Precondition: the IDs differ.
    public init(_ a: ImageID, _ b: ImageID) {
        precondition(a != b, "image \(a) makes no pair with itself")
        first = min(a, b)
        second = max(a, b)
    }

    /// By first image, then by second.
    public static func < (a: ImagePair, b: ImagePair) -> Bool { (a.first, a.second) < (b.first, b.second) }
}

/// One keypoint's use in a track.
public struct Observation: Hashable, Sendable, Codable, Comparable {
    /// The image that sees the point.
    public var imageID: ImageID
    /// Number of the keypoint in its image, from 0.
    public var keypointIndex: Int

    /// Creates an observation.
    public init(imageID: ImageID, keypointIndex: Int) {
        self.imageID = imageID
        self.keypointIndex = keypointIndex
    }

    /// By image, then by keypoint.
    public static func < (a: Observation, b: Observation) -> Bool {
        (a.imageID, a.keypointIndex) < (b.imageID, b.keypointIndex)
    }
}
