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
    /// Takes the finished mesh instead of the file ``output``: for outputs that are made of the meshes of several jobs.
    public var deliver: (@Sendable (TriangleMesh) throws -> Void)?

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
        case finished(SliceReport, TriangleMesh)
        /// Stopped on request after this many steps; the checkpoint is written.
        case interrupted(step: Int)
    }

    /// Where the training state is kept until the mesh is written. Jobs that share an output each have their own.
    public var checkpointPath: String {
        output + (deliver != nil ? input.label.map { ".label\($0)" } ?? "" : "") + ".checkpoint"
    }

    /// Runs the job.
    ///
    /// - Parameters:
    ///   - progress: Told after each training step, and during extraction.
    ///   - note: Told what a user may want to know, one sentence at a time.
    ///   - cancellation: Asked between training steps.
    ///   - preview: Offered the surface so far between training steps, coarse and with all its components.
    /// - Throws: `OptionsError`, `ExtractionError`, ``SliceJobError``, `MeshFileError`, `FileError`.
    public func run(
        progress: ProgressHandler? = nil, note: (String) -> Void = { _ in }, cancellation: CancellationCheck? = nil,
        preview: MeshPreview? = nil
    ) throws -> Outcome {
        let reconstructor = try SliceReconstructor(slices, options: options, threads: threads)
        let trainer = reconstructor.trainer
        let resumed = resume(reconstructor, note: note)
        let start = DispatchTime.now().uptimeNanoseconds
        var lastSave = start
        while !trainer.isFinished {
            let stopped = cancellation?() == true
            let now = DispatchTime.now().uptimeNanoseconds
            if stopped || Double(now - lastSave) * 1e-9 > checkpointInterval {
                guard trainer.loss.isFinite else { throw SliceJobError.diverged(step: trainer.step) }
                try save(reconstructor)
                lastSave = now
            }
            if stopped { return .interrupted(step: trainer.step) }
            reconstructor.advance(progress: progress)
            preview?.offer { reconstructor.surfaceSoFar() }
        }
        guard trainer.loss.isFinite else { throw SliceJobError.diverged(step: trainer.step) }
        let trained = DispatchTime.now().uptimeNanoseconds
        let surface = try reconstructor.extract(progress: progress)
        guard !surface.mesh.isEmpty else { throw SliceJobError.emptySurface }
        if let deliver { try deliver(surface.mesh) } else { try MeshFile.write(surface.mesh, to: output) }
        let report = try report(
            reconstructor, surface: surface, resumed: resumed, trainingSeconds: Double(trained - start) * 1e-9,
            since: trained)
        OutputFile.remove(checkpointPath)
        return .finished(report, surface.mesh)
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

    private static let curveKey = "curve"

    private func save(_ reconstructor: SliceReconstructor) throws {
        var file = reconstructor.trainer.checkpoint()
        file.metadata.merge(try ownership()) { _, new in new }
        file.metadata[Self.curveKey] = String(decoding: try JSONEncoder().encode(reconstructor.curve), as: UTF8.self)
        try OutputFile.write(try file.encoded(), to: checkpointPath)
    }

    /// Continues from the checkpoint when there is a good one of this job; returns its step.
    private func resume(_ reconstructor: SliceReconstructor, note: (String) -> Void) -> Int {
        let trainer = reconstructor.trainer
        guard let bytes = try? InputFile.read(checkpointPath, limit: 1 << 30) else { return 0 }
        do {
            let file = try SafetensorsFile(parsing: bytes)
            for (key, value) in try ownership().sorted(by: { $0.key < $1.key }) where file.metadata[key] != value {
                throw CheckpointError.mismatch(what: key)
            }
            try trainer.restore(from: file)
            let curve = file.metadata[Self.curveKey].map { Data($0.utf8) }
            reconstructor.curve = curve.flatMap { try? JSONDecoder().decode(TrainingCurve.self, from: $0) } ?? .init()
            note("Continuing from step \(trainer.step) of \(checkpointPath).")
            return trainer.step
        } catch {
            note("Starting afresh; \(checkpointPath) is not used. \(error)")
            return 0
        }
    }

    // MARK: Report

    private func report(
        _ reconstructor: SliceReconstructor, surface: SliceSurface, resumed: Int, trainingSeconds: Double,
        since: UInt64
    ) throws -> SliceReport {
        let mesh = surface.mesh
        let agreement = try SliceAgreement.measure(
            slices, positions: mesh.positions, triangles: mesh.triangles, threads: threads)
        let worst = agreement.planes.min { $0.iou < $1.iou }
        return SliceReport(
            input: input, options: options,
            training: .init(
                steps: reconstructor.trainer.step,
                samples: reconstructor.trainer.step * options.training.batchSize, loss: reconstructor.trainer.loss,
                curve: reconstructor.curve, seconds: trainingSeconds, resumedFromStep: resumed),
            surface: .init(
                path: output, mesh: try MeshReport(of: mesh), droppedComponents: surface.droppedComponents,
                cellSize: surface.cellSize, queries: surface.queries, denseQueries: surface.denseQueries,
                seconds: Double(DispatchTime.now().uptimeNanoseconds - since) * 1e-9),
            agreement: .init(
                meanPlaneIoU: agreement.meanIoU, minimumPlaneIoU: agreement.minimumIoU, worstPlane: worst?.number ?? 0,
                planes: agreement.planes))
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
