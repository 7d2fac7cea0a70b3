// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import TestSupport
import Testing

@Suite struct TransformsFileTests {
    private func text(_ model: Reconstruction, photoFolder: String = "", pointFile: String? = nil) -> String {
        let chunks = TransformsFile.encode(model, photoFolder: photoFolder, pointFile: pointFile)
        return String(decoding: chunks.joined(), as: UTF8.self)
    }

    /// A camera at (1, 2, 3) that looks along the world's +x with the world's z upwards. OpenGL's camera then has its x axis
    /// along the world's -y, its y axis along +z and its z axis (backwards) along -x.
    @Test func axesAreThoseOfOpenGL() throws {
        let worldFromCamera = RigidTransform(
            rotation: Quaternion(
                rotationMatrix: Matrix3(columns: SIMD3(0, -1, 0), SIMD3(0, 0, -1), SIMD3(1, 0, 0))),
            translation: SIMD3(1, 2, 3))
        let json = """
            {"w": 640, "h": 480, "fl_x": 500, "frames": [{"file_path": "./images/a b.jpg", "transform_matrix":
              [[0, 0, -1, 1], [-1, 0, 0, 2], [0, 1, 0, 3], [0, 0, 0, 1]]}]}
            """
        let model = try TransformsFile.decode(Array(json.utf8))
        let image = try #require(model.images[1])
        #expect(image.name == "images/a b.jpg")
        let world = image.cameraFromWorld.inverse
        #expect((world.translation - SIMD3(1, 2, 3)).length < 1e-15)
        for axis in [SIMD3(1.0, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)] {
            #expect((world.rotation(axis) - worldFromCamera.rotation(axis)).length < 1e-15)
        }
        // What lies ahead and above is seen above the centre, which in pictures means a smaller y.
        let camera = try #require(model.cameras[1])
        let pixel = try #require(camera.project(image.cameraFromWorld(SIMD3(11, 2, 4))))
        #expect((pixel - SIMD2(320, 190)).length < 1e-9)
        #expect(camera == Camera(width: 640, height: 480, model: .pinhole, parameters: [500, 500, 320, 240]))
    }

    @Test func roundTripsKeepCamerasAndPoses() throws {
        for seed in UInt64(0)..<100 {
            var random = RandomStream(seed: seed, label: "poses")
            var model = SceneSamples.reconstruction(seed: seed)
            let used = Set(model.images.values.map(\.cameraID))
            for id in model.imageIDs {
                model.images[id]?.cameraFromWorld.translation = SIMD3(random.uniformDouble(), 2, -3)
            }
            let copy = try TransformsFile.decode(Array(text(model, photoFolder: "photos").utf8))
            #expect(copy.imageIDs == model.imageIDs)
            #expect(copy.cameras.count == used.count)
            for id in model.imageIDs {
                let (a, b) = (try #require(model.images[id]), try #require(copy.images[id]))
                #expect(b.name == "photos/" + a.name)
                #expect(copy.cameras[b.cameraID] == model.cameras[a.cameraID], "seed \(seed)")
                let motion = a.cameraFromWorld * b.cameraFromWorld.inverse
                #expect(motion.rotation.angle < 1e-14 && motion.translation.length < 1e-13, "seed \(seed)")
            }
        }
    }

    @Test func nothingIsRescaledSilently() throws {
        let json = text(SceneSamples.reconstruction(seed: 5), pointFile: "points.ply")
        #expect(json.contains("\"applied_transform\": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]"))
        #expect(json.contains("\"ply_file_path\": \"points.ply\""))
    }

    @Test(arguments: [
        ("", "not valid JSON"), ("[]", "wrong type"), ("{}", "frames"),
        (#"{"frames": [{"file_path": "a"}]}"#, "transform_matrix"),
        (
            #"{"frames": [{"file_path": "a", "transform_matrix": [[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]}]}"#,
            "w and h"
        ),
        (
            #"{"w": 8, "h": 6, "fl_x": -1, "frames": [{"file_path": "a", "transform_matrix": [[1,0,0,0],[0,1,0,0],[0,0,1,0]]}]}"#,
            "focal"
        ),
        (
            #"{"w": 8, "h": 6, "fl_x": 9, "frames": [{"file_path": "a", "transform_matrix": [[2,0,0,0],[0,2,0,0],[0,0,2,0]]}]}"#,
            "rotation"
        ),
        (
            #"{"w": 8, "h": 6, "fl_x": 9, "frames": [{"file_path": "a", "transform_matrix": [[-1,0,0,0],[0,1,0,0],[0,0,1,0]]}]}"#,
            "rotation"
        ),
        (#"{"w": 8, "h": 6, "fl_x": 9, "frames": [{"file_path": "a", "transform_matrix": [[1,0],[0,1]]}]}"#, "4 × 4"),
        (
            #"{"w": 8, "h": 6, "fl_x": 9, "camera_model": "OPENCV_FISHEYE", "frames": [{"file_path": "a", "transform_matrix": [[1,0,0,0],[0,1,0,0],[0,0,1,0]]}]}"#,
            "OPENCV_FISHEYE"
        ),
        (
            #"{"w": 8, "h": 6, "fl_x": 9, "k3": 0.1, "frames": [{"file_path": "a", "transform_matrix": [[1,0,0,0],[0,1,0,0],[0,0,1,0]]}]}"#,
            "k3"
        ),
    ])
    func badFilesAreRefused(json: String, word: String) {
        do {
            _ = try TransformsFile.decode(Array(json.utf8))
            Issue.record("accepted: \(json)")
        } catch {
            #expect(error.description.contains(word), "\(error)")
        }
    }

    @Test func mutantsAreSurvived() throws {
        let bytes = Array(text(SceneSamples.reconstruction(seed: 5)).utf8)
        let mutator = FileMutator(seed: 3)
        for number in 0..<1000 {
            let mutant = mutator.mutant(of: bytes, with: bytes, number: UInt64(number))
            do throws(SceneFileError) {
                #expect(try TransformsFile.decode(mutant).violatedInvariants().isEmpty, "mutant \(number)")
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }
}
