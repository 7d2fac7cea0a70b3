// SPDX-License-Identifier: Apache-2.0

extension ParameterVector {
    /// The tensors, and those of the optimiser's `moments`, for a checkpoint.
    func checkpointTensors(
        moments: [(name: String, buffer: FloatBuffer)]
    ) -> [String: SafetensorsFile.Tensor] {
        var result: [String: SafetensorsFile.Tensor] = [:]
        for tensor in tensors {
            let shape = tensor.rows == 1 ? [tensor.columns] : [tensor.rows, tensor.columns]
            result[tensor.name] = .init(shape: shape, values: values(of: tensor))
            for moment in moments {
                result["optimizer.\(moment.name).\(tensor.name)"] = .init(
                    shape: shape, values: values(of: tensor, in: moment.buffer.pointer))
            }
        }
        return result
    }

    /// Takes everything that ``checkpointTensors(moments:)`` wrote from `file`.
    ///
    /// - Throws: ``CheckpointError`` when a tensor is missing, has another size or is not finite; nothing has changed then.
    func restore(
        from file: SafetensorsFile, moments: [(name: String, buffer: FloatBuffer)]
    ) throws(CheckpointError) {
        var targets: [(TensorSpan, String, UnsafeMutablePointer<Float>)] = []
        for tensor in tensors {
            targets.append((tensor, tensor.name, buffer.pointer))
            for moment in moments {
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
            set(tensor, to: stored.values, in: place)
        }
    }
}
