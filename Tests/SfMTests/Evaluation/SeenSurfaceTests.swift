// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry
import Mesh
import SfM
import TestSupport
import Testing

@Suite struct SeenSurfaceTests {
    /// A grid of `2 · cells²` faces over the unit square at height `z`, seen from above.
    static func plate(z: Double, cells: Int = 10, offset: SIMD2<Double> = .zero) -> TriangleMesh {
        var mesh = TriangleMesh()
        for row in 0...cells {
            for column in 0...cells {
                let place = SIMD2(Double(column), Double(row)) / Double(cells) + offset
                mesh.positions.append(SIMD3(place.x, place.y, z))
            }
        }
        for row in 0..<cells {
            for column in 0..<cells {
                let first = UInt32(row * (cells + 1) + column)
                let above = first + UInt32(cells + 1)
                mesh.triangles += [SIMD3(first, first + 1, above + 1), SIMD3(first, above + 1, above)]
            }
        }
        return mesh
    }

    /// Cameras that look straight down from `z = 3`, with a field of view that holds the unit square.
    static func cameras(at places: [SIMD2<Double>]) -> Reconstruction {
        var model = Reconstruction()
        model.cameras[1] = Camera(width: 400, height: 400, focalLength: 400)
        // x right, y down the picture: the camera's y is the world's −y, its z the world's −z.
        let rotation = Quaternion(w: 0, x: 1, y: 0, z: 0)
        for (index, place) in places.enumerated() {
            model.images[ImageID(index + 1)] = PosedImage(
                name: "\(index).png", cameraID: 1,
                cameraFromWorld: RigidTransform(
                    rotation: rotation, translation: -rotation(SIMD3(place.x, place.y, 3))), keypoints: [])
        }
        return model
    }

    static let places = [SIMD2(0.5, 0.5), SIMD2(0.4, 0.6), SIMD2(0.6, 0.3)]

    static func options(views: Int = 2) -> SeenSurfaceOptions {
        var options = SeenSurfaceOptions()
        options.samples = 20_000
        options.minimumViews = views
        return options
    }

    @Test func offsetPlateHasTheDistanceOfItsOffset() throws {
        let diagonal = 2.0.squareRoot()
        // 0.4 % of the diagonal.
        let result = try SeenSurfaceEvaluation(
            of: Self.plate(z: 0.004 * diagonal), reference: Self.plate(z: 0), cameras: Self.cameras(at: Self.places),
            options: Self.options())
        let scores = try #require(result.scores)
        #expect(abs(result.diagonal - diagonal) < 1e-12 && result.referenceSeenShare == 1)
        for values in [scores.accuracyPercent, scores.completenessPercent] {
            for value in [values.mean, values.median, values.percentile95, values.maximum] {
                #expect(abs(value - 0.4) < 1e-9)
            }
        }
        #expect(scores.fScores.map(\.f) == [0, 1, 1] && scores.fScores.map(\.percent) == [0.25, 0.5, 1])
        #expect(abs((scores.normalConsistency ?? 0) - 1) < 1e-12 && scores.unseenShare == 0)
    }

    @Test func halfOfThePlateHasHalfTheRecall() throws {
        var half = Self.plate(z: 0)
        half.triangles.removeLast(100)
        let result = try SeenSurfaceEvaluation(
            of: half, reference: Self.plate(z: 0), cameras: Self.cameras(at: Self.places), options: Self.options())
        let score = try #require(result.scores).fScores[0]
        // The half and a band of 0.25 % of the diagonal beside it.
        #expect(score.precision == 1 && abs(score.recall - 0.5 - 0.0025 * 2.0.squareRoot()) < 0.01)
        #expect(abs(score.f - 2 * score.recall / (1 + score.recall)) < 1e-12)
    }

    @Test func onlyWhatEnoughCamerasSeeCounts() throws {
        // A lid over the right half, seen from above: hides that half of the plate and is itself true surface.
        let lid = Self.plate(z: 0.02, offset: SIMD2(0.5, 0))
        let plate = Self.plate(z: 0)
        let cameras = Self.cameras(at: [SIMD2(0.5, 0.5), SIMD2(0.5, 0.5), SIMD2(40, 0)])
        let result = try SeenSurfaceEvaluation(
            of: TriangleMesh(joining: [plate, lid]), reference: plate, context: [lid], cameras: cameras,
            options: Self.options())
        #expect(abs(result.referenceSeenShare - 0.5) < 0.015)
        let scores = try #require(result.scores)
        #expect(scores.fScores.allSatisfy { $0.f == 1 })
        // In the region the mesh is the plate, of which half is seen, and the lid up to 5 % of √2 beyond the plate, all
        // seen; the third camera is elsewhere.
        #expect(abs(scores.unseenShare - 0.5 / (1 + 0.5 + 0.05 * 2.0.squareRoot())) < 0.015)
        #expect(throws: SeenSurfaceError.referenceUnseen(views: 3)) {
            try SeenSurfaceEvaluation(
                of: plate, reference: plate, cameras: cameras, options: Self.options(views: 3))
        }
    }

    @Test func backsAreNotSeen() throws {
        #expect(throws: SeenSurfaceError.referenceUnseen(views: 2)) {
            try SeenSurfaceEvaluation(
                of: Self.plate(z: 0), reference: Self.plate(z: 0).flipped(), cameras: Self.cameras(at: Self.places),
                options: Self.options())
        }
        // The mesh itself may be wound either way.
        let result = try SeenSurfaceEvaluation(
            of: Self.plate(z: 0).flipped(), reference: Self.plate(z: 0), cameras: Self.cameras(at: Self.places),
            options: Self.options())
        #expect(result.scores?.fScores[0].f == 1 && result.scores?.normalConsistency == 1)
    }

    @Test func threadsDoNotChangeTheResult() throws {
        let results = try [1, 3].map { threads in
            try SeenSurfaceEvaluation(
                of: Self.plate(z: 0.003, cells: 7), reference: Self.plate(z: 0),
                cameras: Self.cameras(at: Self.places), options: Self.options(), threads: threads)
        }
        #expect(results[0] == results[1])
    }

    @Test func meshElsewhereAndBadInputAreNamed() throws {
        let cameras = Self.cameras(at: Self.places)
        let far = try SeenSurfaceEvaluation(
            of: Self.plate(z: 50), reference: Self.plate(z: 0), cameras: cameras, options: Self.options())
        #expect(far.scores == nil && far.trianglesInRegion == 0)
        #expect(throws: SeenSurfaceError.emptyReference) {
            try SeenSurfaceEvaluation(of: Self.plate(z: 0), reference: TriangleMesh(), cameras: cameras)
        }
        #expect(throws: SeenSurfaceError.self) {
            try SeenSurfaceEvaluation(
                of: TriangleMesh(positions: [.zero], triangles: [SIMD3(0, 1, 2)]), reference: Self.plate(z: 0),
                cameras: cameras)
        }
    }

    @Test(arguments: 0..<50)
    func modelsAreBroughtIntoOneFrame(seed: Int) throws {
        var random = RandomStream(seed: UInt64(seed), label: "alignment")
        let draw = { (random: inout RandomStream) in
            SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble()) * 2 - 1
        }
        let map = Similarity(
            scale: 0.1 + 5 * random.uniformDouble(), rotation: Quaternion(rotationVector: 3 * draw(&random)),
            translation: 10 * draw(&random))
        var truth = Reconstruction()
        for id in 1...6 {
            truth.images[ImageID(id)] = PosedImage(
                name: "\(id).jpg", cameraID: 1,
                cameraFromWorld: RigidTransform(
                    rotation: Quaternion(rotationVector: draw(&random)), translation: draw(&random)), keypoints: [])
        }
        var estimate = truth
        for id in estimate.imageIDs {
            estimate.images[id]?.cameraFromWorld = map.inverse.mapped(truth.images[id]?.cameraFromWorld ?? .identity)
        }
        let found = try ModelAlignment.truthFromEstimate(estimate: estimate, truth: truth)
        #expect(abs(found.scale / map.scale - 1) < 1e-9 && (found.translation - map.translation).length < 1e-8)
        #expect((found.rotation * map.rotation.inverse).angle < 1e-8)
        estimate.images = estimate.images.filter { $0.key < 3 }
        #expect(throws: ModelAlignmentError.tooFewImages(common: 2, needed: 3)) {
            try ModelAlignment.truthFromEstimate(estimate: estimate, truth: truth)
        }
    }
}
