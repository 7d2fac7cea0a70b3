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
    private static func scene(focalLength: Double, shared: Int, ahead: Int = 40, seed: UInt64) -> SyntheticViewGraph {
        var options = SyntheticViewGraph.Options()
        (options.imageCount, options.reach, options.outlierShare) = (8, 2, 0)
        (options.arc, options.focalLength, options.matchShare) = (15, focalLength, 1)
        var scene = SyntheticViewGraph(options, seed: seed)
        let (left, right): (ImageID, ImageID) = (4, 5)
        for pair in scene.graph.pairs.keys where pair.first <= left && pair.second >= right {
            if pair != ImagePair(left, right) { scene.graph.pairs[pair] = nil }
        }
        // A third of the joining pair's matches has no other; a few of another third continue to the left, and some of
        // the last to the right.
        let bridge = ImagePair(left, right)
        let matches = scene.graph.pairs[bridge]?.inliers ?? []
        let own = stride(from: 0, to: matches.count, by: 3).map { matches[$0] }
        let continued = stride(from: 1, to: matches.count, by: 3).prefix(shared).map { matches[$0] }
        let ahead = stride(from: 2, to: matches.count, by: 3).prefix(ahead).map { matches[$0] }
        scene.graph.pairs[bridge]?.inliers = (own + continued + ahead).sorted()
        func drop(_ keypoints: Set<UInt32>, of image: ImageID, in pair: ImagePair) {
            scene.graph.pairs[pair]?.inliers.removeAll {
                keypoints.contains(pair.first == image ? $0.first : $0.second)
            }
        }
        for other in [2, 3] as [ImageID] { drop(Set((own + ahead).map(\.first)), of: left, in: ImagePair(other, left)) }
        for other in [6, 7] as [ImageID] {
            drop(Set((own + continued).map(\.second)), of: right, in: ImagePair(right, other))
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
        let result = try GeometricMapper().map(Self.scene(focalLength: 850, shared: 0, ahead: 0, seed: 1).graph)
        #expect(result.models[0].images.count == 4)
    }
}
