// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

/// What the mapper makes of keypoints that are there twice, and of pairs that contradict the others.
@Suite struct MatchConflictTests {
    private func scene(seed: UInt64, outlierShare: Double = 0) -> SyntheticViewGraph {
        var options = SyntheticViewGraph.Options()
        options.outlierShare = outlierShare
        options.noise = 0.3
        return SyntheticViewGraph(options, seed: seed)
    }

    /// Gives every keypoint a second one `offset` pixels away; every second pair's matches lead to the second ones.
    private func doubled(_ graph: ViewGraph, offset: Double) -> ViewGraph {
        var result = graph
        for id in graph.images.keys {
            let keypoints = graph.images[id]?.keypoints ?? []
            result.images[id]?.keypoints = keypoints + keypoints.map { $0 + SIMD2(offset, 0) }
        }
        for (index, pair) in graph.pairs.keys.sorted().enumerated() where index % 2 == 1 {
            let count = UInt32(graph.images[pair.second]?.keypoints.count ?? 0)
            result.pairs[pair]?.inliers = (graph.pairs[pair]?.inliers ?? [])
                .map { FeatureMatch($0.first, $0.second + count) }
        }
        return result
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func keypointsAtOnePlaceAreOne(seed: UInt64) throws {
        let scene = scene(seed: seed)
        let plain = try GeometricMapper().map(scene.graph)
        let twice = try GeometricMapper().map(doubled(scene.graph, offset: 0))
        #expect(twice.report.tracks == plain.report.tracks)
        #expect(twice.report.models[0].observations == plain.report.models[0].observations)
        #expect(twice.models[0].violatedInvariants().isEmpty)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func tracksTornByNearbyKeypointsAreMerged(seed: UInt64) throws {
        let scene = scene(seed: seed)
        let plain = try GeometricMapper().map(scene.graph)
        let torn = try GeometricMapper().map(doubled(scene.graph, offset: 0.05))
        #expect(torn.models[0].violatedInvariants().isEmpty)
        #expect(torn.report.mergedTracks > 50, "\(torn.report.mergedTracks) merged")
        let before = torn.report.models[0].points + torn.report.mergedTracks
        let (points, target) = (torn.report.models[0].points, plain.report.models[0].points)
        #expect(points < before && points - target < (before - target) / 2, "\(points) of \(before), best \(target)")
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func aPairThatContradictsTheOthersIsLeftOut(seed: UInt64) throws {
        var scene = scene(seed: seed, outlierShare: 0.05)
        let pair = scene.graph.pairs.keys.sorted()[Int(seed) + 2]
        let turn = Quaternion(rotationVector: SIMD3(0, 0, 1.2))
        var random = RandomStream(seed: seed, label: "wrong pair")
        let motion = try #require(scene.graph.pairs[pair]?.secondFromFirst)
        let count = try #require(scene.graph.images[pair.second]?.keypoints.count)
        scene.graph.pairs[pair]?.secondFromFirst = RigidTransform(
            rotation: turn * motion.rotation, translation: motion.translation)
        scene.graph.pairs[pair]?.inliers = (0..<200).map {
            FeatureMatch(UInt32($0), UInt32(random.index(below: count)))
        }
        let result = try GeometricMapper().map(scene.graph)
        #expect(result.report.rejectedPairs == 1)
        #expect(result.models[0].images.count == 10)
        let errors = scene.errors(of: result.models[0])
        #expect(errors.rotation < 0.1 && errors.distance < 1e-3, "\(errors)")
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func aWrongMotionWithRightMatchesIsRepaired(seed: UInt64) throws {
        var scene = scene(seed: seed, outlierShare: 0.05)
        let pair = scene.graph.pairs.keys.sorted()[Int(seed) + 2]
        let motion = try #require(scene.graph.pairs[pair]?.secondFromFirst)
        scene.graph.pairs[pair]?.secondFromFirst = RigidTransform(
            rotation: Quaternion(rotationVector: SIMD3(0.9, 0, 0)) * motion.rotation, translation: -motion.translation)
        let result = try GeometricMapper().map(scene.graph)
        #expect(result.report.rejectedPairs == 0)
        let errors = scene.errors(of: result.models[0])
        #expect(errors.rotation < 0.1 && errors.distance < 1e-3, "\(errors)")
    }
}
