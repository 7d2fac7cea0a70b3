// SPDX-License-Identifier: Apache-2.0

import Fields
import FoundationEssentials
import Geometry
import Images
import Storage

extension PhotoJob {
    private static let radianceVersion = 2

    /// Trains a radiance field of the first model, from the surface's signed distance on: writes `field/radiance.safetensors`
    /// and `field/radiance.json`.
    ///
    /// Every few seconds the whole state is kept; an interrupted run continues there and ends with the same bytes.
    ///
    /// - Throws: ``RadianceError``, `CheckpointError`, `SceneFileError`, `IngestError`, `FileError`, ``WorkspaceError``,
    ///   ``PhotoJobInterruption``.
    public func trainRadiance(_ radiance: RadianceOptions) throws {
        let surfaceKey = try finishedKey(.surface)
        guard let folder = workspace.record.photoFolder else {
            throw WorkspaceError.noPhotoFolder(folder: workspace.folder)
        }
        let (model, modelKey) = try posedModel()
        let pictures = try ModelPictures(of: model, folder: folder, masks: nil, reading: options.ingest.reading)
        let key = try Workspace.key(
            .radiance, version: Self.radianceVersion,
            [modelKey, surfaceKey, radiance, options.seed, pictures.digests()])
        try stage(.radiance, key: key) {
            do {
                return try writeRadiance(radiance, of: model, pictures: pictures, key: key)
            } catch RadianceError.cancelled {
                throw PhotoJobInterruption()
            }
        }
        report.radiance = try? JSONDecoder().decode(
            RadianceReport.self, from: Data(InputFile.read(workspace.path(SavedRadianceField.reportFile))))
    }

    private func writeRadiance(
        _ radiance: RadianceOptions, of model: Reconstruction, pictures: ModelPictures, key: String
    ) throws -> StageResult {
        let surface = try JSONDecoder().decode(
            SurfaceReport.self, from: Data(InputFile.read(workspace.path("field/report.json"))))
        let distance = try SDFNetwork(surface.options.architecture, seed: options.seed)
        try distance.restoreWeights(
            from: SafetensorsFile(parsing: InputFile.read(workspace.path(Self.distanceFile))))
        let reconstruction = try RadianceReconstruction(
            of: model, from: distance, in: surface.cube, options: radiance, seed: options.seed, threads: threads,
            raster: pictures.picture)
        let path = try workspace.workFolder(.radiance, key: key) + "/checkpoint.safetensors"
        if Folder.exists(path) {
            try reconstruction.trainer.restore(from: SafetensorsFile(parsing: InputFile.read(path)))
        }
        try reconstruction.train(progress: progress, cancellation: cancellation) { trainer in
            try OutputFile.write(trainer.checkpoint().encoded(), to: path)
        }
        let result = try reconstruction.report(progress: progress, cancellation: cancellation)
        try OutputFile.write(
            reconstruction.trainer.networks.weights().encoded(), to: workspace.path(SavedRadianceField.weightFile))
        try OutputFile.write(Workspace.json(result), to: workspace.path(SavedRadianceField.reportFile))
        return StageResult(outputs: [SavedRadianceField.weightFile, SavedRadianceField.reportFile])
    }
}
