// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A map of two images to grow from.
struct InitialPair {
    var map: IncrementalMap
    var first: Int
    var second: Int
    var pointCount: Int
    /// Median angle between the two rays of the points, in radians.
    var medianAngle: Double
}

/// Ranks verified pairs as starting pairs and tries them.
struct InitialPairSearch {
    /// Pairs by score, best first, without those that a plane or a rotation explains.
    let candidates: [DensePair]

    /// Images of `excluded` take no part.
    init(graph: DenseViewGraph, excluded: [Bool]) {
        var degree = [Int](repeating: 0, count: graph.imageCount)
        for pair in graph.pairs where !pair.isContradicted {
            degree[pair.first] += pair.inliers.count
            degree[pair.second] += pair.inliers.count
        }
        var scored: [(planar: Int, score: Double, pair: DensePair)] = []
        for pair in graph.pairs where !excluded[pair.first] && !excluded[pair.second] {
            guard !pair.isContradicted, pair.inliers.count >= 8, pair.secondFromFirst != nil || pair.fundamental != nil
            else { continue }
            let planar: Int
            switch pair.configuration {
            case .calibrated, .uncalibrated: planar = 0
            // A plane gives two motions that agree with all matches: only when nothing else is there.
            case .planar, .planarOrPanoramic: planar = 1
            case .undefined, .degenerate, .panoramic: continue
            }
            // A pair in the middle of things has more images to go on with.
            let reach = Double(min(degree[pair.first], degree[pair.second]))
            scored.append((planar, Double(pair.inliers.count) * reach.squareRoot(), pair))
        }
        scored.sort {
            ($0.planar, $1.score, $0.pair.first, $0.pair.second) < ($1.planar, $0.score, $1.pair.first, $1.pair.second)
        }
        candidates = scored.map(\.pair)
    }
}

extension IncrementalMap {
    /// Turns an empty map into one of two images; `nil` when no motion can be found.
    func started(from pair: DensePair, usesGivenMotion: Bool) throws(MappingError) -> InitialPair? {
        guard let motion = motion(of: pair, usesGivenMotion: usesGivenMotion) else { return nil }
        var map = self
        map.register(pair.first, pose: .identity)
        map.register(pair.second, pose: motion)
        map.addPoints(seenBy: pair.second)
        guard map.pointCount >= 8 else { return nil }
        var options = BundleOptions()
        options.maximumIterations = 20
        for _ in 0..<2 {
            let scope = BundleScope(
                freeImages: nil, pointsPerImage: 500,
                freeParameters: Array(repeating: [], count: cameras.count), options: options)
            _ = try map.adjust(scope, isCancelled: nil)
            map.filter()
            map.retriangulate()
            guard map.pointCount >= 8 else { return nil }
        }
        let cosines = (0..<tracks.count).filter { map.hasPoint[$0] }.map { map.smallestCosine(of: $0) }.sorted()
        let median = cosines[cosines.count / 2]
        return InitialPair(
            map: map, first: pair.first, second: pair.second, pointCount: cosines.count,
            medianAngle: Angle.radians(cosine: median))
    }

    private func motion(of pair: DensePair, usesGivenMotion: Bool) -> RigidTransform? {
        if usesGivenMotion, let given = pair.secondFromFirst, given.translation.length > 0 { return given }
        return graph.motion(of: pair, cameras: cameras)
    }
}

extension DenseViewGraph {
    /// The motion that a pair's fundamental matrix means with these intrinsics, by camera; `nil` when there is none.
    func motion(of pair: DensePair, cameras: [Camera]) -> RigidTransform? {
        guard let fundamental = pair.fundamental else { return nil }
        let cameraOf = { (image: Int) in cameras[cameraOfImage[image]] }
        let (a, b) = (cameraOf(pair.first), cameraOf(pair.second))
        let (lensA, lensB) = (
            PosedLens(camera: a, cameraFromWorld: .identity), PosedLens(camera: b, cameraFromWorld: .identity)
        )
        return RelativePose(
            essential: RelativePose.essential(fundamental: fundamental, first: a, second: b),
            first: pair.inliers.map { lensA.ray(through: keypoints[pair.first][Int($0.first)]) },
            second: pair.inliers.map { lensB.ray(through: keypoints[pair.second][Int($0.second)]) }
        )?.secondFromFirst
    }
}
