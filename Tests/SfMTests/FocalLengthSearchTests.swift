// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

@Suite struct FocalLengthSearchTests {
    /// Some pairs of one camera whose guess is the usual 1.2 times the longer side.
    private static func graph(
        _ scene: SyntheticPair.Scene, focalLength: Double, seed: UInt64, pairs: Int, noise: Double
    ) throws -> ViewGraph {
        let guess = Camera(width: SyntheticPair.width, height: SyntheticPair.height, focalLength: 1440)
        var graph = ViewGraph(cameras: [1: CameraPrior(camera: guess, focalLengthSource: .guessed)])
        for number in 0..<pairs {
            var pair = SyntheticPair(
                scene, seed: 100 * seed + UInt64(number), noise: noise, focalLength: focalLength)
            pair.camera = guess
            let (a, b) = (ImageID(2 * number + 1), ImageID(2 * number + 2))
            graph.images[a] = ViewNode(name: "\(a)", cameraID: 1, keypoints: pair.first)
            graph.images[b] = ViewNode(name: "\(b)", cameraID: 1, keypoints: pair.second)
            graph.pairs[ImagePair(a, b)] = try pair.estimate(.guessed)
        }
        return graph
    }

    @Test(arguments: [(500.0, 0), (900, 1), (1300, 2), (2500, 3), (5000, 4)] as [(Double, UInt64)])
    func generalPairsTellTheFocalLength(focalLength: Double, seed: UInt64) throws {
        let graph = try Self.graph(.general, focalLength: focalLength, seed: seed, pairs: 8, noise: 0.3)
        let found = try #require(try FocalLengthSearch().estimate(graph)[1])
        #expect(abs(found.focalLength / focalLength - 1) < 0.08, "\(found)")
        #expect(found.pairCount == 8)
        #expect(found.confidence > 0.5)
    }

    @Test func planesTellLittle() throws {
        let plane = try Self.graph(.planar, focalLength: 1300, seed: 7, pairs: 2, noise: 0.3)
        let scene = try Self.graph(.general, focalLength: 1300, seed: 7, pairs: 8, noise: 0.3)
        let search = try FocalLengthSearch()
        let (little, much) = (try search.estimate(plane)[1], try search.estimate(scene)[1])
        #expect((little?.confidence ?? 0) < (much?.confidence ?? 0))
    }

    @Test func threadsDoNotChangeTheResult() throws {
        let graph = try Self.graph(.general, focalLength: 900, seed: 9, pairs: 5, noise: 0.5)
        let search = try FocalLengthSearch()
        #expect(try search.estimate(graph, threads: 1) == search.estimate(graph, threads: 4))
    }

    @Test func knownCamerasAndEmptyGraphsAreLeftAlone() throws {
        var graph = try Self.graph(.general, focalLength: 900, seed: 9, pairs: 1, noise: 0.5)
        graph.cameras[1]?.focalLengthSource = .exif
        #expect(try FocalLengthSearch().estimate(graph).isEmpty)
        #expect(try FocalLengthSearch().estimate(ViewGraph()).isEmpty)
    }

    @Test(arguments: 0..<50) func deviationVanishesAtTheTrueFocalLengths(seed: UInt64) throws {
        let pair = SyntheticPair(.general, seed: seed, noise: 0)
        let inverse = try #require(
            Matrix3(rows: SIMD3(1000, 0, 600), SIMD3(0, 1000, 450), SIMD3(0, 0, 1)).inverse)
        let pose = pair.secondFromFirst
        let fundamental = inverse.transpose * (Matrix3.cross(pose.translation) * pose.rotation.matrix) * inverse
        let deviation = { (focal: Double) in
            let camera = Camera(width: 1200, height: 900, focalLength: focal)
            return FocalLengthSearch.essentialDeviation(fundamental: fundamental, first: camera, second: camera)
        }
        #expect(deviation(1000) < 1e-6)
        #expect(deviation(1500) > 1e-3)
        #expect(deviation(600) > 1e-3)
        #expect(
            FocalLengthSearch.essentialDeviation(
                fundamental: 0 * fundamental, first: pair.camera, second: pair.camera) == 1)
    }
}
