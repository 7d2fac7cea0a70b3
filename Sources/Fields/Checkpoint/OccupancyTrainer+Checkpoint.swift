// SPDX-License-Identifier: Apache-2.0

extension OccupancyTrainer {
    /// Everything that later steps depend on: parameters, optimiser moments, step. Resuming from it gives the same bytes as
    /// never having stopped.
    public func checkpoint() -> SafetensorsFile {
        SafetensorsFile(
            metadata: ["step": String(step), "optimizer_steps": String(optimizer.stepCount)],
            tensors: network.parameters.checkpointTensors(moments: optimizer.moments))
    }

    /// Continues from a checkpoint of a trainer with the same options.
    ///
    /// - Throws: ``CheckpointError``; the trainer is then unchanged.
    public func restore(from file: SafetensorsFile) throws(CheckpointError) {
        guard let step = file.metadata["step"].flatMap(Int.init), (0...options.steps).contains(step),
            let optimizerSteps = file.metadata["optimizer_steps"].flatMap(Int.init), optimizerSteps >= 0
        else { throw .malformed(reason: "its step is missing or out of range") }
        try network.parameters.restore(from: file, moments: optimizer.moments)
        network.refresh()
        self.step = step
        optimizer.stepCount = optimizerSteps
    }
}
