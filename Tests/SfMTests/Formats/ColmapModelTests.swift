// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Storage
import TestSupport
import Testing

@Suite struct ColmapModelTests {
    /// The contents of a model's files in either form.
    private func decode(
        _ model: Reconstruction, _ encoding: ColmapModel.Encoding
    ) throws -> ColmapModel.Contents {
        let files = try ColmapModel.encode(model, as: encoding).map { Array($0.chunks.joined()) }
        return try ColmapModel.decode(cameras: files[0], images: files[1], points: files[2], as: encoding)
    }

    @Test(arguments: ColmapModel.Encoding.allCases)
    func roundTripsChangeNoBit(encoding: ColmapModel.Encoding) throws {
        for seed in UInt64(0)..<200 {
            let model = SceneSamples.reconstruction(seed: seed)
            let contents = try decode(model, encoding)
            #expect(contents.reconstruction == model, "seed \(seed)")
            #expect(contents.droppedObservations == 0)
            // Equality takes -0 for 0; equal bytes do not.
            let before = try ColmapModel.encode(model, as: .binary).map { Array($0.chunks.joined()) }
            let after = try ColmapModel.encode(contents.reconstruction, as: .binary).map { Array($0.chunks.joined()) }
            #expect(before == after, "seed \(seed)")
        }
    }

    /// The lines of the documentation's example, shortened; written by hand.
    @Test func textWrittenByHandIsRead() throws {
        let cameras = "# comment\r\n1 SIMPLE_RADIAL 640 480 500 320 240 0.1\r\n\r\n7 PINHOLE 8 6 5 5 4 3\r\n"
        let images = """
            # comment

            3 0.5 0.5 -0.5 0.5 1 2 3 1 my photo.jpg
            1 2 -1 3.5 4.5 9 5 6 9
            # another
            4 1 0 0 0 0 0 0 7 other.jpg

            5 1 0 0 0 0 0 0 7 last.jpg
            """
        let points = "9 1 2 3 10 20 30 0.5 3 1\n"
        let contents = try ColmapModel.decode(
            cameras: Array(cameras.utf8), images: Array(images.utf8), points: Array(points.utf8), as: .text)
        let model = contents.reconstruction
        #expect(model.cameras[1]?.parameters == [500, 320, 240, 0.1])
        #expect(model.cameras[7]?.model == .pinhole)
        #expect(model.imageIDs == [3, 4, 5])
        let image = try #require(model.images[3])
        #expect(image.name == "my photo.jpg")
        #expect(image.cameraFromWorld.translation == SIMD3(1, 2, 3))
        // w first: 120° about (1, -1, 1) takes x to z.
        #expect((image.cameraFromWorld.rotation(SIMD3(1, 0, 0)) - SIMD3(0, 0, 1)).length < 1e-15)
        #expect(image.keypoints == [SIMD2(1, 2), SIMD2(3.5, 4.5), SIMD2(5, 6)])
        // Keypoint 2 names the point, but the point's track does not name it.
        #expect(image.pointIDs == [nil, 9, nil])
        #expect(contents.droppedObservations == 1)
        #expect(model.points[9]?.track == [Observation(imageID: 3, keypointIndex: 1)])
        #expect(model.points[9]?.color == SIMD3(10, 20, 30))
        #expect(model.violatedInvariants().isEmpty)
    }

    @Test func secondKeypointOfAnImageIsLeftOutOrKept() throws {
        let cameras = Array("1 PINHOLE 8 6 5 5 4 3".utf8)
        let points = Array("5 0 0 1 0 0 0 -1 2 0 1 1 1 0".utf8)
        let images = "1 1 0 0 0 0 0 0 1 a\n0 0 5 1 1 5\n2 1 0 0 0 0 0 0 1 b\n2 2 5\n"
        let contents = try ColmapModel.decode(
            cameras: cameras, images: Array(images.utf8), points: points, as: .text)
        #expect(
            contents.reconstruction.points[5]?.track == [
                Observation(imageID: 1, keypointIndex: 0), Observation(imageID: 2, keypointIndex: 0),
            ])
        #expect(contents.reconstruction.images[1]?.pointIDs == [5, nil])
        #expect(contents.droppedObservations == 1)

        let all = try ColmapModel.decode(
            cameras: cameras, images: Array(images.utf8), points: points, as: .text, repeatedObservations: .kept)
        #expect(all.droppedObservations == 0 && all.reconstruction.points[5]?.track.count == 3)
        #expect(all.reconstruction.images[1]?.pointIDs == [5, 5])
        #expect(!all.reconstruction.violatedInvariants().isEmpty)
        #expect(all.reconstruction.violatedInvariants(allowingRepeatedImages: true).isEmpty)
        let files = try ColmapModel.encode(all.reconstruction, as: .binary).map { Array($0.chunks.joined()) }
        let copy = try ColmapModel.decode(
            cameras: files[0], images: files[1], points: files[2], as: .binary, repeatedObservations: .kept)
        #expect(copy == all)
    }

    @Test func binaryIsPreferredAndOtherFilesAreIgnored() throws {
        let folder = try TemporaryFolder()
        let (first, second) = (SceneSamples.reconstruction(seed: 3), SceneSamples.reconstruction(seed: 4))
        #expect(throws: SceneFileError.self) { try ColmapModel.read(folder.path("")) }
        try ColmapModel.write(first, to: folder.path("model"), as: .text)
        try OutputFile.write(Array("nonsense".utf8), to: folder.path("model/rigs.bin"))
        try OutputFile.write(Array("nonsense".utf8), to: folder.path("model/frames.txt"))
        #expect(try ColmapModel.read(folder.path("model")).reconstruction == first)
        try ColmapModel.write(second, to: folder.path("model"))
        #expect(try ColmapModel.read(folder.path("model")).reconstruction == second)
        #expect(try ColmapModel.readCameras(folder.path("model/cameras.bin")) == second.cameras)
        #expect(try ColmapModel.readCameras(folder.path("model/cameras.txt")) == first.cameras)
        // COLMAP must not find rigs of another model beside the new one.
        #expect(throws: FileError.self) { try InputFile.read(folder.path("model/rigs.bin")) }
    }

    @Test func largestOfSeveralModelsIsFound() throws {
        let folder = try TemporaryFolder()
        let models = (0..<3).map { SceneSamples.reconstruction(seed: UInt64(10 + $0)) }
        for (index, model) in models.enumerated() { try ColmapModel.write(model, to: folder.path("\(index)")) }
        let most = models.map(\.images.count).max()
        let path = try ColmapModel.largestModel(under: folder.path(""))
        #expect(try ColmapModel.read(path).reconstruction.images.count == most)
        #expect(try ColmapModel.largestModel(under: folder.path("1")) == folder.path("1"))
    }

    @Test(arguments: [" a.jpg", "a.jpg ", "two\nlines", "a\r"])
    func namesThatTextCannotHoldAreRefused(name: String) throws {
        var model = Reconstruction()
        model.cameras[1] = Camera(width: 8, height: 6, focalLength: 5)
        model.images[1] = PosedImage(name: name, cameraID: 1, cameraFromWorld: .identity, keypoints: [])
        #expect(throws: SceneFileError.self) { try ColmapModel.encode(model, as: .text) }
        #expect(try decode(model, .binary).reconstruction == model)
        model.images[1]?.name = "nul\0"
        #expect(throws: SceneFileError.self) { try ColmapModel.encode(model, as: .binary) }
    }

    @Test func unknownCameraModelsAreNamed() throws {
        let text = Array("1 OPENCV_FISHEYE 8 6 1 1 1 1 0 0 0 0\n".utf8)
        #expect(
            throws: SceneFileError.unsupportedCameraModel(
                file: "cameras.txt", .line(1), model: "OPENCV_FISHEYE")
        ) { try ColmapModel.decode(cameras: text, images: [], points: nil, as: .text) }
        var model = Reconstruction()
        model.cameras[1] = Camera(width: 8, height: 6, focalLength: 5)
        var bytes = Array(try ColmapModel.encode(model, as: .binary)[0].chunks.joined())
        bytes[12] = 5
        #expect(
            throws: SceneFileError.unsupportedCameraModel(
                file: "cameras.bin", .byte(8), model: "OPENCV_FISHEYE")
        ) { try ColmapModel.decode(cameras: bytes, images: Array(repeating: 0, count: 8), points: nil, as: .binary) }
    }
}
