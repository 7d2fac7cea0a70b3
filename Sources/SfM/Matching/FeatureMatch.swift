// SPDX-License-Identifier: Apache-2.0

/// A keypoint of a pair's first image and one of its second that look alike.
public struct FeatureMatch: Hashable, Sendable, Comparable {
    /// Number of the keypoint in the pair's first image, from 0.
    public var first: UInt32
    /// Number of the keypoint in the pair's second image, from 0.
    public var second: UInt32

    /// Creates a match.
    public init(_ first: UInt32, _ second: UInt32) {
        self.first = first
        self.second = second
    }

    /// By first keypoint, then by second.
    public static func < (a: FeatureMatch, b: FeatureMatch) -> Bool { (a.first, a.second) < (b.first, b.second) }
}
