// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Working memory of one thread for one tile of points of an ``OccupancyNetwork``.
package final class OccupancyTile {
    /// Most points of a tile.
    package static let rows = Int(ZK_TILE)

    /// `[rows × 4]` positions, set by the caller.
    package let points: UnsafeMutablePointer<Float>
    /// `[tangentRows × 4]` directions of the derivative, set by the caller.
    package let directions: UnsafeMutablePointer<Float>
    package let encodingStride = 48
    let encoding: UnsafeMutablePointer<Float>
    let encodingTangent: UnsafeMutablePointer<Float>
    let encodingAdjoint: UnsafeMutablePointer<Float>
    let encodingTangentAdjoint: UnsafeMutablePointer<Float>
    let slopes: UnsafeMutablePointer<Float>
    let inputAdjoint: UnsafeMutablePointer<Float>
    let inputTangentAdjoint: UnsafeMutablePointer<Float>
    let outputAdjoint: UnsafeMutablePointer<Float>
    let outputTangentAdjoint: UnsafeMutablePointer<Float>
    let scratch: UnsafeMutablePointer<Float>

    private let buffer: FloatBuffer
    private let inputs: UnsafeMutablePointer<Float>
    private let inputTangents: UnsafeMutablePointer<Float>
    private let outputs: UnsafeMutablePointer<Float>
    private let outputTangents: UnsafeMutablePointer<Float>
    private let allLogits: UnsafeMutablePointer<Float>
    private let allLogitAdjoints: UnsafeMutablePointer<Float>
    private let inputStep: Int
    private let inputTangentStep: Int
    private let outputStep: Int
    private let outputTangentStep: Int
    private let traces: [TraceBox]
    private let training: Bool

    private final class TraceBox {
        let trace: PerceptronTrace
        init(_ trace: consuming PerceptronTrace) { self.trace = trace }
    }

    /// Allocates for `network`; `purpose` decides whether reverse passes can follow.
    package init(for network: OccupancyNetwork, purpose: PerceptronTrace.Purpose) {
        let rows = Self.rows
        let iterations = network.architecture.iterations
        let inputStride = network.perceptron.inputStride
        let outputStride = network.perceptron.outputStride
        let tangentRows: Int
        switch purpose {
        case .inference: (tangentRows, training) = (0, false)
        case .training(let count): (tangentRows, training) = (count, true)
        }
        // Inference needs only the latest iteration's input and output.
        let kept = training ? iterations : 2
        inputStep = rows * inputStride
        outputStep = rows * outputStride
        inputTangentStep = tangentRows * inputStride
        outputTangentStep = tangentRows * outputStride
        let reverseRows = training ? rows : 0
        let widest = network.perceptron.widestStride
        let sizes = [
            rows * 4, tangentRows * 4, rows * 48, tangentRows * 48, reverseRows * 48, tangentRows * 48, rows * 32,
            reverseRows * inputStride, tangentRows * inputStride, reverseRows * outputStride,
            tangentRows * outputStride,
            training ? 4 * rows * widest : 0, kept * inputStep, kept * inputTangentStep, kept * outputStep,
            kept * outputTangentStep, iterations * rows, iterations * rows,
        ]
        buffer = FloatBuffer(count: sizes.reduce(0, +))
        var place = buffer.pointer
        let sections = sizes.map { size in
            defer { place += size }
            return place
        }
        points = sections[0]
        directions = sections[1]
        encoding = sections[2]
        encodingTangent = sections[3]
        encodingAdjoint = sections[4]
        encodingTangentAdjoint = sections[5]
        slopes = sections[6]
        inputAdjoint = sections[7]
        inputTangentAdjoint = sections[8]
        outputAdjoint = sections[9]
        outputTangentAdjoint = sections[10]
        scratch = sections[11]
        inputs = sections[12]
        inputTangents = sections[13]
        outputs = sections[14]
        outputTangents = sections[15]
        allLogits = sections[16]
        allLogitAdjoints = sections[17]
        let shape = network.perceptron.shape
        traces = (0..<(training ? iterations : 1)).map { _ in
            TraceBox(PerceptronTrace(shape: shape, rows: rows, purpose: purpose))
        }
    }

    private func slot(_ iteration: Int) -> Int { training ? iteration : iteration & 1 }

    func input(_ iteration: Int) -> UnsafeMutablePointer<Float> { inputs + slot(iteration) * inputStep }
    func output(_ iteration: Int) -> UnsafeMutablePointer<Float> { outputs + slot(iteration) * outputStep }
    func inputTangent(_ iteration: Int) -> UnsafeMutablePointer<Float> { inputTangents + iteration * inputTangentStep }
    func outputTangent(_ iteration: Int) -> UnsafeMutablePointer<Float> {
        outputTangents + iteration * outputTangentStep
    }

    /// `[rows]` logits after iteration `iteration` (0-based).
    package func logits(_ iteration: Int) -> UnsafeMutablePointer<Float> { allLogits + iteration * Self.rows }
    /// `[rows]` derivatives of the loss by these logits, set by the caller before a backward pass.
    package func logitAdjoint(_ iteration: Int) -> UnsafeMutablePointer<Float> {
        allLogitAdjoints + iteration * Self.rows
    }

    func withTrace(_ iteration: Int, _ body: (borrowing PerceptronTrace) -> Void) {
        body(traces[training ? iteration : 0].trace)
    }
}
