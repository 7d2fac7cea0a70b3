// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Geometry
import Storage

extension PhotoJob {
    private static let refineVersion = 1

    /// Refines the cameras of the first model by its photos: writes `refined/`, with the model as `refined/sparse/0`, its
    /// points and `transforms.json`. Later stages use that model.
    ///
    /// - Parameter masks: Folder with masks, named like the photos: black is ignored.
    /// - Throws: `SurfaceError`, `SceneFileError`, `IngestError`, `FileError`, ``WorkspaceError``,
    ///   ``PhotoJobInterruption``.
    public func refinePoses(masks: String? = nil) throws {
        let mapKey = try finishedKey(.map)
        guard let folder = workspace.record.photoFolder else {
            throw WorkspaceError.noPhotoFolder(folder: workspace.folder)
        }
        let model = try ColmapModel.read(workspace.path("sparse/0")).reconstruction
        let pictures = try ModelPictures(of: model, folder: folder, masks: masks, reading: options.ingest.reading)
        let digests = try pictureDigests(pictures, masks: masks)
        let key = try Workspace.key(
            .refine, version: Self.refineVersion,
            [mapKey, options.refinement, options.refinement.firstField(for: options.surface), options.seed, digests])
        try stage(.refine, key: key) {
            var surface = options.surface
            surface.seed = options.seed
            let refinement: PoseRefinement
            do {
                refinement = try PoseRefinement(
                    of: model, options: options.refinement, surface: surface, heldIntrinsics: givenCameras(),
                    threads: threads, raster: pictures.picture, mask: masks == nil ? nil : pictures.mask,
                    progress: progress, cancellation: cancellation)
            } catch SurfaceError.cancelled {
                throw PhotoJobInterruption()
            }
            workspace.record.options = options
            return try write(refinement)
        }
        report.refinement = try? JSONDecoder().decode(
            PoseRefinementReport.self, from: Data(InputFile.read(workspace.path("refined/report.json"))))
    }

    /// Makes later stages use the model as it was mapped.
    public func useMappedPoses() throws {
        workspace.removeWork(of: .refine)
        guard workspace.record.stages[PhotoStage.refine.rawValue] != nil else { return }
        workspace.record.stages[PhotoStage.refine.rawValue] = nil
        try workspace.save()
        Folder.remove(workspace.path("refined"))
    }

    /// The model that surfaces and depths are made for, and the key of the stage that made it.
    func posedModel() throws -> (model: Reconstruction, key: String) {
        let mapKey = try finishedKey(.map)
        let refined = workspace.record.stages[PhotoStage.refine.rawValue]
        if let refined, !workspace.isFinished(.refine, key: refined.key) {
            throw WorkspaceError.missingStage(
                folder: workspace.folder, stage: .refine, command: PhotoStage.refine.command(workspace))
        }
        let folder = workspace.path(workspace.record.posedModelFolder)
        return (try ColmapModel.read(folder).reconstruction, refined?.key ?? mapKey)
    }

    /// The stages before know the workspace's own photos; those of a model from elsewhere nobody has looked at yet.
    func pictureDigests(_ pictures: ModelPictures?, masks: String?) throws -> [String] {
        workspace.record.photos.isEmpty || masks != nil ? try pictures?.digests() ?? [] : []
    }

    /// Cameras whose intrinsics the user gave.
    private func givenCameras() throws -> Set<CameraID> {
        let path = workspace.path("database.db")
        guard Folder.exists(path) else { return [] }
        return Set(try ColmapDatabase.read(path).cameras.filter { $0.value.focalLengthSource == .given }.keys)
    }

    private func write(_ refinement: PoseRefinement) throws -> StageResult {
        let unfinished = try workspace.unfinishedFolder(.refine)
        try Folder.create("\(unfinished)/sparse/0")
        let model = refinement.reconstruction
        try ColmapModel.write(model, to: "\(unfinished)/sparse/0", as: .binary)
        try ScenePointFile.write(model, to: "\(unfinished)/points.ply")
        try TransformsFile.write(
            model, to: "\(unfinished)/transforms.json", photoFolder: workspace.record.photoFolder ?? "",
            pointFile: "points.ply")
        try OutputFile.write(Workspace.json(refinement.report), to: "\(unfinished)/report.json")
        try Folder.replace(workspace.path("refined"), with: unfinished)
        let files = ["cameras", "images", "points3D"].map { "sparse/0/\($0).bin" }
        return StageResult(outputs: (files + ["points.ply", "transforms.json", "report.json"]).map { "refined/\($0)" })
    }
}
