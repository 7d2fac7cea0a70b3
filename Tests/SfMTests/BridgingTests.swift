// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import TestSupport
import Testing

/// Two parts of a ring that only one pair of photos joins, seen through a long lens: what is left of the matches across is
/// that pair's own and a few points that a third photo sees, too.
@Suite struct BridgingTests {
    /// A ring of 8 photos; of the matches across its middle (photos 4 and 5) only the pair's own and `shared` points that
    /// photo 3 saw as well are kept.
    private static func scene(focalLength: Double, shared: Int, seed: UInt64) -> SyntheticViewGraph {
        var options = SyntheticViewGraph.Options()
        (options.imageCount, options.reach, options.outlierShare) = (8, 2, 0)
        (options.arc, options.focalLength, options.matchShare) = (15, focalLength, 1)
        var scene = SyntheticViewGraph(options, seed: seed)
        let (left, right): (ImageID, ImageID) = (4, 5)
        for pair in scene.graph.pairs.keys where pair.first <= left && pair.second >= right {
            if pair != ImagePair(left, right) { scene.graph.pairs[pair] = nil }
        }
        // Matches of the joining pair that continue to the left or to the right.
        func continued(_ image: ImageID, _ others: [ImageID]) -> Set<UInt32> {
            var result: Set<UInt32> = []
            for (pair, geometry) in scene.graph.pairs {
                for other in others where pair == ImagePair(min(image, other), max(image, other)) {
                    for match in geometry.inliers { result.insert(pair.first == image ? match.first : match.second) }
                }
            }
            return result
        }
        let (before, behind) = (continued(left, [2, 3]), continued(right, [6, 7]))
        var kept = 0
        scene.graph.pairs[ImagePair(left, right)]?.inliers.removeAll { match in
            guard !behind.contains(match.second) else { return true }
            guard before.contains(match.first) else { return false }
            kept += 1
            return kept > shared
        }
        return scene
    }

    @Test(arguments: [1 as UInt64, 2, 3], [850.0, 4000])
    func partsAreJoinedByOnePair(seed: UInt64, focalLength: Double) throws {
        let scene = Self.scene(focalLength: focalLength, shared: 8, seed: seed)
        let model = try GeometricMapper().map(scene.graph).models[0]
        #expect(model.images.count == 8)
        #expect(model.violatedInvariants().isEmpty)
        #expect(scene.errors(of: model).rotation < 1)
    }

    /// Without a third photo nothing tells how far the parts are from each other.
    @Test func withoutSharedPointsPartsStayApart() throws {
        let result = try GeometricMapper().map(Self.scene(focalLength: 850, shared: 0, seed: 1).graph)
        #expect(result.models[0].images.count == 4)
    }
}
