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
        for (target, values) in try stored(in: file, moments: moments) {
            set(target.tensor, to: values, in: target.place)
        }
    }

    /// Throws what ``restore(from:moments:)`` would throw.
    func check(
        _ file: SafetensorsFile, moments: [(name: String, buffer: FloatBuffer)]
    ) throws(CheckpointError) {
        _ = try stored(in: file, moments: moments)
    }

    private typealias Target = (tensor: TensorSpan, place: UnsafeMutablePointer<Float>)

    /// What `file` holds for each tensor of the parameters and of the moments.
    private func stored(
        in file: SafetensorsFile, moments: [(name: String, buffer: FloatBuffer)]
    ) throws(CheckpointError) -> [(Target, [Float])] {
        var result: [(Target, [Float])] = []
        let vectors = [("", buffer)] + moments.map { ("optimizer.\($0.name).", $0.buffer) }
        for tensor in tensors {
            for (prefix, vector) in vectors {
                let name = prefix + tensor.name
                guard let stored = file.tensors[name], stored.values.count == tensor.rows * tensor.columns else {
                    throw .mismatch(what: "network shape (\(name))")
                }
                guard stored.values.allSatisfy(\.isFinite) else {
                    throw .malformed(reason: "\(name) has values that are not finite")
                }
                result.append(((tensor, vector.pointer), stored.values))
            }
        }
        return result
    }
}
