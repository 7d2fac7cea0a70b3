// SPDX-License-Identifier: Apache-2.0

extension SDFTrainer {
    /// Everything that later steps depend on: parameters, optimiser moments, step. Resuming from it gives the same bytes as
    /// never having stopped.
    public func checkpoint() -> SafetensorsFile {
        SafetensorsFile(
            metadata: ["step": String(step)],
            tensors: network.parameters.checkpointTensors(moments: optimizer.moments))
    }

    /// Continues from a checkpoint of a trainer with the same options.
    ///
    /// - Throws: ``CheckpointError``; the trainer is then unchanged.
    public func restore(from file: SafetensorsFile) throws(CheckpointError) {
        guard let step = file.metadata["step"].flatMap(Int.init), (0...options.steps).contains(step) else {
            throw .malformed(reason: "its step is missing or out of range")
        }
        try network.parameters.restore(from: file, moments: optimizer.moments)
        network.refresh()
        self.step = step
        optimizer.stepCount = step
    }
}

extension SDFNetwork {
    /// The parameters alone, for later queries.
    public func weights() -> SafetensorsFile { SafetensorsFile(tensors: parameters.checkpointTensors(moments: [])) }

    /// Takes the parameters from a file of ``weights()`` or a trainer's checkpoint of a network of the same shape.
    ///
    /// - Throws: ``CheckpointError``; the network is then unchanged.
    public func restoreWeights(from file: SafetensorsFile) throws(CheckpointError) {
        try parameters.restore(from: file, moments: [])
        refresh()
    }
}
