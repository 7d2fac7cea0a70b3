// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// Shape of a multilayer perceptron: linear layers with an activation after each but the last.
public struct PerceptronShape: Hashable, Sendable, Codable {
    /// Input width, hidden widths (multiples of 16), output width.
    public var widths: [Int]
    /// Nonlinearity after every hidden layer.
    public var activation: Activation

    /// Describes a perceptron.
    ///
    /// - Precondition: 2 to 17 positive widths; hidden widths are multiples of 16.
    public init(widths: [Int], activation: Activation) {
        precondition(
            (2...Int(ZK_MAX_LAYERS) + 1).contains(widths.count), "a perceptron has 1 to \(ZK_MAX_LAYERS) layers")
        precondition(widths.allSatisfy { $0 > 0 }, "widths are positive")
        precondition(widths.dropFirst().dropLast().allSatisfy { $0 % 16 == 0 }, "hidden widths are multiples of 16")
        self.widths = widths
        self.activation = activation
    }

    /// Number of linear layers.
    public var layerCount: Int { widths.count - 1 }

    /// Multiply-adds of one forward pass for one point.
    public var multiplyAdds: Int { zip(widths, widths.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } }

    /// Names and shapes of its tensors, for a ``ParameterVector``.
    func tensors(prefix: String) -> [(name: String, rows: Int, columns: Int)] {
        (0..<layerCount).flatMap { layer in
            [
                ("\(prefix)layers.\(layer).weight", widths[layer + 1], widths[layer]),
                ("\(prefix)layers.\(layer).bias", 1, widths[layer + 1]),
            ]
        }
    }
}

/// A multilayer perceptron over tensors of a ``ParameterVector``, evaluated tile by tile by the kernels.
///
/// Rows of inputs and outputs are points; row strides are ``inputStride`` and ``outputStride``, padding must hold zeros.
package final class Perceptron: Sendable {
    package let shape: PerceptronShape
    private let parameters: ParameterVector
    private let transposed: FloatBuffer
    private let kernel: KernelDescription

    /// The C description; its pointers stay valid as long as the perceptron, which owns what they point to.
    private struct KernelDescription: @unchecked Sendable { let mlp: zk_mlp }

    /// Finds its tensors by name in `parameters`, which the caller laid out with ``PerceptronShape/tensors(prefix:)``.
    init(shape: PerceptronShape, parameters: ParameterVector, prefix: String) {
        self.shape = shape
        self.parameters = parameters
        var mlp = zk_mlp()
        mlp.layers = Int32(shape.layerCount)
        mlp.activation = shape.activation.kernelCode
        mlp.activation_parameter = shape.activation.kernelParameter
        let strides = shape.widths.map { ParameterVector.rowStride(columns: $0) }
        Self.fill(&mlp.widths, shape.widths.map(Int32.init))
        Self.fill(&mlp.strides, strides.map(Int32.init))
        transposed = FloatBuffer(count: zip(shape.widths, strides.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 })
        let base = parameters.buffer.pointer
        var weights: [TensorSpan] = []
        var biases: [TensorSpan] = []
        for layer in 0..<shape.layerCount {
            guard let weight = parameters.tensor("\(prefix)layers.\(layer).weight"),
                let bias = parameters.tensor("\(prefix)layers.\(layer).bias")
            else { preconditionFailure("the parameter vector lacks layer \(layer) of '\(prefix)'") }
            weights.append(weight)
            biases.append(bias)
        }
        var transposedStarts: [Int] = []
        var offset = 0
        for layer in 0..<shape.layerCount {
            transposedStarts.append(offset)
            offset += shape.widths[layer] * strides[layer + 1]
        }
        let copy = transposed.pointer
        Self.fill(&mlp.weight_strides, weights.map { Int32($0.rowStride) })
        Self.fill(&mlp.transposed_strides, strides.dropFirst().map(Int32.init))
        Self.fill(&mlp.weight_offsets, weights.map { Int64($0.offset) })
        Self.fill(&mlp.bias_offsets, biases.map { Int64($0.offset) })
        Self.fill(&mlp.weights, weights.map { Optional(UnsafePointer(base + $0.offset)) })
        Self.fill(&mlp.biases, biases.map { Optional(UnsafePointer(base + $0.offset)) })
        Self.fill(&mlp.transposed, transposedStarts.map { Optional(UnsafePointer(copy + $0)) })
        kernel = KernelDescription(mlp: mlp)
    }

    /// Copies `values` into a C array that Swift sees as a tuple.
    private static func fill<Tuple, Element>(_ tuple: inout Tuple, _ values: [Element]) {
        withUnsafeMutableBytes(of: &tuple) { bytes in
            let places = bytes.bindMemory(to: Element.self)
            for (index, value) in values.enumerated() { places[index] = value }
        }
    }

    /// Row stride of inputs, in floats.
    package var inputStride: Int { ParameterVector.rowStride(columns: shape.widths[0]) }
    /// Row stride of outputs, in floats.
    package var outputStride: Int { ParameterVector.rowStride(columns: shape.widths[shape.layerCount]) }
    /// Widest row stride of any layer.
    package var widestStride: Int { shape.widths.map { ParameterVector.rowStride(columns: $0) }.max() ?? 0 }

    /// Draws weights uniformly with variance `gain² / fan-in`, biases zero.
    ///
    /// `gain` √2 suits ramps (He et al. 2015); the last layer gets gain 1.
    func initialize(prefix: String, random: inout RandomStream) {
        for layer in 0..<shape.layerCount {
            guard let weight = parameters.tensor("\(prefix)layers.\(layer).weight") else { continue }
            let gain: Float = layer + 1 < shape.layerCount ? 2 : 1
            let bound = (3 * gain / Float(weight.columns)).squareRoot()
            parameters.set(
                weight, to: (0..<weight.rows * weight.columns).map { _ in random.uniform(in: -bound..<bound) })
        }
        refresh()
    }

    /// Brings the transposed copies of the weights up to date; to be called after parameters have changed.
    package func refresh() {
        let mlp = kernel.mlp
        var start = 0
        for layer in 0..<shape.layerCount {
            let rows = shape.widths[layer + 1]
            let columns = shape.widths[layer]
            let stride = ParameterVector.rowStride(columns: rows)
            guard
                let weight = withUnsafeBytes(of: mlp.weights, { $0.bindMemory(to: UnsafePointer<Float>?.self)[layer] })
            else { preconditionFailure("layer \(layer) has no weights") }
            let weightStride = ParameterVector.rowStride(columns: columns)
            for column in 0..<columns {
                let target = transposed.pointer + start + column * stride
                for row in 0..<rows { target[row] = weight[row * weightStride + column] }
            }
            start += columns * stride
        }
    }

    /// The description for inputs whose columns from `inputs` on are zero, or for all inputs.
    private func withKernel(inputs: Int?, _ body: (UnsafePointer<zk_mlp>) -> Void) {
        var mlp = kernel.mlp
        if let inputs {
            precondition((1...shape.widths[0]).contains(inputs), "the perceptron has \(shape.widths[0]) inputs")
            mlp.widths.0 = Int32(inputs)
        }
        withUnsafePointer(to: mlp, body)
    }

    /// Evaluates `rows` ≤ 128 points.
    ///
    /// - Parameter inputs: Leading columns of the input that may differ from zero, or `nil` for all; saves work. The same
    ///   for the passes below.
    package func forward(
        rows: Int, inputs: Int? = nil, input: UnsafePointer<Float>, trace: borrowing PerceptronTrace,
        output: UnsafeMutablePointer<Float>
    ) {
        let trace = trace.kernel
        withKernel(inputs: inputs) { mlp in
            withUnsafePointer(to: trace) { zk_mlp_forward(mlp, rows, input, $0, output) }
        }
    }

    /// Directional derivative at the first `rows` points of the preceding ``forward(rows:inputs:input:trace:output:)``.
    ///
    /// - Parameter outputTangent: `nil` when only the trace is wanted, for a backward pass.
    package func tangent(
        rows: Int, inputs: Int? = nil, inputTangent: UnsafePointer<Float>, trace: borrowing PerceptronTrace,
        outputTangent: UnsafeMutablePointer<Float>?
    ) {
        let trace = trace.kernel
        withKernel(inputs: inputs) { mlp in
            withUnsafePointer(to: trace) { zk_mlp_tangent(mlp, rows, inputTangent, $0, outputTangent) }
        }
    }

    /// Inputs and adjoints of one reverse pass.
    package struct Adjoints {
        package var output: UnsafePointer<Float>
        package var outputTangent: UnsafePointer<Float>?
        package var input: UnsafeMutablePointer<Float>?
        package var inputTangent: UnsafeMutablePointer<Float>?

        package init(
            output: UnsafePointer<Float>, outputTangent: UnsafePointer<Float>? = nil,
            input: UnsafeMutablePointer<Float>? = nil, inputTangent: UnsafeMutablePointer<Float>? = nil
        ) {
            self.output = output
            self.outputTangent = outputTangent
            self.input = input
            self.inputTangent = inputTangent
        }
    }

    /// Reverse pass over the preceding forward (and, for the first `tangentRows` rows, tangent) pass.
    ///
    /// - Parameters:
    ///   - gradient: Has the parameter gradient added, in the layout of the parameter vector; `nil` to skip it.
    ///   - scratch: `4 · 128 · widestStride` floats.
    package func backward(
        rows: Int, tangentRows: Int = 0, inputs: Int? = nil, input: UnsafePointer<Float>,
        inputTangent: UnsafePointer<Float>? = nil, trace: borrowing PerceptronTrace, adjoints: Adjoints,
        gradient: UnsafeMutablePointer<Float>?,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let trace = trace.kernel
        withKernel(inputs: inputs) { mlp in
            withUnsafePointer(to: trace) {
                zk_mlp_backward(
                    mlp, rows, tangentRows, input, inputTangent, $0, adjoints.output, adjoints.outputTangent,
                    adjoints.input, adjoints.inputTangent, gradient, scratch)
            }
        }
    }
}
