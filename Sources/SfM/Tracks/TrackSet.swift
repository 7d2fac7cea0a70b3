// SPDX-License-Identifier: Apache-2.0

/// Tracks in flat arrays: which keypoints of which images show the same point of the scene.
///
/// Images are named by dense indices (the position of their ID among all IDs of the graph in ascending order). Every
/// observation has a number; those of one track follow each other, ordered by image, at most one of each image.
public struct TrackSet: Hashable, Sendable {
    /// `[tracks + 1]`: the observations of track `t` are `starts[t] ..< starts[t + 1]`.
    public internal(set) var starts: [Int32] = [0]
    /// Image of each observation.
    public internal(set) var imageIndices: [Int32] = []
    /// Keypoint of each observation in its image.
    public internal(set) var keypointIndices: [Int32] = []
    /// Components of the match graph that saw two keypoints of one image and were divided.
    public internal(set) var dividedComponents = 0
    /// Matches left out, because they would have joined two keypoints of one image.
    public internal(set) var refusedMatches = 0
    /// Those of them whose two keypoints belong to tracks: the numbers of the two observations. Where both tracks turn out
    /// to be one point, the match was right and the tracks can be merged.
    var refusedLinks: [SIMD2<Int32>] = []

    /// No tracks.
    public init() {}

    /// Number of tracks.
    public var count: Int { starts.count - 1 }
    /// Number of observations of all tracks.
    public var observationCount: Int { imageIndices.count }

    /// Numbers of the observations of `track`.
    public func observations(of track: Int) -> Range<Int> { Int(starts[track])..<Int(starts[track + 1]) }

    /// For each observation its track.
    func trackOfObservation() -> [Int32] {
        var result = [Int32](repeating: 0, count: observationCount)
        for track in 0..<count {
            for observation in observations(of: track) { result[observation] = Int32(track) }
        }
        return result
    }

    /// Observations by image, ascending: those of image `i` are `observations[starts[i] ..< starts[i + 1]]`.
    func observationsByImage(imageCount: Int) -> (starts: [Int], observations: [Int32]) {
        var starts = [Int](repeating: 0, count: imageCount + 1)
        for image in imageIndices { starts[Int(image) + 1] += 1 }
        for image in 0..<imageCount { starts[image + 1] += starts[image] }
        var cursor = starts
        var sorted = [Int32](repeating: 0, count: observationCount)
        for observation in 0..<observationCount {
            let image = Int(imageIndices[observation])
            sorted[cursor[image]] = Int32(observation)
            cursor[image] += 1
        }
        return (starts, sorted)
    }
}
