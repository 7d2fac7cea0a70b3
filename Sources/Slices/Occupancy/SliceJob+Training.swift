// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Fields
import FoundationEssentials
import Geometry
import Mesh
import Storage

extension SliceJob {
    /// Where the training state is kept until the mesh is written.
    /// Jobs that share an output each have their own.
    public var checkpointPath: String {
        output + (deliver != nil ? input.label.map { ".label\($0)" } ?? "" : "") + ".checkpoint"
    }

    /// Trains a network, continuing from a checkpoint, and makes its surface.
    func runOccupancy(
        _ choice: EngineChooser.Choice, progress: ProgressHandler?, note: (String) -> Void,
        cancellation: CancellationCheck?, preview: MeshPreview?
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
        try hand(over: surface.mesh)
        var report = try report(choice, surface: surface, since: trained)
        report.training = .init(
            steps: trainer.step, samples: trainer.step * options.training.batchSize, loss: trainer.loss,
            curve: reconstructor.curve,
            seconds: Double(trained - start) * 1e-9, resumedFromStep: resumed)
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
}
