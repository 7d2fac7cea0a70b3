// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import Mesh
import SfM
import Storage
import Synchronization
import TestSupport
import Testing

/// Depth maps as files, and the stage that writes them.
@Suite struct DepthFilesTests {
    @Test(arguments: 0..<20 as Range<UInt64>) func mapsAreReadAsWritten(seed: UInt64) throws {
        var random = RandomStream(seed: seed, label: "dense map")
        let (width, height, channels) = (
            1 + random.index(below: 9), 1 + random.index(below: 9), 1 + random.index(below: 3)
        )
        let map = ColmapDenseMap(
            width: width, height: height, channels: channels,
            values: (0..<width * height * channels).map { _ in random.uniform() })
        let bytes = Array(map.data.joined())
        #expect(bytes.starts(with: Array("\(width)&\(height)&\(channels)&".utf8)))
        #expect(try ColmapDenseMap(bytes, name: "map") == map)
        for length in 0..<bytes.count {
            #expect(throws: SceneFileError.self) { try ColmapDenseMap(Array(bytes.prefix(length)), name: "map") }
        }
        var piece = StereoMap(width: width, height: height)
        for place in piece.depths.indices { piece.depths[place] = random.uniform() }
        #expect(StereoMap(pieceData: piece.pieceData, width: width, height: height) == piece)
        #expect(StereoMap(pieceData: piece.pieceData, width: width + 1, height: height) == nil)
        #expect(StereoMap(pieceData: Array(piece.pieceData.dropLast()), width: width, height: height) == nil)
    }

    @Test(arguments: [
        "", "&", "1&1", "1&1&1", "1&1&1&", "-1&1&1&aaaa", "0&1&1&", "1&1&17&", "99999999999999999999&1&1&",
        "1000000&1000000&3&aaaa", "9999999&1&1&a", "1 &1&1&aaaa",
    ])
    func lyingHeadersAreRefused(text: String) {
        #expect(throws: SceneFileError.self) { try ColmapDenseMap(Array(text.utf8), name: "map") }
    }

    /// Photos of the leaning plane in a folder, and their model in another.
    private static func write(_ scene: StereoScene, to root: TemporaryFolder) throws {
        try Folder.create(root.path("photos"))
        try Folder.create(root.path("model"))
        for (id, picture) in scene.pictures { try ImageFile.write(picture, to: root.path("photos/\(id).png")) }
        try ColmapModel.write(scene.reconstruction, to: root.path("model"), as: .binary)
    }

    private static func scene() -> StereoScene {
        let poses = CameraPath.ring(around: .zero, distance: 3, elevation: 20, count: 4, start: -30, step: 20)
        return StereoScene(
            plane: SIMD3(0.9, 0.15, 0.3).normalized, distance: 0.1,
            views: poses.map {
                PhotoView(camera: Camera(width: 160, height: 120, focalLength: 200), cameraFromWorld: $0)
            })
    }

    private static func run(
        _ root: TemporaryFolder, _ out: String, threads: Int, cancellation: CancellationCheck? = nil
    ) throws -> PhotoReport {
        let job = try PhotoJob(
            workspace: Workspace(root.path(out)), options: PhotoOptions(), threads: threads, cancellation: cancellation)
        try job.adoptModel(root.path("model"))
        try job.findDepths(photoFolder: root.path("photos"))
        return job.report
    }

    @Test func theStageWritesMapsAndPointsAndResumes() throws {
        let root = try TemporaryFolder()
        let scene = Self.scene()
        try Self.write(scene, to: root)
        let report = try Self.run(root, "whole", threads: 2)
        #expect(report.counts["depth maps"] == 4)
        let depth = try ColmapDenseMap.read(root.path("whole/stereo/depth_maps/2.png.geometric.bin"))
        #expect(depth.width == 80 && depth.height == 60 && depth.channels == 1)
        let normals = try ColmapDenseMap.read(root.path("whole/stereo/normal_maps/2.png.geometric.bin"))
        let confidences = try ColmapDenseMap.read(root.path("whole/stereo/confidence_maps/2.png.geometric.bin"))
        #expect(normals.channels == 3)
        let known = depth.values.indices.filter { depth.values[$0] > 0 }
        #expect(known.count > 80 * 60 / 2)
        #expect(known.allSatisfy { confidences.values[$0] > 0 && normals.values[2 * 80 * 60 + $0] < 0 })
        // The points belong to the pixels of all maps, and to the plane.
        let cloud = try MeshFile.read(root.path("whole/dense.ply"))
        #expect(cloud.positions.count == report.counts["dense points"])
        let normal = SIMD3(0.9, 0.15, 0.3).normalized
        let distances = cloud.positions.map { abs(normal.dot($0) - 0.1) }.sorted()
        #expect(distances[distances.count / 2] < 0.005)
        let model = try ColmapModel.read(root.path("whole/stereo/sparse")).reconstruction
        #expect(model.cameras[2]?.width == 80 && model.images[2]?.name == "2.png")

        // Stopped again and again, with another number of threads: the same bytes.
        for stop in [1, 40, 130] {
            let asked = Mutex(0)
            let out = "stopped"
            #expect(throws: PhotoJobInterruption.self) {
                try Self.run(root, out, threads: 1) {
                    asked.withLock {
                        $0 += 1; return $0 > stop
                    }
                }
            }
        }
        _ = try Self.run(root, "stopped", threads: 1)
        for name in ["dense.ply", "stereo/depth_maps/1.png.geometric.bin", "stereo/previews/3.png.png", "run.json"] {
            #expect(
                try InputFile.read(root.path("whole/\(name)")) == InputFile.read(root.path("stopped/\(name)")),
                "\(name)")
        }
        #expect(try Self.run(root, "whole", threads: 2).times.last?.isReused == true)
    }

    @Test func namesThatLeadAwayAreRefused() throws {
        let root = try TemporaryFolder()
        var scene = Self.scene()
        scene.reconstruction.images[2]?.name = "../2.png"
        try Self.write(scene, to: root)
        #expect(throws: StereoError.unusableName("../2.png")) { try Self.run(root, "out", threads: 2) }
    }
}
