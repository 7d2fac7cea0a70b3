// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

@Suite struct TwoViewTests {
    @Test(arguments: 0..<100) func generalScenesAreCalibrated(seed: UInt64) throws {
        let pair = SyntheticPair(.general, seed: seed)
        let geometry = try pair.estimate(.given)
        #expect(geometry.configuration == .calibrated)
        let shares = pair.shares(geometry)
        #expect(shares.right >= 0.95 && shares.wrong < 0.04, "\(shares)")
        #expect(pair.rotationError(geometry) < 0.1)
        #expect(pair.translationError(geometry) < 1)
        #expect(abs((geometry.secondFromFirst?.translation.length ?? 0) - 1) < 1e-12)
        #expect((0.05..<0.6).contains(geometry.medianTriangulationAngle))
    }

    @Test func fewWrongMatchesAreKept() throws {
        var sum = 0.0
        for seed: UInt64 in 0..<100 {
            let pair = SyntheticPair(.general, seed: seed)
            sum += pair.shares(try pair.estimate(.given)).wrong
        }
        #expect(sum / 100 < 0.02)
    }

    @Test(arguments: 0..<100) func planesAreFound(seed: UInt64) throws {
        let pair = SyntheticPair(.planar, seed: seed)
        let geometry = try pair.estimate(.given)
        #expect(geometry.configuration == .planar)
        let shares = pair.shares(geometry)
        #expect(shares.right >= 0.95 && shares.wrong < 0.04, "\(shares)")
        let homography = try #require(geometry.homography)
        var worst = 0.0
        for index in 0..<pair.rightCount {
            let image = homography * SIMD3(pair.first[index].x, pair.first[index].y, 1)
            worst = max(worst, (SIMD2(image.x, image.y) / image.z - pair.second[index]).length)
        }
        #expect(worst < 3, "\(worst) pixels")
    }

    @Test(arguments: 0..<100) func turningOnTheSpotIsPanoramic(seed: UInt64) throws {
        let pair = SyntheticPair(.panoramic, seed: seed)
        let geometry = try pair.estimate(.given)
        #expect(geometry.configuration == .panoramic)
        let shares = pair.shares(geometry)
        #expect(shares.right >= 0.95 && shares.wrong < 0.02, "\(shares)")
        #expect(pair.rotationError(geometry) < 0.1)
        #expect(geometry.secondFromFirst?.translation == .zero)
        #expect(geometry.essential == nil)
        #expect(geometry.medianTriangulationAngle < 0.002)
    }

    @Test(arguments: 0..<100) func guessedFocalLengthsMakeNoCalibratedPair(seed: UInt64) throws {
        let scene = SyntheticPair.Scene.allCases[Int(seed % 3)]
        let pair = SyntheticPair(scene, seed: seed)
        let geometry = try pair.estimate(.guessed)
        #expect(geometry.configuration == (scene == .general ? .uncalibrated : .planarOrPanoramic))
        let shares = pair.shares(geometry)
        #expect(shares.right >= 0.95 && shares.wrong < 0.05, "\(shares)")
        #expect(geometry.essential == nil)
        // The guess happens to be right, so the pose must be too.
        if scene != .planar { #expect(pair.rotationError(geometry) < 0.1) }
    }

    /// Small motions fit any focal length within the noise; those must still keep their matches.
    @Test func wrongIntrinsicsFromEXIFAreDoubted() throws {
        var doubted = 0
        for seed: UInt64 in 0..<30 {
            var pair = SyntheticPair(.general, seed: seed, noise: 0.1)
            pair.camera = Camera(width: pair.camera.width, height: pair.camera.height, focalLength: 4000)
            let geometry = try pair.estimate(.exif)
            if geometry.configuration == .uncalibrated { doubted += 1 }
            #expect(pair.shares(geometry).right >= 0.9)
        }
        #expect(doubted >= 25)
    }

    @Test(arguments: 0..<20) func matricesRelateThePixelsOfTheInliers(seed: UInt64) throws {
        // Above the working size, so that scales must be undone.
        var pair = SyntheticPair(.general, seed: seed)
        pair.camera = pair.camera.resized(width: 4800, height: 3600)
        pair.first = pair.first.map { 4 * $0 }
        pair.second = pair.second.map { 4 * $0 }
        let geometry = try pair.estimate(.given)
        #expect(geometry.configuration == .calibrated)
        #expect(pair.rotationError(geometry) < 0.1)
        let fundamental = try #require(geometry.fundamental)
        let essential = try #require(geometry.essential)
        for match in geometry.inliers {
            let (a, b) = (pair.first[Int(match.first)], pair.second[Int(match.second)])
            let line = fundamental * SIMD3(a.x, a.y, 1)
            let back = fundamental.transpose * SIMD3(b.x, b.y, 1)
            let slope = SIMD4(line.x, line.y, back.x, back.y)
            let sampson = abs(SIMD3(b.x, b.y, 1).dot(line)) / (slope * slope).sum().squareRoot()
            #expect(sampson < 3 * 3.0001, "3 pixels at a working size of a third, but \(sampson)")
            let (u, v) = (pair.camera.normalized(ofPixel: a), pair.camera.normalized(ofPixel: b))
            #expect(abs(SIMD3(v.x, v.y, 1).dot(essential * SIMD3(u.x, u.y, 1))) < 0.01)
        }
    }

    @Test func sameSeedSameGeometryAndOrderOfMatchesDoesNotMatter() throws {
        var pair = SyntheticPair(.general, seed: 4, wrong: 600)
        let geometry = try pair.estimate(.exif, seed: 9)
        #expect(try pair.estimate(.exif, seed: 9) == geometry)
        pair.matches.reverse()
        #expect(try pair.estimate(.exif, seed: 9) == geometry)
    }

    @Test(arguments: 0..<20) func strangersAreDegenerate(seed: UInt64) throws {
        let pair = SyntheticPair(.general, seed: seed, right: 0, wrong: 60)
        let geometry = try pair.estimate(.given)
        #expect(geometry.configuration == .degenerate)
        #expect(geometry.inliers.isEmpty && geometry.secondFromFirst == nil)
    }

    @Test(arguments: [0, 1, 7, 14]) func tooFewMatchesAreDegenerate(count: Int) throws {
        let pair = SyntheticPair(.general, seed: 1, right: count, wrong: 0)
        #expect(try pair.estimate(.given) == TwoViewGeometry(configuration: .degenerate, inliers: []))
        #expect(try pair.estimate(.guessed).inliers.isEmpty)
    }

    @Test func matchesAtOnePlaceAreDegenerate() throws {
        var pair = SyntheticPair(.general, seed: 1, right: 60, wrong: 0)
        pair.first = pair.first.map { _ in SIMD2(100, 200) }
        pair.second = pair.second.map { _ in SIMD2(300, 250) }
        for source: CameraPrior.FocalLengthSource in [.given, .exif, .guessed] {
            #expect(try pair.estimate(source).configuration == .degenerate)
        }
    }

    @Test func badInputIsRefused() throws {
        var pair = SyntheticPair(.general, seed: 1, right: 20, wrong: 0)
        pair.first[7].x = .nan
        #expect(throws: TwoViewError.notFinite(pair: ImagePair(1, 2), match: FeatureMatch(7, 7))) {
            try pair.estimate(.given)
        }
        pair = SyntheticPair(.general, seed: 1, right: 20, wrong: 0)
        pair.matches[3].second = 20
        #expect(throws: TwoViewError.missingKeypoint(pair: ImagePair(1, 2), match: FeatureMatch(3, 20))) {
            try pair.estimate(.given)
        }
        pair.camera.parameters[0] = 0
        #expect(throws: TwoViewError.badCamera(pair: ImagePair(1, 2))) { try pair.estimate(.given) }
        var options = TwoViewOptions()
        options.minimumInliers = 7
        #expect(throws: OptionsError.self) { try TwoViewEstimator(options: options) }
    }
}
