// SPDX-License-Identifier: Apache-2.0

import Fields
import Glibc

/// One training step on disk, for comparison with another implementation of the same network.
///
/// `before.safetensors` holds the parameters and, as `batch.points` and `batch.labels`, the samples of the step;
/// `after.safetensors` the state after it. Adam's first moment is then (1 - β₁) times the gradient.
enum StepExport {
    static func write(to folder: String) throws {
        var options = OccupancyTrainingOptions()
        // Low enough that the penalty acts on a fresh network, so that its second-order gradient is compared as well.
        options.gradientThreshold = 0.5
        options.gradientWeight = 1e-2
        let architecture = OccupancyArchitecture()
        let trainer = try OccupancyTrainer(OccupancyNetwork(architecture, seed: 5), options: options, threads: 2)
        let rows = 128
        var points: [Float] = []
        var labels: [Float] = []
        for tile in 0..<options.tilesPerStep {
            var tilePoints = [Float](repeating: 0, count: 4 * rows)
            var tileLabels = [Float](repeating: 0, count: rows)
            BallSampler().fill(
                step: 0, tile: tile, progress: 0, rows: rows, nearRows: 0, points: &tilePoints, labels: &tileLabels)
            points += tilePoints
            labels += tileLabels
        }
        var before = trainer.checkpoint()
        before.tensors["batch.points"] = .init(shape: [labels.count, 4], values: points)
        before.tensors["batch.labels"] = .init(shape: [labels.count], values: labels)
        before.metadata["penalized_rows_per_tile"] = String(Int(options.penalizedShare * Double(rows)))
        before.metadata["rows_per_tile"] = String(rows)
        before.metadata["gradient_threshold"] = String(options.gradientThreshold)
        before.metadata["gradient_weight"] = String(options.gradientWeight)
        before.metadata["last_iteration_weight"] = String(options.lastIterationWeight)
        before.metadata["iterations"] = String(architecture.iterations)
        before.metadata["state_width"] = String(architecture.stateWidth)
        guard case .softplus(let sharpness) = architecture.activation,
            case .adam(let beta1, _, _, _) = options.optimizer
        else { preconditionFailure("the comparison is written for softplus and Adam") }
        before.metadata["sharpness"] = String(sharpness)
        trainer.advance(sampler: BallSampler())
        var after = trainer.checkpoint()
        after.metadata["loss"] = String(trainer.loss)
        after.metadata["beta1"] = String(beta1)
        try write(try before.encoded(), "\(folder)/before.safetensors")
        try write(try after.encoded(), "\(folder)/after.safetensors")
    }

    private static func write(_ bytes: [UInt8], _ path: String) throws {
        guard let file = fopen(path, "wb") else { throw ExportError.cannotWrite(path) }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw ExportError.cannotWrite(path) }
    }

    /// A file of the export could not be written.
    enum ExportError: Error { case cannotWrite(String) }
}
