// SPDX-License-Identifier: Apache-2.0

import Fields
import FoundationEssentials
import Geometry
import Images
import Storage

extension PhotoJob {
    private static let mapVersion = 4

    /// Builds the map: writes `sparse/0`, `sparse/1` …, `points.ply` and `transforms.json`.
    ///
    /// - Parameters:
    ///   - known: Poses to start from, by the names of its images, and their intrinsics.
    ///   - holdsPoses: These are exact: they stay as they are.
    ///   - growthHandler: As in ``NeuralMapper``.
    /// - Throws: `MappingError`, `SceneFileError`, `FileError`, ``WorkspaceError``, ``PhotoJobInterruption``.
    public func buildMap(
        from known: Reconstruction? = nil, holdsPoses: Bool = false,
        growthHandler: (@Sendable (Int, Raster) -> Void)? = nil
    ) throws {
        var parts: [any Encodable] = [try finishedKey(.matches), options.mapping, options.seed]
        if let known { parts += [Fingerprint.fnv1a64(TransformsFile.encode(known).flatMap { $0 }), holdsPoses] }
        let key = try Workspace.key(.map, version: Self.mapVersion, parts)
        try stage(.map, key: key) {
            let database = try ColmapDatabase.read(workspace.path("database.db"))
            var (result, field) = try mapped(database, known, holdsPoses, growthHandler)
            try checkCancellation()
            for index in result.models.indices { colorize(&result.models[index]) }
            workspace.record.options = options
            return try write(result, field)
        }
        report.mapping = try? JSONDecoder().decode(
            MappingReport.self, from: Data(InputFile.read(workspace.path("sparse/report.json"))))
    }

    private func mapped(
        _ database: MatchDatabase, _ known: Reconstruction?, _ holdsPoses: Bool,
        _ growthHandler: (@Sendable (Int, Raster) -> Void)?
    ) throws -> (MappingResult, NeuralMapper.Field?) {
        do {
            var graph = database.viewGraph
            let poses = try known.map { try graph.takePoses(of: $0, areExact: holdsPoses) } ?? .none
            let found = try FocalLengthSearch(options: options.focalLengthSearch).estimate(graph, threads: threads)
            var mapping = options.mapping
            mapping.seed = options.seed
            let candidates = found.mapValues { [$0.focalLength] }
            guard mapping.levelSet != nil else {
                let mapper = GeometricMapper(options: mapping, focalLengthCandidates: candidates)
                return (try mapper.map(graph, startingFrom: poses, progress: progress, isCancelled: cancellation), nil)
            }
            let mapper = NeuralMapper(options: mapping, focalLengthCandidates: candidates)
            return try mapper.map(
                graph, startingFrom: poses, threads: threads, progress: progress, isCancelled: cancellation,
                growthHandler: growthHandler)
        } catch MappingError.cancelled {
            throw PhotoJobInterruption()
        }
    }

    /// Colours points from the photos; without photos, or those that have gone, they stay black.
    private func colorize(_ model: inout Reconstruction) {
        guard let folder = workspace.record.photoFolder else { return }
        let reading = options.ingest.reading
        model.colorize(threads: threads) { name in try? ImageFile.read("\(folder)/\(name)", options: reading) }
    }

    /// Describes the network in `field/map.safetensors`.
    private struct FieldDescription: Encodable {
        var architecture: SDFArchitecture
        var cubeFromWorld: UniformSimilarity
        var deviation: Double?
    }

    private static let fieldFiles = ["field/map.safetensors", "field/map.json"]

    private func write(_ result: MappingResult, _ field: NeuralMapper.Field?) throws -> StageResult {
        let unfinished = try workspace.unfinishedFolder(.map)
        var outputs = ["sparse/report.json", "points.ply", "transforms.json"]
        for (index, model) in result.models.enumerated() {
            try Folder.create("\(unfinished)/\(index)")
            try ColmapModel.write(model, to: "\(unfinished)/\(index)", as: .binary)
            outputs += ["cameras", "images", "points3D"].map { "sparse/\(index)/\($0).bin" }
        }
        try OutputFile.write(Workspace.json(result.report), to: "\(unfinished)/report.json")
        Folder.remove(workspace.path("refined"))
        try Folder.replace(workspace.path("sparse"), with: unfinished)
        try ScenePointFile.write(result.models[0], to: workspace.path("points.ply"))
        try TransformsFile.write(
            result.models[0], to: workspace.path("transforms.json"), photoFolder: workspace.record.photoFolder ?? "",
            pointFile: "points.ply")
        for name in Self.fieldFiles { Folder.remove(workspace.path(name)) }
        if let field {
            try Folder.create(workspace.path("field"))
            try OutputFile.write(field.network.weights().encoded(), to: workspace.path(Self.fieldFiles[0]))
            let description = FieldDescription(
                architecture: field.network.architecture, cubeFromWorld: field.cubeFromWorld,
                deviation: field.deviation)
            try OutputFile.write(Workspace.json(description), to: workspace.path(Self.fieldFiles[1]))
            outputs += Self.fieldFiles
        }
        return StageResult(outputs: outputs)
    }
}
