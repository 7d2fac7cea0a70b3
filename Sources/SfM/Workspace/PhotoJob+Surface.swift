// SPDX-License-Identifier: Apache-2.0

import Fields
import FoundationEssentials
import Geometry
import Images
import Mesh
import Storage

extension PhotoJob {
    /// Weights of the signed distance behind the mesh.
    static let distanceFile = "field/distance.safetensors"
    private static let surfaceVersion = 6

    /// Fits a surface to the points and photos of the first model: writes `mesh.ply`, in the model's frame, and the
    /// field behind it, `field/distance.safetensors`.
    ///
    /// - Parameter masks: Folder with masks, named like the photos: black is ignored, or with
    ///   ``SurfaceOptions/masksAreOutlines`` empty.
    /// - Throws: `SurfaceError`, `ExtractionError`, `SceneFileError`, `IngestError`, `FileError`, ``WorkspaceError``,
    ///   ``PhotoJobInterruption``.
    public func fitSurface(masks: String? = nil) throws {
        let (model, modelKey) = try posedModel()
        let pictures = try workspace.record.photoFolder.map { folder in
            try ModelPictures(of: model, folder: folder, masks: masks, reading: options.ingest.reading)
        }
        let digests = try pictureDigests(pictures, masks: masks)
        let key = try Workspace.key(
            .surface, version: Self.surfaceVersion, [modelKey, options.surface, options.seed, digests])
        try stage(.surface, key: key) {
            var surfaceOptions = options.surface
            surfaceOptions.seed = options.seed
            let surface: SurfaceReconstruction
            do {
                surface = try SurfaceReconstruction(
                    of: model, options: surfaceOptions, threads: threads, raster: pictures?.picture,
                    mask: masks == nil ? nil : pictures?.mask, progress: progress, cancellation: cancellation,
                    preview: preview)
            } catch SurfaceError.cancelled {
                throw PhotoJobInterruption()
            }
            workspace.record.options = options
            try Folder.create(workspace.path("field"))
            try OutputFile.write(Workspace.json(surface.report), to: workspace.path("field/report.json"))
            try MeshFile.write(surface.mesh, to: workspace.path("mesh.ply"))
            try OutputFile.write(surface.network.weights().encoded(), to: workspace.path(Self.distanceFile))
            return StageResult(outputs: ["mesh.ply", "field/report.json", Self.distanceFile])
        }
        report.surface = try? JSONDecoder().decode(
            SurfaceReport.self, from: Data(InputFile.read(workspace.path("field/report.json"))))
    }

    /// Says where the photos of a model from elsewhere are.
    ///
    /// - Throws: ``WorkspaceError/photosNotFound(folder:example:)`` when none of the model's images is there,
    ///   ``WorkspaceError/missingStage(folder:stage:command:)`` when there is no model.
    public func usePhotos(_ folder: String) throws {
        _ = try finishedKey(.map)
        let names = try modelImageNames()
        guard names.isEmpty || names.contains(where: { Folder.exists("\(folder)/\($0)") }) else {
            throw WorkspaceError.photosNotFound(folder: folder, example: names[0])
        }
        workspace.record.photoFolder = Folder.absolute(folder)
    }

    private func modelImageNames() throws -> [String] {
        let model = try ColmapModel.read(workspace.path("sparse/0")).reconstruction
        return model.imageIDs.compactMap { model.images[$0]?.name }
    }
}
