// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import Storage
import Synchronization

extension PhotoJob {
    private static let depthVersion = 2

    /// Finds dense depths by stereo: writes `dense.ply` and, into `stereo/`, for each image `depth_maps`, `normal_maps` and
    /// `confidence_maps` in COLMAP's format and `previews` of the normals, with the cameras of the maps in `stereo/sparse`.
    ///
    /// - Parameters:
    ///   - photoFolder: Where the pictures of the model's images are; `nil` for the workspace's own photos.
    ///   - masks: Folder with masks, named like the photos: black is ignored.
    /// - Throws: ``StereoError``, `SceneFileError`, `IngestError`, `FileError`, ``WorkspaceError``,
    ///   ``PhotoJobInterruption``.
    public func findDepths(photoFolder: String? = nil, masks: String? = nil) throws {
        let (model, modelKey) = try posedModel()
        guard let folder = photoFolder ?? workspace.record.photoFolder else {
            throw WorkspaceError.noPhotoFolder(folder: workspace.folder)
        }
        let pictures = try ModelPictures(of: model, folder: folder, masks: masks, reading: options.ingest.reading)
        let key = try Workspace.key(
            .depth, version: Self.depthVersion, [modelKey, pictures.digests(), options.stereo, options.seed])
        try stage(.depth, key: key) {
            do {
                return try writeDepths(of: model, pictures: pictures, key: key)
            } catch StereoError.cancelled {
                throw PhotoJobInterruption()
            }
        }
    }

    private func writeDepths(of model: Reconstruction, pictures: ModelPictures, key: String) throws -> StageResult {
        let names = try Self.fileNames(of: model)
        var stereoOptions = options.stereo
        stereoOptions.seed = options.seed
        let views = GrayView.all(
            of: model, longerSide: stereoOptions.longerSide, threads: threads, raster: pictures.picture,
            mask: pictures.mask)
        let stereo = try DenseStereo(views: views, in: model, options: stereoOptions)
        let maps = try keptMaps(stereo, folder: workspace.workFolder(.depth, key: key))
        try checkCancellation()
        let (cloud, pixels) = try stereo.cloud(from: maps, threads: threads, cancellation: cancellation)
        let colors = cloud.colors(
            views: stereo.views.map(\.imageID), in: model, threads: threads, raster: pictures.picture)
        let unfinished = try workspace.unfinishedFolder(.depth)
        var outputs: [String] = []
        for (index, view) in stereo.views.enumerated() {
            try checkCancellation()
            guard let name = names[view.imageID] else { continue }
            let (map, confidences) = maps[index].filtered(to: pixels[index])
            let confidence = ColmapDenseMap(width: map.width, height: map.height, channels: 1, values: confidences)
            let files: [(String, [[UInt8]])] = [
                ("depth_maps/\(name).geometric.bin", map.depthFile.data),
                ("normal_maps/\(name).geometric.bin", map.normalFile.data),
                ("confidence_maps/\(name).geometric.bin", confidence.data),
                ("previews/\(name).png", [try ImageFile.pngData(map.normalPicture)]),
            ]
            for (file, data) in files {
                let path = "\(unfinished)/\(file)"
                try Folder.create(String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex)))
                try OutputFile.write(data, to: path)
                outputs.append("stereo/\(file)")
            }
        }
        try Folder.create("\(unfinished)/sparse")
        try ColmapModel.write(
            stereo.cameraModel(names: model.images.mapValues(\.name)), to: "\(unfinished)/sparse", as: .binary)
        outputs += ["cameras", "images", "points3D"].map { "stereo/sparse/\($0).bin" }
        try Folder.replace(workspace.path("stereo"), with: unfinished)
        try OutputFile.write(cloud.pointFile(colors: colors), to: workspace.path("dense.ply"))
        workspace.record.options = options
        return StageResult(
            outputs: outputs + ["dense.ply"], counts: ["depth maps": maps.count, "dense points": cloud.points.count])
    }

    /// The maps of all views; each is kept in `folder` as soon as it is found.
    private func keptMaps(_ stereo: DenseStereo, folder: String) throws -> [StereoMap] {
        let results = Mutex<[Int: Result<StereoMap, any Error>]>([:])
        let count = stereo.views.count
        let (progress, cancellation) = (progress, cancellation)
        Parallel.forEach(count: count, threads: threads) { index, _ in
            let hasFailed = results.withLock { $0.values.contains { (try? $0.get()) == nil } }
            guard !hasFailed, cancellation?() != true else { return }
            let result = Result {
                let view = stereo.views[index]
                let path = "\(folder)/\(view.imageID).map"
                if let bytes = try? InputFile.read(path),
                    let kept = StereoMap(pieceData: bytes, width: view.width, height: view.height)
                {
                    return kept
                }
                let map = try stereo.map(of: index, cancellation: cancellation)
                try OutputFile.write(map.pieceData, to: path)
                return map
            }
            let done = results.withLock { results in
                results[index] = result
                return results.count
            }
            progress?(StageProgress(stage: "searching depths", completed: done, total: count))
        }
        try checkCancellation()
        let found = results.withLock { $0 }
        // In order, so that of several failures always the same one is told.
        return try found.sorted { $0.key < $1.key }.map { try $0.value.get() }
    }

    /// Names of the images as parts of file names, as COLMAP has it.
    ///
    /// - Throws: ``StereoError/unusableName(_:)`` for a name that leads out of the folder, or one that two images have.
    private static func fileNames(of model: Reconstruction) throws(StereoError) -> [ImageID: String] {
        var taken: Set<String> = []
        for id in model.imageIDs {
            guard let name = model.images[id]?.name else { continue }
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            let isUsable = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) }
            guard isUsable, taken.insert(name).inserted else { throw .unusableName(name) }
        }
        return model.images.mapValues(\.name)
    }
}
