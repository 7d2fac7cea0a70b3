// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// A perceptron with squared-error loss on column 0, straight over the kernels: the network of the comparison with PyTorch.
final class PlainNetwork: @unchecked Sendable {
    let widths: [Int]
    private var mlp = zk_mlp()
    private let parameters: Floats
    private let transposed: Floats
    private let threads: Int
    private let blocks = 8
    private let blockGradients: Floats
    private let gradient: Floats
    private let first: Floats
    private let second: Floats
    private var scratch: [Scratch] = []
    private var step = 0

    private final class Scratch {
        var trace = zk_mlp_trace()
        let memory: Floats
        let output: UnsafeMutablePointer<Float>
        let adjoint: UnsafeMutablePointer<Float>
        let reverse: UnsafeMutablePointer<Float>

        init(strides: [Int]) {
            let rows = Int(ZK_TILE)
            let hidden = strides.dropFirst().dropLast().reduce(0, +) * rows
            let widest = strides.max() ?? 0
            memory = Floats(2 * hidden + (2 * (strides.last ?? 0) + 4 * widest) * rows)
            var place = memory.pointer
            func take(_ count: Int) -> UnsafeMutablePointer<Float> {
                defer { place += count }
                return place
            }
            func fill<Tuple>(_ tuple: inout Tuple) {
                withUnsafeMutableBytes(of: &tuple) { bytes in
                    let places = bytes.bindMemory(to: UnsafeMutablePointer<Float>?.self)
                    for (index, stride) in strides.dropFirst().dropLast().enumerated() {
                        places[index] = take(stride * rows)
                    }
                }
            }
            fill(&trace.values)
            fill(&trace.derivatives)
            output = take((strides.last ?? 0) * rows)
            adjoint = take((strides.last ?? 0) * rows)
            reverse = take(4 * widest * rows)
        }
    }

    static func stride(_ width: Int) -> Int {
        let padded = (width + 15) / 16 * 16
        return padded % 128 == 0 ? padded + 16 : padded
    }

    /// Multiply-adds of forward, input gradient and weight gradient for one point; the first layer needs no input gradient.
    var operationsPerPoint: Double {
        let products = zip(widths, widths.dropFirst()).map { 2.0 * Double($0.0 * $0.1) }
        return 3 * products.reduce(0, +) - products[0]
    }

    init(widths: [Int], activation: Int32, parameter: Float, threads: Int) {
        self.widths = widths
        self.threads = threads
        let strides = widths.map(Self.stride)
        var offsets: [(weight: Int, bias: Int)] = []
        var count = 0
        for layer in 0..<widths.count - 1 {
            offsets.append((count, count + widths[layer + 1] * strides[layer]))
            count += widths[layer + 1] * strides[layer] + strides[layer + 1]
        }
        var random = RandomStream(seed: 1, label: "plain network")
        parameters = Floats(count)
        for layer in 0..<widths.count - 1 {
            let bound = (6 / Float(widths[layer])).squareRoot()
            for row in 0..<widths[layer + 1] {
                for column in 0..<widths[layer] {
                    parameters.pointer[offsets[layer].weight + row * strides[layer] + column] =
                        random.uniform(in: -bound..<bound)
                }
            }
        }
        transposed = Floats((0..<widths.count - 1).reduce(0) { $0 + widths[$1] * strides[$1 + 1] })
        (first, second, gradient) = (Floats(count), Floats(count), Floats(count))
        blockGradients = Floats(blocks * count)
        scratch = (0..<threads).map { _ in Scratch(strides: strides) }
        mlp.layers = Int32(widths.count - 1)
        mlp.activation = activation
        mlp.activation_parameter = parameter
        func fill<Tuple, Element>(_ tuple: inout Tuple, _ values: [Element]) {
            withUnsafeMutableBytes(of: &tuple) { bytes in
                let places = bytes.bindMemory(to: Element.self)
                for (index, value) in values.enumerated() { places[index] = value }
            }
        }
        fill(&mlp.widths, widths.map(Int32.init))
        fill(&mlp.strides, strides.map(Int32.init))
        fill(&mlp.weight_strides, strides.dropLast().map(Int32.init))
        fill(&mlp.transposed_strides, strides.dropFirst().map(Int32.init))
        fill(&mlp.weight_offsets, offsets.map { Int64($0.weight) })
        fill(&mlp.bias_offsets, offsets.map { Int64($0.bias) })
        fill(&mlp.weights, offsets.map { Optional(UnsafePointer(parameters.pointer + $0.weight)) })
        fill(&mlp.biases, offsets.map { Optional(UnsafePointer(parameters.pointer + $0.bias)) })
        var start = 0
        fill(
            &mlp.transposed,
            (0..<widths.count - 1).map { layer -> UnsafePointer<Float>? in
                defer { start += widths[layer] * strides[layer + 1] }
                return UnsafePointer(transposed.pointer + start)
            })
        refresh()
    }

    private func refresh() {
        var start = 0
        for layer in 0..<widths.count - 1 {
            let (inStride, outStride) = (Self.stride(widths[layer]), Self.stride(widths[layer + 1]))
            guard
                let weight = withUnsafeBytes(of: mlp.weights, { $0.bindMemory(to: UnsafePointer<Float>?.self)[layer] })
            else { continue }
            for column in 0..<widths[layer] {
                for row in 0..<widths[layer + 1] {
                    transposed.pointer[start + column * outStride + row] = weight[row * inStride + column]
                }
            }
            start += widths[layer] * outStride
        }
    }

    /// Forward, backward and (optionally) Adam for `tiles` tiles of inputs; returns the loss.
    @discardableResult
    func train(inputs: Floats, targets: Floats, tiles: Int, update: Bool) -> Double {
        let rows = Int(ZK_TILE)
        let (inStride, outStride) = (Self.stride(widths[0]), Self.stride(widths[widths.count - 1]))
        let losses = Floats(blocks)
        let count = gradient.count
        Parallel.forEach(count: blocks, threads: threads) { [self] block, worker in
            let target = blockGradients.pointer + block * count
            target.update(repeating: 0, count: count)
            let space = scratch[worker]
            for tile in (block * tiles / blocks)..<((block + 1) * tiles / blocks) {
                let input = inputs.pointer + tile * rows * inStride
                withUnsafePointer(to: mlp) { mlp in
                    withUnsafePointer(to: space.trace) { trace in
                        zk_mlp_forward(mlp, rows, input, trace, space.output)
                        for row in 0..<rows {
                            let error = space.output[row * outStride] - targets.pointer[tile * rows + row]
                            losses.pointer[block] += error * error
                            space.adjoint[row * outStride] = 2 * error / Float(tiles * rows)
                        }
                        zk_mlp_backward(
                            mlp, rows, 0, input, nil, trace, space.adjoint, nil, nil, nil, target, space.reverse)
                    }
                }
            }
        }
        zk_sum_blocks(count, blocks, blockGradients.pointer, count, gradient.pointer)
        if update {
            step += 1
            zk_adam(
                count, parameters.pointer, first.pointer, second.pointer, gradient.pointer, 1e-3, 0.9, 0.999, 1e-8, 1,
                1, 0)
            refresh()
        }
        return (0..<blocks).reduce(0) { $0 + Double(losses.pointer[$1]) }
    }
}
