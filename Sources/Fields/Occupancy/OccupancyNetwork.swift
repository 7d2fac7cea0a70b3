// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

#if canImport(Glibc)
    import Glibc
#endif

/// Parameters and passes of the iterative occupancy network; see ``OccupancyArchitecture``.
///
/// All passes work on one tile of at most 128 points, given as `[rows × 4]` floats (x, y, z, unused), and may run
/// concurrently with separate workspaces. Parameters may only change while no pass runs; `refresh()` follows a change.
public final class OccupancyNetwork: Sendable {
    /// Shape of the network.
    public let architecture: OccupancyArchitecture
    /// Everything that is trained.
    public let parameters: ParameterVector
    package let perceptron: Perceptron
    /// Fixed embedding of the iteration number, `[iterations × stateWidth]`: sines, then cosines, of octaves.
    private let embedding: [Float]
    private let frequencyOffset: Int
    private let initialLogitOffset: Int
    private let initialStateOffset: Int

    /// Creates a network with random weights drawn from `seed`.
    public init(_ architecture: OccupancyArchitecture, seed: UInt64) throws(OptionsError) {
        try architecture.validate()
        self.architecture = architecture
        let shape = architecture.perceptron
        parameters = ParameterVector(
            shape.tensors(prefix: "mlp.") + [
                ("encoding.frequencies", 1, 2 * architecture.frequencies),
                ("initial.logit", 1, 1),
                ("initial.state", 1, architecture.stateWidth),
            ])
        perceptron = Perceptron(shape: shape, parameters: parameters, prefix: "mlp.")
        guard let frequencies = parameters.tensor("encoding.frequencies"),
            let logit = parameters.tensor("initial.logit"), let state = parameters.tensor("initial.state")
        else { preconditionFailure("tensors were just laid out") }
        (frequencyOffset, initialLogitOffset, initialStateOffset) = (frequencies.offset, logit.offset, state.offset)
        let half = (architecture.stateWidth + 1) / 2
        embedding = (0..<architecture.iterations).flatMap { iteration in
            (0..<architecture.stateWidth).map { column in
                // The authors use sin and cos of 2^k·i; octaves past the float mantissa carry nothing, hence k ≤ 15.
                let angle = Double(iteration) * exp2(Double(min(column % half, 15)))
                return Float(column < half ? sin(angle) : cos(angle))
            }
        }
        var random = RandomStream(seed: seed, label: "occupancy network")
        perceptron.initialize(prefix: "mlp.", random: &random)
        let octaves = (0..<architecture.frequencies).map { Float(exp2(Double($0))) }
        parameters.set(frequencies, to: octaves + octaves)
        parameters.set(state, to: (0..<architecture.stateWidth).map { _ in random.uniform() })
    }

    /// To be called after parameters have changed.
    package func refresh() { perceptron.refresh() }

    /// Multiply-adds of one evaluation at one point.
    public var multiplyAddsPerQuery: Int { architecture.iterations * architecture.perceptron.multiplyAdds }

    // MARK: Forward

    /// Evaluates the logits after every iteration at the tile's first `rows` points.
    package func forward(rows: Int, tile: OccupancyTile) {
        let state = architecture.stateWidth
        let stride = perceptron.inputStride
        zk_encode(
            rows, tile.points, Int32(architecture.frequencies), parameters.buffer.pointer + frequencyOffset,
            tile.encoding,
            tile.encodingStride, tile.slopes)
        for iteration in 0..<architecture.iterations {
            let input = tile.input(iteration)
            let output = tile.output(iteration)
            let logits = tile.logits(iteration)
            for row in 0..<rows {
                let target = input + row * stride
                if iteration == 0 {
                    let initial = parameters.buffer.pointer + initialStateOffset
                    for column in 0..<state { target[column] = initial[column] + embedding[column] }
                    target[state] = parameters.buffer.pointer[initialLogitOffset]
                } else {
                    let previous = tile.output(iteration - 1) + row * perceptron.outputStride
                    embedding.withUnsafeBufferPointer {
                        let shift = $0.baseAddress! + iteration * state
                        for column in 0..<state { target[column] = previous[column] + shift[column] }
                    }
                    target[state] = tile.logits(iteration - 1)[row]
                }
                let encoding = tile.encoding + row * tile.encodingStride
                for column in 0..<architecture.encodingWidth { target[state + 1 + column] = encoding[column] }
            }
            tile.withTrace(iteration) { perceptron.forward(rows: rows, input: input, trace: $0, output: output) }
            for row in 0..<rows {
                logits[row] = input[row * stride + state] + output[row * perceptron.outputStride + state]
            }
        }
    }

    // MARK: Gradient by position

    /// Gradient of the last logit by position at the first `rows` points, into `gradient` as `[rows × 4]`.
    package func positionGradient(rows: Int, tile: OccupancyTile, gradient: UnsafeMutablePointer<Float>) {
        clearAdjoints(tile, rows: rows, tangentRows: 0)
        for row in 0..<rows { tile.outputAdjoint[row * perceptron.outputStride + architecture.stateWidth] = 1 }
        for iteration in (0..<architecture.iterations).reversed() {
            reverse(iteration, rows: rows, tangentRows: 0, tile: tile, gradient: nil)
        }
        zk_encode_input_gradient(
            rows, Int32(architecture.frequencies), parameters.buffer.pointer + frequencyOffset, tile.slopes,
            tile.encodingAdjoint, tile.encodingStride, gradient)
    }

    // MARK: Directional derivative

    /// Directional derivative of every layer along `tile.directions` at the first `rows` points of the last forward pass.
    package func tangent(rows: Int, tile: OccupancyTile) {
        let state = architecture.stateWidth
        let stride = perceptron.inputStride
        zk_encode_tangent(
            rows, tile.directions, Int32(architecture.frequencies), parameters.buffer.pointer + frequencyOffset,
            tile.slopes,
            tile.encodingTangent, tile.encodingStride)
        for iteration in 0..<architecture.iterations {
            let input = tile.inputTangent(iteration)
            for row in 0..<rows {
                let target = input + row * stride
                if iteration == 0 {
                    for column in 0...state { target[column] = 0 }
                } else {
                    let previous = tile.outputTangent(iteration - 1) + row * perceptron.outputStride
                    for column in 0..<state { target[column] = previous[column] }
                    target[state] = tile.inputTangent(iteration - 1)[row * stride + state] + previous[state]
                }
                let encoding = tile.encodingTangent + row * tile.encodingStride
                for column in 0..<architecture.encodingWidth { target[state + 1 + column] = encoding[column] }
            }
            tile.withTrace(iteration) {
                perceptron.tangent(
                    rows: rows, inputTangent: input, trace: $0, outputTangent: tile.outputTangent(iteration))
            }
        }
    }

    // MARK: Backward

    /// Adds the parameter gradient of a loss on all logits, and of `Σ ∂l_K/∂x · direction` at the first `tangentRows` rows.
    ///
    /// - Parameters:
    ///   - tile: After ``forward(rows:tile:)``, and after ``tangent(rows:tile:)`` when `tangentRows` is not 0.
    ///     `tile.logitAdjoint(i)[row]` holds the derivative of the loss by the logit after iteration `i`.
    ///   - gradient: In the layout of ``parameters``.
    package func backward(rows: Int, tangentRows: Int, tile: OccupancyTile, gradient: UnsafeMutablePointer<Float>) {
        let state = architecture.stateWidth
        let outputStride = perceptron.outputStride
        clearAdjoints(tile, rows: rows, tangentRows: tangentRows)
        for row in 0..<tangentRows { tile.outputTangentAdjoint[row * outputStride + state] = 1 }
        for iteration in (0..<architecture.iterations).reversed() {
            let adjoint = tile.logitAdjoint(iteration)
            for row in 0..<rows { tile.outputAdjoint[row * outputStride + state] += adjoint[row] }
            reverse(iteration, rows: rows, tangentRows: tangentRows, tile: tile, gradient: gradient)
        }
        for row in 0..<rows {
            let adjoint = tile.outputAdjoint + row * outputStride
            for column in 0..<state { gradient[initialStateOffset + column] += adjoint[column] }
            gradient[initialLogitOffset] += adjoint[state]
        }
        zk_encode_backward(
            rows, tangentRows, tile.points, tile.directions, Int32(architecture.frequencies),
            parameters.buffer.pointer + frequencyOffset, tile.encoding, tile.encodingStride, tile.slopes,
            tile.encodingAdjoint, tile.encodingStride, tile.encodingTangentAdjoint, tile.encodingStride,
            gradient + frequencyOffset)
    }

    private func clearAdjoints(_ tile: OccupancyTile, rows: Int, tangentRows: Int) {
        tile.outputAdjoint.update(repeating: 0, count: rows * perceptron.outputStride)
        tile.encodingAdjoint.update(repeating: 0, count: rows * tile.encodingStride)
        tile.outputTangentAdjoint.update(repeating: 0, count: tangentRows * perceptron.outputStride)
        tile.encodingTangentAdjoint.update(repeating: 0, count: tangentRows * tile.encodingStride)
    }

    /// One iteration backwards: the adjoints of its outputs are replaced by those of the outputs of the iteration before.
    private func reverse(
        _ iteration: Int, rows: Int, tangentRows: Int, tile: OccupancyTile, gradient: UnsafeMutablePointer<Float>?
    ) {
        tile.withTrace(iteration) { trace in
            perceptron.backward(
                rows: rows, tangentRows: tangentRows, input: tile.input(iteration),
                inputTangent: tangentRows > 0 ? tile.inputTangent(iteration) : nil, trace: trace,
                adjoints: Perceptron.Adjoints(
                    output: tile.outputAdjoint, outputTangent: tangentRows > 0 ? tile.outputTangentAdjoint : nil,
                    input: tile.inputAdjoint, inputTangent: tangentRows > 0 ? tile.inputTangentAdjoint : nil),
                gradient: gradient, scratch: tile.scratch)
        }
        fold(rows, tile.inputAdjoint, into: tile.outputAdjoint, tile.encodingAdjoint, tile.encodingStride)
        fold(
            tangentRows, tile.inputTangentAdjoint, into: tile.outputTangentAdjoint, tile.encodingTangentAdjoint,
            tile.encodingStride)
    }

    /// Splits the adjoint of `[h, l, enc]`: the state's replaces, the logit's joins the one carried past the perceptron,
    /// the encoding's is summed over iterations.
    private func fold(
        _ rows: Int, _ input: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>,
        _ encoding: UnsafeMutablePointer<Float>, _ encodingStride: Int
    ) {
        let state = architecture.stateWidth
        let width = architecture.encodingWidth
        for row in 0..<rows {
            let source = input + row * perceptron.inputStride
            let target = output + row * perceptron.outputStride
            for column in 0..<state { target[column] = source[column] }
            target[state] += source[state]
            let sum = encoding + row * encodingStride
            for column in 0..<width { sum[column] += source[state + 1 + column] }
        }
    }
}
