// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

@Suite struct TrackBuilderTests {
    private func pair(_ first: Int, _ second: Int, _ matches: [(UInt32, UInt32)]) -> DensePair {
        DensePair(
            first: first, second: second, configuration: .calibrated,
            inliers: matches.map { FeatureMatch($0.0, $0.1) })
    }

    private func tracks(_ counts: [Int], _ pairs: [DensePair]) -> [[[Int]]] {
        var options = TrackOptions()
        options.minimumPairInliers = 1
        let set = TrackBuilder(keypointCounts: counts, options: options).tracks(of: pairs)
        return (0..<set.count).map { track in
            set.observations(of: track).map { [Int(set.imageIndices[$0]), Int(set.keypointIndices[$0])] }
        }
    }

    @Test func chainsBecomeTracks() {
        let result = tracks([2, 2, 2], [pair(0, 1, [(0, 1)]), pair(1, 2, [(1, 0), (0, 1)])])
        #expect(result == [[[0, 0], [1, 1], [2, 0]], [[1, 0], [2, 1]]])
    }

    @Test func aConflictIsDividedAtItsWeakestMatch() {
        // Keypoint 0 of every image is one point, keypoint 1 another; a single wrong match joins them.
        let all: [(UInt32, UInt32)] = [(0, 0), (1, 1)]
        let result = tracks(
            [2, 2, 2, 2],
            [pair(0, 1, all), pair(0, 2, all), pair(1, 2, all), pair(0, 3, all), pair(1, 3, all), pair(2, 3, [(0, 1)])])
        #expect(result == [[[0, 0], [1, 0], [2, 0], [3, 0]], [[0, 1], [1, 1], [2, 1], [3, 1]]])
    }

    @Test func weakPairsTakeNoPart() {
        let set = TrackBuilder(keypointCounts: [3, 3], options: TrackOptions()).tracks(of: [pair(0, 1, [(0, 0)])])
        #expect(set.count == 0)
    }

    /// No track sees an image twice, no keypoint is in two tracks, and nothing depends on the order of the matches' ends.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func tracksArePartitionsWithoutConflicts(seed: UInt64) {
        var random = RandomStream(seed: seed, label: "tracks")
        let counts = [30, 25, 40, 20, 35]
        var pairs: [DensePair] = []
        for a in 0..<5 {
            for b in (a + 1)..<5 {
                let matches = (0..<25).map { _ in
                    (UInt32(random.index(below: counts[a])), UInt32(random.index(below: counts[b])))
                }
                pairs.append(pair(a, b, matches))
            }
        }
        let result = tracks(counts, pairs)
        var used = Set<[Int]>()
        for track in result {
            #expect(track.count >= 2)
            #expect(zip(track, track.dropFirst()).allSatisfy { $0[0] < $1[0] })
            for observation in track { #expect(used.insert(observation).inserted) }
        }
        #expect(tracks(counts, pairs) == result)
    }
}
