// SPDX-License-Identifier: Apache-2.0

import Fields
import Storage

extension PhotoJob {
    private static let foreignVersion = 1

    /// Takes what another program, or another workspace, has made into this workspace.
    ///
    /// - Parameters:
    ///   - path: A COLMAP database, which is read only.
    ///   - stage: ``PhotoStage/features`` or ``PhotoStage/matches``: how much of it counts as finished.
    /// - Throws: `SceneFileError`, `FileError`.
    public func adoptDatabase(_ path: String, through stage: PhotoStage) throws {
        let content = try ColmapDatabase.read(path)
        let digest = Workspace.hexadecimal(Fingerprint.fnv1a64(try InputFile.read(path)))
        let key = try Workspace.key(.features, version: Self.foreignVersion, ["database", digest])
        for adopted in [PhotoStage.features, .matches] where adopted <= stage {
            let isWhole = workspace.isFinished(adopted, key: key)
            if isWhole { continue }
            try ColmapDatabase.write(content, to: workspace.path("database.db"))
            try workspace.finish(adopted, key: key, outputs: ["database.db"])
        }
        report.photos = content.images.count
    }

    /// Takes a COLMAP model into the workspace as `sparse/0`; what was made from the same model before is kept.
    ///
    /// - Throws: `SceneFileError`, `FileError`.
    public func adoptModel(_ folder: String) throws {
        let model = try ColmapModel.read(folder).reconstruction
        let unfinished = try workspace.unfinishedFolder(.map)
        defer { workspace.removeWork(of: .map) }
        try Folder.create("\(unfinished)/0")
        try ColmapModel.write(model, to: "\(unfinished)/0", as: .binary)
        let files = ["cameras", "images", "points3D"].map { "0/\($0).bin" }
        let digests = try files.map { Fingerprint.fnv1a64(try InputFile.read("\(unfinished)/\($0)")) }
        let key = try Workspace.key(.map, version: Self.foreignVersion, ["model", digests])
        guard !workspace.isFinished(.map, key: key) else { return }
        Folder.remove(workspace.path("refined"))
        try Folder.replace(workspace.path("sparse"), with: unfinished)
        try workspace.finish(.map, key: key, outputs: files.map { "sparse/\($0)" })
    }
}
