// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How well a map agrees with the verified matches, including those that it did not use.
///
/// Registered counts and reprojection errors can be fooled: a wrong map keeps only the observations that fit it. The
/// matches between registered images that agree with no such map betray it.
struct ModelConsistency {
    /// By image: matches with registered images, and those of them that agree.
    private(set) var matches: [Int]
    private(set) var explained: [Int]
    /// Sums over pairs, each counted once.
    private(set) var totalMatches = 0
    private(set) var totalExplained = 0
    /// Pairs of registered images, and those of them most of whose matches contradict the map.
    private(set) var pairs = 0
    private(set) var contradictedPairs = 0

    /// Share of all matches between registered images that agree with the map.
    var share: Double { totalMatches > 0 ? Double(totalExplained) / Double(totalMatches) : 0 }

    /// Share of an image's matches that agree with the map.
    func share(of image: Int) -> Double {
        matches[image] > 0 ? Double(explained[image]) / Double(matches[image]) : 0
    }

    /// A match agrees when the midpoint of its rays lies in front of both cameras and is seen in both within the limit.
    init(of map: IncrementalMap) {
        matches = Array(repeating: 0, count: map.graph.imageCount)
        explained = matches
        let limit = map.options.triangulation.maximumReprojectionError
        for pair in map.graph.pairs
        where map.isRegistered[pair.first] && map.isRegistered[pair.second]
            && pair.inliers.count >= map.options.tracks.minimumPairInliers
        {
            let (a, b) = (map.lenses[pair.first], map.lenses[pair.second])
            var agreeing = 0
            for match in pair.inliers {
                let x = map.graph.keypoints[pair.first][Int(match.first)]
                let y = map.graph.keypoints[pair.second][Int(match.second)]
                guard
                    let point = Triangulator.midpoint(a.center, a.ray(through: x), b.center, b.ray(through: y))
                else { continue }
                let error = max(a.squaredError(of: point, observed: x), b.squaredError(of: point, observed: y))
                if error <= limit * limit { agreeing += 1 }
            }
            pairs += 1
            if 2 * agreeing < pair.inliers.count { contradictedPairs += 1 }
            totalMatches += pair.inliers.count
            totalExplained += agreeing
            for image in [pair.first, pair.second] {
                matches[image] += pair.inliers.count
                explained[image] += agreeing
            }
        }
    }
}
