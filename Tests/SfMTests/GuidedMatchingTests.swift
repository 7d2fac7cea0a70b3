// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

@Suite struct GuidedMatchingTests {
    /// A pair whose descriptors come in look-alike groups of four, so that the ratio test alone fails for most.
    private static func repetitive(_ scene: SyntheticPair.Scene, seed: UInt64) -> (
        SyntheticPair, FeatureSet, FeatureSet
    ) {
        let pair = SyntheticPair(scene, seed: seed, right: 300, wrong: 0)
        let looks = randomDescriptors(300, seed: seed)
        var random = RandomStream(seed: seed, label: "looks")
        let describe = { (offset: Int, random: inout RandomStream) in
            (0..<300).flatMap { index -> [UInt8] in
                // Every third feature looks like nothing else.
                let look = index % 3 == 0 ? index : 4 * (index / 4)
                return looks[128 * look..<128 * (look + 1)].map {
                    UInt8(max(0, min(255, Int($0) + random.index(below: 9) - 4)))
                }
            }
        }
        let keypoints = { (points: [SIMD2<Double>]) in
            points.map { Keypoint(position: SIMD2(Float($0.x), Float($0.y)), scale: 2, orientation: 0) }
        }
        let first = FeatureSet(keypoints: keypoints(pair.first), descriptors: describe(0, &random))
        let second = FeatureSet(keypoints: keypoints(pair.second), descriptors: describe(1, &random))
        return (pair, first, second)
    }

    @Test(arguments: 0..<10) func geometryTellsLookAlikesApart(seed: UInt64) throws {
        for scene in SyntheticPair.Scene.allCases {
            let (pair, first, second) = Self.repetitive(scene, seed: seed)
            let prior = CameraPrior(camera: pair.camera, focalLengthSource: .given)
            let result = try PairVerifier().verify(
                ImagePair(1, 2), first: .init(camera: prior, features: first),
                second: .init(camera: prior, features: second))
            #expect(result.matches.count < 180)
            let right = result.geometry.inliers.count { $0.first == $0.second }
            #expect(right > result.matches.count + 40, "\(scene)")
            #expect(right >= result.geometry.inliers.count * 97 / 100, "\(scene)")
            #expect(pair.rotationError(result.geometry) < 0.1 || scene == .planar)
        }
    }

    @Test func verifiedMatchesStay() throws {
        let (pair, first, second) = Self.repetitive(.general, seed: 50)
        let geometry = try pair.estimate(.given)
        let more = try GuidedMatcher().matches(
            geometry, first: first, firstCamera: pair.camera, second: second, secondCamera: pair.camera)
        #expect(Set(geometry.inliers).isSubset(of: Set(more)))
        #expect(Set(more.map(\.first)).count == more.count && Set(more.map(\.second)).count == more.count)
        #expect(more == more.sorted())
    }

    @Test func nothingIsFoundWithoutAGeometry() throws {
        let (pair, first, second) = Self.repetitive(.general, seed: 51)
        let nothing = TwoViewGeometry(configuration: .degenerate, inliers: [])
        let none = try GuidedMatcher().matches(
            nothing, first: first, firstCamera: pair.camera, second: second, secondCamera: pair.camera)
        #expect(none.isEmpty)
    }
}
