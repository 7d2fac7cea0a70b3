// SPDX-License-Identifier: Apache-2.0

import Fields
import FoundationEssentials
import Geometry
import Images
import Mesh
import Storage

extension PhotoJob {
    private static let surfaceVersion = 2

    /// Fits a surface to the points and photos of the first model: writes `mesh.ply`, in the model's frame.
    ///
    /// - Throws: `SurfaceError`, `ExtractionError`, `SceneFileError`, `FileError`, ``WorkspaceError``,
    ///   ``PhotoJobInterruption``.
    public func fitSurface() throws {
        let key = try Workspace.key(
            .surface, version: Self.surfaceVersion,
            [try finishedKey(.map), options.surface, options.seed, try pictureDigests()])
        try stage(.surface, key: key) {
            let model = try ColmapModel.read(workspace.path("sparse/0")).reconstruction
            var surfaceOptions = options.surface
            surfaceOptions.seed = options.seed
            let surface: SurfaceReconstruction
            do {
                surface = try SurfaceReconstruction(
                    of: model, options: surfaceOptions, threads: threads, raster: pictures(of: model),
                    progress: progress, cancellation: cancellation)
            } catch SurfaceError.cancelled {
                throw PhotoJobInterruption()
            }
            workspace.record.options = options
            try Folder.create(workspace.path("field"))
            try OutputFile.write(Workspace.json(surface.report), to: workspace.path("field/report.json"))
            try MeshFile.write(surface.mesh, to: workspace.path("mesh.ply"))
            return StageResult(outputs: ["mesh.ply", "field/report.json"])
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

    /// Digests of the pictures of a model from elsewhere; the stages before know those of the workspace's own photos.
    private func pictureDigests() throws -> [UInt64] {
        guard workspace.record.photos.isEmpty, let folder = workspace.record.photoFolder else { return [] }
        return try modelImageNames().map { name in
            (try? InputFile.read("\(folder)/\(name)")).map { Fingerprint.fnv1a64($0) } ?? 0
        }
    }

    /// Pictures of a model's images, or `nil` when the workspace does not know its photos.
    private func pictures(of model: Reconstruction) -> (@Sendable (ImageID) -> Raster?)? {
        guard let folder = workspace.record.photoFolder else { return nil }
        let reading = options.ingest.reading
        let names = model.images.mapValues(\.name)
        return { id in names[id].flatMap { try? ImageFile.read("\(folder)/\($0)", options: reading) } }
    }

    /// Writes `report.json`: the result with the times of this run.
    public func saveReport() throws {
        try OutputFile.write(Workspace.json(report), to: workspace.path("report.json"))
    }
}
