// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Memory for what a forward pass over one tile leaves to the passes after it.
package struct PerceptronTrace: ~Copyable {
    let kernel: zk_mlp_trace
    private let buffer: FloatBuffer
    private let strides: [Int]
    private let widths: [Int]

    /// What will follow the forward pass.
    package enum Purpose {
        /// Nothing: activations are dropped.
        case inference
        /// Reverse passes, also of second order at the first `tangentRows` rows.
        case training(tangentRows: Int)
    }

    /// Allocates for tiles of at most `rows` points.
    package init(shape: PerceptronShape, rows: Int, purpose: Purpose) {
        widths = Array(shape.widths.dropFirst().dropLast())
        strides = widths.map { ParameterVector.rowStride(columns: $0) }
        var trace = zk_mlp_trace()
        let sizes: [[Int]]
        switch purpose {
        case .inference:
            let widest = strides.max() ?? 0
            sizes = [[widest * rows, widest * rows], [], []]
        case .training(let tangentRows):
            sizes = [strides.map { $0 * rows }, strides.map { $0 * rows }, strides.map { $0 * tangentRows }]
        }
        buffer = FloatBuffer(count: sizes.joined().reduce(0, +))
        var place = buffer.pointer
        func pointers(_ sizes: [Int]) -> [UnsafeMutablePointer<Float>?] {
            sizes.map { size in
                defer { place += size }
                return place
            }
        }
        let values = pointers(sizes[0])
        let derivatives = pointers(sizes[1])
        let tangents = pointers(sizes[2])
        func fill<Tuple>(_ tuple: inout Tuple, _ pointers: [UnsafeMutablePointer<Float>?]) {
            withUnsafeMutableBytes(of: &tuple) { bytes in
                let places = bytes.bindMemory(to: UnsafeMutablePointer<Float>?.self)
                for (index, pointer) in pointers.enumerated() { places[index] = pointer }
            }
        }
        fill(&trace.values, values)
        fill(&trace.derivatives, derivatives)
        fill(&trace.tangents, tangents)
        kernel = trace
    }

    /// Copies what the forward pass left of one row over that of another; for dropping rows before a backward pass.
    package func copyRow(_ source: Int, to target: Int) {
        withUnsafeBytes(of: kernel.values) { values in
            withUnsafeBytes(of: kernel.derivatives) { derivatives in
                let values = values.bindMemory(to: UnsafeMutablePointer<Float>?.self)
                let derivatives = derivatives.bindMemory(to: UnsafeMutablePointer<Float>?.self)
                for (layer, stride) in strides.enumerated() {
                    for rows in [values[layer], derivatives[layer]] {
                        guard let rows else { continue }
                        (rows + target * stride).update(from: rows + source * stride, count: stride)
                    }
                }
            }
        }
    }

    /// How many hidden units have a positive value, and how many there are, over the first `rows` rows. Units that padding
    /// adds have the value 0 and are left out by their width.
    package func activeUnits(rows: Int) -> (active: Int, all: Int) {
        withUnsafeBytes(of: kernel.values) { bytes in
            let values = bytes.bindMemory(to: UnsafeMutablePointer<Float>?.self)
            var (active, all) = (0, 0)
            for layer in strides.indices {
                guard let start = values[layer] else { continue }
                for row in 0..<rows {
                    for unit in 0..<widths[layer] where start[row * strides[layer] + unit] > 0 { active += 1 }
                }
                all += rows * widths[layer]
            }
            return (active, all)
        }
    }
}
