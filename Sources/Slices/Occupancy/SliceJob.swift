// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Fields
import Geometry
import Mesh

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
    /// Whether slices are left out first, to see how well the engine guesses them.
    public var holdsOutSlices = false
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
        /// Stopped on request after this many steps of training; their checkpoint is written. A thin-plate fit and a
        /// validation keep nothing: they are a matter of seconds, or begin again.
        case interrupted(step: Int)
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
        try options.validate()
        let choice = EngineChooser.choose(slices, options: options)
        var holdOut: HoldOutValidation?
        if holdsOutSlices {
            holdOut = try HoldOutValidation.measure(
                slices, engine: choice.engine, options: options, threads: threads, progress: progress,
                cancellation: cancellation)
            if holdOut == nil { return .interrupted(step: 0) }
        }
        let outcome = try run(
            choice, progress: progress, note: note, cancellation: cancellation, preview: preview)
        guard case .finished(var report, let mesh) = outcome else { return outcome }
        report.holdOut = holdOut
        return .finished(report, mesh)
    }

    private func run(
        _ choice: EngineChooser.Choice, progress: ProgressHandler?, note: (String) -> Void,
        cancellation: CancellationCheck?, preview: MeshPreview?
    ) throws -> Outcome {
        switch choice.engine {
        case .occupancy:
            return try runOccupancy(
                choice, progress: progress, note: note, cancellation: cancellation, preview: preview)
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
        try hand(over: surface.mesh)
        var report = try report(choice, surface: surface, since: fitted)
        report.fit = .init(
            nodes: fit.field.grid.nodeCount, samples: fit.samples, seconds: Double(fitted - start) * 1e-9)
        return .finished(report, surface.mesh)
    }

    /// Writes the mesh, or gives it to who takes it instead.
    func hand(over mesh: TriangleMesh) throws {
        if let deliver { try deliver(mesh) } else { try MeshFile.write(mesh, to: output) }
    }

    func report(
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
                meanPlaneIoU: agreement.meanIoU, minimumPlaneIoU: agreement.minimumIoU, worstPlane: worst?.number ?? 0,
                planes: agreement.planes),
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
            "The field has no surface. Check that the contours enclose area; --field occupancy --quality high may find more."
        }
    }
}
