// SPDX-License-Identifier: Apache-2.0

extension OccupancyTrainer {
    /// Everything that later steps depend on: parameters, optimiser moments, step. Resuming from it gives the same bytes as
    /// never having stopped.
    public func checkpoint() -> SafetensorsFile {
        var file = SafetensorsFile(metadata: ["step": String(step), "optimizer_steps": String(optimizer.stepCount)])
        for tensor in network.parameters.tensors {
            let shape = tensor.rows == 1 ? [tensor.columns] : [tensor.rows, tensor.columns]
            file.tensors[tensor.name] = .init(shape: shape, values: network.parameters.values(of: tensor))
            for moment in optimizer.moments {
                file.tensors["optimizer.\(moment.name).\(tensor.name)"] = .init(
                    shape: shape, values: network.parameters.values(of: tensor, in: moment.buffer.pointer))
            }
        }
        return file
    }

    /// Continues from a checkpoint of a trainer with the same options.
    ///
    /// - Throws: ``CheckpointError``; the trainer is then unchanged.
    public func restore(from file: SafetensorsFile) throws(CheckpointError) {
        guard let step = file.metadata["step"].flatMap(Int.init), (0...options.steps).contains(step),
            let optimizerSteps = file.metadata["optimizer_steps"].flatMap(Int.init), optimizerSteps >= 0
        else { throw .malformed(reason: "its step is missing or out of range") }
        var targets: [(TensorSpan, String, UnsafeMutablePointer<Float>)] = []
        for tensor in network.parameters.tensors {
            targets.append((tensor, tensor.name, network.parameters.buffer.pointer))
            for moment in optimizer.moments {
                targets.append((tensor, "optimizer.\(moment.name).\(tensor.name)", moment.buffer.pointer))
            }
        }
        for (tensor, name, _) in targets {
            guard let stored = file.tensors[name], stored.values.count == tensor.rows * tensor.columns else {
                throw .mismatch(what: "network shape (\(name))")
            }
            guard stored.values.allSatisfy(\.isFinite) else {
                throw .malformed(reason: "\(name) has values that are not finite")
            }
        }
        for (tensor, name, place) in targets {
            guard let stored = file.tensors[name] else { continue }
            network.parameters.set(tensor, to: stored.values, in: place)
        }
        network.refresh()
        self.step = step
        optimizer.stepCount = optimizerSteps
    }
}
