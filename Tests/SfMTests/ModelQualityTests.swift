// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry
import SfM
import Testing

@Suite struct ModelQualityTests {
    /// Three points before two cameras; keypoints of the second image lie 0, 1 and 3 px beside the projections. A third image
    /// is known to the database only.
    private static func model() -> Reconstruction {
        var model = Reconstruction()
        let camera = Camera(width: 100, height: 80, focalLength: 90)
        model.cameras[1] = camera
        let points = [SIMD3(0.0, 0, 5), SIMD3(1, 0, 5), SIMD3(0, 1, 6)]
        for id: ImageID in [1, 2] {
            let pose = RigidTransform(rotation: .identity, translation: SIMD3(-0.1 * Double(id), 0, 0))
            let errors = id == 1 ? [0.0, 0, 0] : [0, 1, 3]
            let keypoints = zip(points, errors).map { (camera.project(pose($0)) ?? .zero) + SIMD2(0, $1) }
            model.images[id] = PosedImage(
                name: "\(id).jpg", cameraID: 1, cameraFromWorld: pose, keypoints: keypoints + [SIMD2(1, 1)])
        }
        for (index, point) in points.enumerated() {
            let track = [1, 2].map { Observation(imageID: $0, keypointIndex: index) }
            model.insert(ScenePoint(position: point, track: track), id: PointID(index))
        }
        return model
    }

    @Test func photosAndPairsAreMeasured() throws {
        var summary = MatchSummary()
        summary.names = [1: "1.jpg", 2: "2.jpg", 3: "3.jpg"]
        summary.keypoints = [1: 4, 2: 4, 3: 9]
        summary.pairs = [
            ImagePair(1, 2): .init(matches: 4, inliers: 3), ImagePair(1, 3): .init(matches: 2, inliers: 0),
        ]
        var mapping = MappingReport()
        let left =
            #"[{"imageID": 3, "name": "3.jpg", "observations": 0, "meanError": 0, "verifiedPairs": 0, "#
            + #""bestPairInliers": 0, "explainedShare": 0, "reason": "nothing matches it"}]"#
        mapping.images = try JSONDecoder().decode([ImageReport].self, from: Data(left.utf8))
        let quality = ModelQuality(of: Self.model(), summary: summary, mapping: mapping)
        #expect(quality.photos.map(\.name) == ["1.jpg", "2.jpg", "3.jpg"])
        #expect(quality.photos.map(\.isRegistered) == [true, true, false])
        #expect(quality.photos.map(\.keypoints) == [4, 4, 9])
        #expect(quality.photos.map(\.observations) == [3, 3, 0])
        #expect(quality.photos.map(\.verifiedPairs) == [1, 1, 0])
        #expect(quality.photos.map(\.reason) == [nil, nil, "nothing matches it"])
        let mean = try #require(quality.photos[1].meanResidual)
        let median = try #require(quality.photos[1].medianResidual)
        #expect(abs(mean - 4.0 / 3) < 1e-9 && abs(median - 1) < 1e-9)
        #expect(quality.photos[2].meanResidual == nil)
        #expect(quality.pairs.map(\.inliers) == [3, 0])
        #expect(quality.residuals.counts.reduce(0, +) == 6)
        #expect(quality.trackLengths.counts[0] == 3)
    }

    @Test func aModelFromElsewhereNeedsNoDatabase() {
        let quality = ModelQuality(of: Self.model(), summary: MatchSummary(), mapping: nil)
        #expect(quality.photos.map(\.keypoints) == [4, 4] && quality.pairs.isEmpty)
    }

    @Test func histogramsCountEverything() {
        var histogram = Histogram(start: 2, width: 0.5, bins: 4)
        for value in [2, 2.49, 2.5, 3.9, 100, .infinity, 1, .nan] { histogram.add(value) }
        #expect(histogram.counts == [4, 1, 0, 3])
    }
}
