// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

@Suite struct PoseEvaluationTests {
    /// Cameras all around the origin, looking anywhere.
    private func ring(_ count: Int, seed: UInt64 = 1) -> Reconstruction {
        var random = RandomStream(seed: seed, label: "ring")
        var model = Reconstruction()
        model.cameras[1] = Camera(width: 640, height: 480, focalLength: 500)
        for index in 0..<count {
            let center = SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble()) * 10
            let rotation = SceneSamples.rotation(&random)
            model.images[ImageID(index + 1)] = PosedImage(
                name: "photos/IMG_\(index).JPG", cameraID: 1,
                cameraFromWorld: RigidTransform(rotation: rotation, translation: -rotation(center)), keypoints: [])
        }
        return model
    }

    private func changed(
        _ model: Reconstruction, _ change: (Int, inout RigidTransform) -> Void
    ) -> Reconstruction {
        var result = model
        for (index, id) in model.imageIDs.enumerated() {
            guard var pose = model.images[id]?.cameraFromWorld else { continue }
            change(index, &pose)
            result.images[id]?.cameraFromWorld = pose
        }
        return result
    }

    private static let map = Similarity(
        scale: 3.7, rotation: Quaternion(w: 0.1, x: -0.5, y: 0.7, z: 0.3), translation: SIMD3(5, -2, 9))

    @Test func anotherWorldFrameIsNoError() throws {
        for seed in UInt64(0)..<50 {
            let truth = ring(9, seed: seed)
            let estimate = changed(truth) { $1 = Self.map.mapped($1) }
            let result = try PoseEvaluation(estimate: estimate, truth: truth)
            #expect(result.registeredImages == 9 && result.alignment?.rotationFrom == "centers")
            #expect(abs((result.alignment?.scale ?? 0) * 3.7 - 1) < 1e-12)
            #expect((result.centers?.percentOfExtent.maximum ?? 1) < 1e-11, "seed \(seed)")
            #expect((result.robustCenters?.percentOfExtent.maximum ?? 1) < 1e-11 && result.robustCenters?.inliers == 9)
            #expect((result.rotationDegrees?.maximum ?? 1) < 1e-10)
            #expect(result.pairs.aucOfAll.at1 > 1 - 1e-10 && result.pairs.groundTruth == 36)
            #expect(result.focalLengthPercent?.maximum == 0 && result.points == nil)
            #expect(result.centersWithin?.tenthPercent == 1)
        }
    }

    @Test func oneDegreeOfRotationIsMeasured() throws {
        let truth = ring(12)
        let estimate = changed(truth) { index, pose in
            // About the camera's own centre.
            let axis = SIMD3(Double(index % 3), Double(index % 2), 1).normalized
            let center = pose.cameraCenterInWorld
            pose.rotation = Quaternion(rotationVector: axis * (.pi / 180)) * pose.rotation
            pose.translation = -pose.rotation(center)
        }
        let result = try PoseEvaluation(estimate: estimate, truth: truth)
        #expect(abs((result.rotationDegrees?.median ?? 0) - 1) < 1e-9)
        #expect((result.centers?.percentOfExtent.maximum ?? 1) < 1e-11)
        #expect(result.pairs.aucOfAll.at10 < 1 && result.pairs.aucOfAll.at10 > 0.8)
    }

    /// Of 8 images 6 remain: 15 of 28 pairs, each right.
    @Test func missingImagesCountAsFailedPairs() throws {
        let truth = ring(8)
        var estimate = changed(truth) { $1 = Self.map.mapped($1) }
        estimate.images[1] = nil
        estimate.images[5] = nil
        estimate.images[77] = truth.images[1]
        estimate.images[77]?.name = "elsewhere.jpg"
        let result = try PoseEvaluation(estimate: estimate, truth: truth)
        #expect(result.registeredImages == 6 && result.unmatchedImages == 1 && result.registeredFraction == 0.75)
        #expect(abs(result.pairs.aucOfAll.at5 - 15.0 / 28) < 1e-10)
        #expect(abs(result.pairs.aucOfRegistered.at5 - 1) < 1e-10)
        #expect(result.centersWithin?.fivePercent == 0.75)
    }

    @Test func oneWrongCameraDoesNotHideTheOthers() throws {
        let truth = ring(10)
        let estimate = changed(truth) { index, pose in
            pose = Self.map.mapped(pose)
            if index == 3 { pose.translation += SIMD3(60, 0, 0) }
        }
        let result = try PoseEvaluation(estimate: estimate, truth: truth)
        #expect((result.robustCenters?.percentOfExtent.median ?? 1) < 1e-9 && result.robustCenters?.inliers == 9)
        #expect((result.centers?.percentOfExtent.rootMeanSquare ?? 0) > 1)
    }

    @Test func mirroredWorldIsNotRight() throws {
        let truth = ring(10)
        let estimate = changed(truth) { _, pose in
            let center = pose.cameraCenterInWorld * SIMD3(1, 1, -1)
            pose.translation = -pose.rotation(center)
        }
        let result = try PoseEvaluation(estimate: estimate, truth: truth)
        #expect((result.centers?.percentOfExtent.rootMeanSquare ?? 0) > 1 && result.pairs.aucOfAll.at5 < 0.5)
    }

    @Test func camerasOnALineAreAlignedByOrientation() throws {
        let truth = changed(ring(5)) { index, pose in pose.translation = -pose.rotation(SIMD3(Double(index), 0, 0)) }
        let result = try PoseEvaluation(estimate: changed(truth) { $1 = Self.map.mapped($1) }, truth: truth)
        #expect(result.alignment?.rotationFrom == "orientations" && result.robustCenters == nil)
        #expect((result.centers?.percentOfExtent.maximum ?? 1) < 1e-9)
    }

    @Test func namesArePairedWithoutFolderCaseAndExtension() throws {
        let truth = ring(4)
        for name in [{ "PHOTOS\\img_\($0).jpg" }, { "other/img_\($0).jpg" }, { "Img_\($0).png" }] as [(Int) -> String] {
            var estimate = truth
            for (index, id) in truth.imageIDs.enumerated() { estimate.images[id]?.name = name(index) }
            #expect(try PoseEvaluation(estimate: estimate, truth: truth).registeredImages == 4, "\(name(0))")
        }
    }

    @Test func focalLengthIsComparedAtTheTrueSize() throws {
        let truth = ring(4)
        var estimate = truth
        estimate.cameras[1] = Camera(width: 1280, height: 960, focalLength: 1010)
        let result = try PoseEvaluation(estimate: estimate, truth: truth)
        #expect(abs((result.focalLengthPercent?.median ?? 0) - 1) < 1e-12)
    }

    /// Two observations, one 3 pixels right and 4 below its place; a third behind the camera.
    @Test func pointsAreMeasured() throws {
        var model = Reconstruction()
        model.cameras[1] = Camera(width: 100, height: 100, focalLength: 100)
        for id: ImageID in [1, 2] {
            model.images[id] = PosedImage(
                name: "\(id)", cameraID: 1,
                cameraFromWorld: RigidTransform(rotation: .identity, translation: SIMD3(-Double(id), 0, 0)),
                keypoints: [SIMD2(50, 50), SIMD2(53, 54)])
        }
        let track = { (id: ImageID, index: Int) in [Observation(imageID: id, keypointIndex: index)] }
        model.insert(ScenePoint(position: SIMD3(1, 0, 2), error: 0.5, track: track(1, 0)), id: 1)
        model.insert(ScenePoint(position: SIMD3(2, 0, 2), track: track(2, 1)), id: 2)
        model.insert(ScenePoint(position: SIMD3(0, 0, -2), error: 1.5, track: track(2, 0)), id: 3)
        let points = try #require(try PoseEvaluation(estimate: model, truth: model).points)
        #expect(points.count == 3 && points.observations == 3 && points.observationsBehindCamera == 1)
        #expect(points.meanTrackLength == 1 && points.meanObservationsPerImage == 1.5 && points.meanStatedError == 1)
        #expect(points.reprojectionError?.mean == 2.5 && points.reprojectionError?.maximum == 5)
    }

    @Test func truthWithoutExtentIsRefused() {
        #expect(throws: PoseEvaluationError.noExtent(images: 1)) {
            try PoseEvaluation(estimate: ring(4), truth: ring(1))
        }
        #expect(throws: PoseEvaluationError.noExtent(images: 0)) {
            try PoseEvaluation(estimate: ring(4), truth: Reconstruction())
        }
    }
}
