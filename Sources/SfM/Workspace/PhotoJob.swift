// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Geometry
import Mesh

/// A reconstruction from photos in a workspace, stage by stage, with everything finished kept on disk.
///
/// Killing the process at any moment and running the same job again continues with what was finished, and ends with the
/// same bytes as an uninterrupted run.
public final class PhotoJob {
    /// Where everything is kept.
    public let workspace: Workspace
    /// All options.
    public let options: PhotoOptions
    /// Bound on concurrency, at least 1; without influence on the result.
    public let threads: Int
    /// Offered the surface so far while one is fitted.
    public var preview: MeshPreview?
    /// Told each stage that begins; not those that an earlier run has finished.
    public var stageHandler: ((PhotoStage) -> Void)?
    let progress: ProgressHandler?
    let cancellation: CancellationCheck?
    /// What is known of the run so far.
    public internal(set) var report: PhotoReport

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - workspace: Where everything is kept.
    ///   - options: Those of all stages.
    ///   - threads: Bound on concurrency, at least 1; without influence on the result.
    ///   - progress: Told by each stage how far it is.
    ///   - cancellation: Asked between units of work; the job then throws ``PhotoJobInterruption``.
    /// - Throws: `OptionsError`.
    public init(
        workspace: Workspace, options: PhotoOptions, threads: Int, progress: ProgressHandler? = nil,
        cancellation: CancellationCheck? = nil
    ) throws {
        try options.validate()
        self.workspace = workspace
        self.options = options
        self.threads = threads
        self.progress = progress
        self.cancellation = cancellation
        report = PhotoReport(folder: workspace.folder)
        report.photos = workspace.record.photos.count
    }

    func checkCancellation() throws {
        if cancellation?() == true { throw PhotoJobInterruption() }
    }

    /// Runs `body` unless the stage was finished with `key`, and notes the time.
    func stage(_ stage: PhotoStage, key: String, _ body: () throws -> StageResult) throws {
        let start = DispatchTime.now().uptimeNanoseconds
        let isReused = workspace.isFinished(stage, key: key)
        if !isReused {
            try checkCancellation()
            stageHandler?(stage)
            let result = try body()
            try workspace.finish(stage, key: key, outputs: result.outputs, counts: result.counts)
        }
        // Also of one that was finished before: the process may have been killed between the two.
        workspace.removeWork(of: stage)
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
        report.counts.merge(workspace.record.stages[stage.rawValue]?.counts ?? [:]) { $1 }
        report.times.append(.init(stage: stage, seconds: isReused ? 0 : seconds, isReused: isReused))
    }

    /// The key of a finished stage.
    ///
    /// - Throws: ``WorkspaceError/missingStage(folder:stage:command:)``.
    func finishedKey(_ stage: PhotoStage) throws -> String {
        guard let found = workspace.record.stages[stage.rawValue], workspace.isFinished(stage, key: found.key) else {
            throw WorkspaceError.missingStage(folder: workspace.folder, stage: stage, command: stage.command(workspace))
        }
        return found.key
    }
}

/// What a stage wrote.
struct StageResult {
    /// Files, by path relative to the workspace.
    var outputs: [String]
    /// How much of what, for reports.
    var counts: [String: Int] = [:]
}

/// The job was asked to stop; running it again continues.
public struct PhotoJobInterruption: Error, Equatable, Sendable {}

extension PhotoStage {
    func command(_ workspace: Workspace) -> String {
        switch self {
        case .features: "reconstruct features PHOTOS -o \(workspace.folder)"
        case .matches: "reconstruct match -o \(workspace.folder)"
        case .map: "reconstruct map -o \(workspace.folder)"
        case .refine: "reconstruct refine -o \(workspace.folder)"
        case .surface: "reconstruct surface -o \(workspace.folder)"
        case .depth: "reconstruct depth -o \(workspace.folder)"
        case .radiance: "reconstruct radiance -o \(workspace.folder)"
        }
    }
}
