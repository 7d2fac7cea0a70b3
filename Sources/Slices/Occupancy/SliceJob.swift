// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Fields
import FoundationEssentials
import Geometry
import Mesh
import Storage

/// One reconstruction from a file of slices to a mesh on disk, with checkpoints in between.
///
/// Killing the process at any moment and running the same job again continues from the last checkpoint and ends with the
/// same bytes as an uninterrupted run.
public struct SliceJob: Sendable {
    /// Slices in world units, labels selected.
    public var slices: SliceSet
    /// What the report says about the input; its `path` and `label` also name the checkpoint's owner.
    public var input: SliceReport.Input
    /// Digest of the input file's bytes.
    public var inputFingerprint: UInt64
    /// Mesh to write, format by extension.
    public var output: String
    /// All options.
    public var options: SliceReconstructionOptions
    /// Bound on concurrency, at least 1.
    public var threads: Int
    /// Seconds of training between checkpoints.
    public var checkpointInterval = 10.0

    /// Describes a job.
    public init(
        slices: SliceSet, input: SliceReport.Input, inputFingerprint: UInt64, output: String,
        options: SliceReconstructionOptions, threads: Int
    ) {
        self.slices = slices
        self.input = input
        self.inputFingerprint = inputFingerprint
        self.output = output
        self.options = options
        self.threads = threads
    }

    /// How a job ended.
    public enum Outcome: Sendable {
        /// The mesh is written.
        case finished(SliceReport)
        /// Stopped on request after this many steps; the checkpoint is written.
        case interrupted(step: Int)
    }

    /// Where the training state is kept until the mesh is written.
    public var checkpointPath: String { output + ".checkpoint" }

    /// Runs the job.
    ///
    /// - Parameters:
    ///   - note: Told what a user may want to know, one sentence at a time.
    ///   - cancellation: Asked between training steps.
    /// - Throws: `OptionsError`, `ExtractionError`, ``SliceJobError``, `MeshFileError`, `FileError`.
    public func run(
        progress: ProgressHandler? = nil, note: (String) -> Void = { _ in }, cancellation: CancellationCheck? = nil
    ) throws -> Outcome {
        let choice = EngineChooser.choose(slices, options: options)
        switch choice.engine {
        case .occupancy, .hybrid:
            return try runOccupancy(choice, progress: progress, note: note, cancellation: cancellation)
        case .thinPlate: return try runThinPlate(choice, progress: progress, cancellation: cancellation)
        }
    }

    private func runThinPlate(
        _ choice: EngineChooser.Choice, progress: ProgressHandler?, cancellation: CancellationCheck?
    ) throws -> Outcome {
        let reconstructor = try ThinPlateReconstructor(slices, options: options, threads: threads)
        let start = DispatchTime.now().uptimeNanoseconds
        guard let fit = reconstructor.fit(progress: progress, cancellation: cancellation) else {
            return .interrupted(step: 0)
        }
        let fitted = DispatchTime.now().uptimeNanoseconds
        let surface = try reconstructor.extract(fit, progress: progress)
        guard !surface.mesh.isEmpty else { throw SliceJobError.emptySurface }
        try MeshFile.write(surface.mesh, to: output)
        var report = try report(choice, surface: surface, since: fitted)
        report.fit = .init(
            nodes: fit.field.grid.nodeCount, samples: fit.samples, seconds: Double(fitted - start) * 1e-9)
        return .finished(report)
    }

    private func runOccupancy(
        _ choice: EngineChooser.Choice, progress: ProgressHandler?, note: (String) -> Void,
        cancellation: CancellationCheck?
    ) throws -> Outcome {
        let reconstructor = try SliceReconstructor(slices, options: options, threads: threads)
        let trainer = reconstructor.trainer
        let resumed = resume(trainer, note: note)
        let start = DispatchTime.now().uptimeNanoseconds
        var lastSave = start
        while !trainer.isFinished {
            let stopped = cancellation?() == true
            let now = DispatchTime.now().uptimeNanoseconds
            if stopped || Double(now - lastSave) * 1e-9 > checkpointInterval {
                guard trainer.loss.isFinite else { throw SliceJobError.diverged(step: trainer.step) }
                try save(trainer)
                lastSave = now
            }
            if stopped { return .interrupted(step: trainer.step) }
            reconstructor.advance(progress: progress)
        }
        guard trainer.loss.isFinite else { throw SliceJobError.diverged(step: trainer.step) }
        let trained = DispatchTime.now().uptimeNanoseconds
        var refined: ThinPlateReconstructor.Fit?
        let surface: SliceSurface
        if choice.engine == .hybrid {
            let plate = try ThinPlateReconstructor(slices, options: options, threads: threads)
            guard
                let fit = plate.refine(OccupancyField(trainer.network), progress: progress, cancellation: cancellation)
            else {
                try save(trainer)
                return .interrupted(step: trainer.step)
            }
            surface = try plate.extract(fit, progress: progress)
            refined = fit
        } else {
            surface = try reconstructor.extract(progress: progress)
        }
        guard !surface.mesh.isEmpty else { throw SliceJobError.emptySurface }
        try MeshFile.write(surface.mesh, to: output)
        var report = try report(choice, surface: surface, since: trained)
        report.fit = refined.map { .init(nodes: $0.field.grid.nodeCount, samples: $0.samples, seconds: 0) }
        report.training = .init(
            steps: trainer.step, samples: trainer.step * options.training.batchSize, loss: trainer.loss,
            seconds: Double(trained - start) * 1e-9, resumedFromStep: resumed)
        OutputFile.remove(checkpointPath)
        return .finished(report)
    }

    // MARK: Checkpoints

    /// Says what a checkpoint belongs to.
    private func ownership() throws -> [String: String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return [
            "format": "zeroset-slices-1",
            "algorithm": String(SliceReconstructor.algorithmVersion),
            "input": String(inputFingerprint, radix: 16),
            "label": input.label.map(String.init) ?? "all",
            "options": String(decoding: try encoder.encode(options), as: UTF8.self),
        ]
    }

    private func save(_ trainer: OccupancyTrainer) throws {
        var file = trainer.checkpoint()
        file.metadata.merge(try ownership()) { _, new in new }
        try OutputFile.write(try file.encoded(), to: checkpointPath)
    }

    /// Continues from the checkpoint when there is a good one of this job; returns its step.
    private func resume(_ trainer: OccupancyTrainer, note: (String) -> Void) -> Int {
        guard let bytes = try? InputFile.read(checkpointPath, limit: 1 << 30) else { return 0 }
        do {
            let file = try SafetensorsFile(parsing: bytes)
            for (key, value) in try ownership().sorted(by: { $0.key < $1.key }) where file.metadata[key] != value {
                throw CheckpointError.mismatch(what: key)
            }
            try trainer.restore(from: file)
            note("Continuing from step \(trainer.step) of \(checkpointPath).")
            return trainer.step
        } catch {
            note("Starting afresh; \(checkpointPath) is not used. \(error)")
            return 0
        }
    }

    // MARK: Report

    private func report(
        _ choice: EngineChooser.Choice, surface: SliceSurface, since: UInt64
    ) throws -> SliceReport {
        let mesh = surface.mesh
        let agreement = try SliceAgreement.measure(
            slices, positions: mesh.positions, triangles: mesh.triangles, threads: threads)
        let worst = agreement.planes.min { $0.iou < $1.iou }
        return SliceReport(
            input: input, options: options, engine: .init(name: choice.engine, reason: choice.reason),
            surface: .init(
                path: output, mesh: try MeshReport(of: mesh), droppedComponents: surface.droppedComponents,
                cellSize: surface.cellSize, queries: surface.queries, denseQueries: surface.denseQueries,
                seconds: Double(DispatchTime.now().uptimeNanoseconds - since) * 1e-9),
            agreement: .init(
                meanPlaneIoU: agreement.meanIoU, minimumPlaneIoU: agreement.minimumIoU, worstPlane: worst?.number ?? 0),
            staircase: Staircase.measure(slices, mesh))
    }
}

/// A job could not give a surface.
public enum SliceJobError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The loss is not a number any more.
    case diverged(step: Int)
    /// The field is outside everywhere.
    case emptySurface

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .diverged(let step):
            "Training diverged at step \(step). Lower the learning rate in --options, or try another --seed."
        case .emptySurface:
            "The trained field has no surface. Train longer with --quality high, or check that the contours enclose area."
        }
    }
}
