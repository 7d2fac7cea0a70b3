// SPDX-License-Identifier: Apache-2.0

/// How much was found in images and pairs before mapping, without the findings themselves.
public struct MatchSummary: Hashable, Sendable {
    /// One pair of images.
    public struct Pair: Hashable, Sendable {
        /// Matches by look alone.
        public var matches = 0
        /// Matches that agree with the pair's geometry; 0 for a pair that could not be verified.
        public var inliers = 0

        /// Counts of a pair.
        public init(matches: Int = 0, inliers: Int = 0) {
            self.matches = matches
            self.inliers = inliers
        }
    }

    /// Names by image ID.
    public var names: [ImageID: String] = [:]
    /// Keypoints by image ID.
    public var keypoints: [ImageID: Int] = [:]
    /// Pairs that were matched.
    public var pairs: [ImagePair: Pair] = [:]

    /// Nothing found.
    public init() {}
}
