// SPDX-License-Identifier: Apache-2.0

/// A detected point of a picture.
public struct Keypoint: Hashable, Sendable {
    /// In pixels of the original picture; the centre of the top left pixel is (0.5, 0.5).
    public var position: SIMD2<Float>
    /// Radius of the feature in pixels of the original picture.
    public var scale: Float
    /// Orientation in radians, clockwise on the picture (y points down).
    public var orientation: Float

    /// Creates a keypoint.
    public init(position: SIMD2<Float>, scale: Float, orientation: Float) {
        self.position = position
        self.scale = scale
        self.orientation = orientation
    }
}

/// The keypoints of one picture with their descriptors.
public struct FeatureSet: Hashable, Sendable {
    /// Bytes of one descriptor.
    public static let descriptorLength = 128

    /// Detected points.
    public var keypoints: [Keypoint]
    /// `[keypoints × 128]`, row by row: RootSIFT, `512 · √(L1-normalised SIFT)`, rounded and cut at 255, so that each row
    /// has a Euclidean length of about 512. Empty when unknown: such a set can be mapped but not matched.
    public var descriptors: [UInt8]

    /// Creates a set.
    ///
    /// - Precondition: there are 128 descriptor bytes for each keypoint, or none at all.
    public init(keypoints: [Keypoint], descriptors: [UInt8]) {
        precondition(
            descriptors.isEmpty || descriptors.count == keypoints.count * Self.descriptorLength,
            "a descriptor has \(Self.descriptorLength) bytes")
        self.keypoints = keypoints
        self.descriptors = descriptors
    }

    /// Number of keypoints.
    public var count: Int { keypoints.count }
}
