// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Geometry
import Images
import Mesh
import Storage

extension PhotoJob {
    private static let surfaceVersion = 1

    /// Fits a surface to the points of the first model: writes `mesh.ply`, in the model's frame.
    ///
    /// - Throws: `SparseSurfaceError`, `ExtractionError`, `SceneFileError`, `FileError`, ``WorkspaceError``,
    ///   ``PhotoJobInterruption``.
    public func fitSurface() throws {
        let key = try Workspace.key(
            .surface, version: Self.surfaceVersion, [try finishedKey(.map), options.surface, options.seed])
        try stage(.surface, key: key) {
            let model = try ColmapModel.read(workspace.path("sparse/0")).reconstruction
            var surfaceOptions = options.surface
            surfaceOptions.seed = options.seed
            let surface: SparseSurface
            do {
                surface = try SparseSurface(
                    of: model, options: surfaceOptions, threads: threads, raster: pictures(of: model),
                    progress: progress,
                    cancellation: cancellation)
            } catch SparseSurfaceError.cancelled {
                throw PhotoJobInterruption()
            }
            workspace.record.options = options
            try Folder.create(workspace.path("field"))
            try OutputFile.write(Workspace.json(surface.report), to: workspace.path("field/report.json"))
            try MeshFile.write(surface.mesh, to: workspace.path("mesh.ply"))
            return StageResult(outputs: ["mesh.ply", "field/report.json"])
        }
        report.surface = try? JSONDecoder().decode(
            SparseSurfaceReport.self, from: Data(InputFile.read(workspace.path("field/report.json"))))
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
