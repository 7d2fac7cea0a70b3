// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Storage

extension PhotoJob {
    /// Completes the report by what earlier runs left in the workspace, and by the quality of each photo and pair.
    ///
    /// - Returns: The model that surfaces are made for, or `nil` when there is none yet.
    /// - Throws: `SceneFileError`, ``WorkspaceError``.
    @discardableResult
    public func completeReport() throws -> Reconstruction? {
        guard workspace.record.stages[PhotoStage.map.rawValue] != nil else { return nil }
        let model = try posedModel().model
        report.mapping = report.mapping ?? recalled(.map, "sparse/report.json")
        report.refinement = report.refinement ?? recalled(.refine, "refined/report.json")
        report.surface = report.surface ?? recalled(.surface, "field/report.json")
        report.radiance = report.radiance ?? recalled(.radiance, SavedRadianceField.reportFile)
        let database = workspace.path("database.db")
        let summary = Folder.exists(database) ? try ColmapDatabase.summary(database) : MatchSummary()
        report.quality = ModelQuality(of: model, summary: summary, mapping: report.mapping)
        return model
    }

    /// What a finished stage reported; `nil` when it was not run or another version wrote it.
    private func recalled<Report: Decodable>(_ stage: PhotoStage, _ name: String) -> Report? {
        guard workspace.record.stages[stage.rawValue] != nil, let bytes = try? InputFile.read(workspace.path(name))
        else { return nil }
        return try? JSONDecoder().decode(Report.self, from: Data(bytes))
    }
}
