// SPDX-License-Identifier: Apache-2.0

extension RadianceTrainer {
    /// Everything that later steps depend on: all parameters, optimiser moments, step, samples. Resuming from it gives the same bytes
    /// as never having stopped.
    public func checkpoint() -> SafetensorsFile {
        var file = SafetensorsFile(metadata: ["step": String(step), "samples": String(samples)])
        file.add(distance.checkpoint(), under: "distance.")
        for (prefix, parameters, optimizer) in parts {
            file.add(
                SafetensorsFile(tensors: parameters.checkpointTensors(moments: optimizer.moments)), under: prefix)
        }
        return file
    }

    /// Continues from a checkpoint of a trainer with the same options.
    ///
    /// - Throws: ``CheckpointError``; the trainer is then unchanged.
    public func restore(from file: SafetensorsFile) throws(CheckpointError) {
        var own = file.part(under: "distance.")
        own.metadata = file.metadata
        guard let samples = file.metadata["samples"].flatMap(Int.init), samples >= 0 else {
            throw .malformed(reason: "its number of samples is missing or out of range")
        }
        for (prefix, parameters, optimizer) in parts {
            try parameters.check(file.part(under: prefix), moments: optimizer.moments)
        }
        try distance.restore(from: own)
        for (prefix, parameters, optimizer) in parts {
            try parameters.restore(from: file.part(under: prefix), moments: optimizer.moments)
            optimizer.stepCount = step
        }
        self.samples = samples
        networks.color.refresh()
        networks.surroundings?.refresh()
    }

    private var parts: [(String, ParameterVector, AdamOptimizer)] {
        var result = [("color.", networks.color.parameters, colorOptimizer)]
        if let network = networks.surroundings, let optimizer = surroundingOptimizer {
            result.append(("surroundings.", network.parameters, optimizer))
        }
        result.append(("pictures.", exposures.parameters, exposures.optimizer))
        return result
    }
}

extension RadianceNetworks {
    /// The parameters of all networks alone, for later queries.
    public func weights() -> SafetensorsFile {
        var file = SafetensorsFile()
        file.add(distance.weights(), under: "distance.")
        file.add(color.weights(), under: "color.")
        if let surroundings { file.add(surroundings.weights(), under: "surroundings.") }
        return file
    }

    /// Takes the parameters from a file of ``weights()`` of networks of the same shapes.
    ///
    /// - Throws: ``CheckpointError``; the networks are then unchanged.
    public func restoreWeights(from file: SafetensorsFile) throws(CheckpointError) {
        try color.parameters.check(file.part(under: "color."), moments: [])
        try surroundings?.parameters.check(file.part(under: "surroundings."), moments: [])
        try distance.restoreWeights(from: file.part(under: "distance."))
        try color.restoreWeights(from: file.part(under: "color."))
        try surroundings?.restoreWeights(from: file.part(under: "surroundings."))
    }
}

extension SafetensorsFile {
    /// Adds the tensors of another file, with `prefix` before their names.
    mutating func add(_ other: SafetensorsFile, under prefix: String) {
        for (name, tensor) in other.tensors { tensors[prefix + name] = tensor }
    }

    /// The tensors whose names begin with `prefix`, without it.
    func part(under prefix: String) -> SafetensorsFile {
        var result = SafetensorsFile()
        for (name, tensor) in tensors where name.hasPrefix(prefix) {
            result.tensors[String(name.dropFirst(prefix.count))] = tensor
        }
        return result
    }
}
