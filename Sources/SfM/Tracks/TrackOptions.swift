// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How matches become tracks.
public struct TrackOptions: Sendable, Codable, Hashable {
    /// Verified pairs with fewer inliers take no part.
    public var minimumPairInliers = 15
    /// Shortest track that is kept, in images.
    public var minimumLength = 2

    /// The defaults.
    public init() {}

    /// Throws when a value cannot work.
    public func validate() throws(OptionsError) {
        try OptionsError.require(
            minimumPairInliers >= 1, "minimumPairInliers", minimumPairInliers, allowed: "at least 1")
        try OptionsError.require(minimumLength >= 2, "minimumLength", minimumLength, allowed: "at least 2")
    }
}
