// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Working memory of one thread for one block of samples of a ``GridNetwork``.
package final class GridNetworkWorkspace {
    /// Most samples of a block.
    package static let capacity = GridBatchBuffers.capacity
    private static let tileRows = Int(ZK_TILE)

    /// Positions in three planes of ``capacity`` floats, set by the caller.
    package let points: UnsafeMutablePointer<Float>
    /// What enters the perceptron, a row of ``inputStride`` floats for each sample; the caller sets the leading numbers.
    package let inputs: UnsafeMutablePointer<Float>
    /// What leaves it, a row of ``outputStride`` floats for each sample.
    package let outputs: UnsafeMutablePointer<Float>
    /// Derivatives of the loss by ``outputs``, set by the caller; the padding stays zero.
    package let outputAdjoints: UnsafeMutablePointer<Float>
    /// Derivatives of the loss by ``inputs``.
    package let inputAdjoints: UnsafeMutablePointer<Float>
    package let inputStride: Int
    package let outputStride: Int
    let scratch: UnsafeMutablePointer<Float>
    private let buffer: FloatBuffer
    private let traces: [TraceBox]

    private final class TraceBox {
        let trace: PerceptronTrace
        init(_ trace: consuming PerceptronTrace) { self.trace = trace }
    }

    /// Allocates for `network`.
    package init(for network: GridNetwork) {
        let capacity = Self.capacity
        inputStride = network.perceptron.inputStride
        outputStride = network.perceptron.outputStride
        let sizes = [
            3 * capacity, capacity * inputStride, capacity * outputStride, capacity * outputStride,
            capacity * inputStride, 4 * Self.tileRows * network.perceptron.widestStride,
        ]
        buffer = FloatBuffer(count: sizes.reduce(0, +))
        var place = buffer.pointer
        let sections = sizes.map { size in
            defer { place += size }
            return place
        }
        points = sections[0]
        inputs = sections[1]
        outputs = sections[2]
        outputAdjoints = sections[3]
        inputAdjoints = sections[4]
        scratch = sections[5]
        let shape = network.perceptron.shape
        traces = (0..<capacity / Self.tileRows).map { _ in
            TraceBox(PerceptronTrace(shape: shape, rows: Self.tileRows, purpose: .training(tangentRows: 0)))
        }
    }

    func forEachTile(of rows: Int, _ body: (_ first: Int, _ rows: Int, borrowing PerceptronTrace) -> Void) {
        for (tile, first) in stride(from: 0, to: rows, by: Self.tileRows).enumerated() {
            body(first, min(Self.tileRows, rows - first), traces[tile].trace)
        }
    }

    /// Share of the hidden units' ramps that are above zero, over the first `rows` samples of the latest evaluation.
    package func activeUnits(rows: Int) -> (active: Int, all: Int) {
        var (active, all) = (0, 0)
        forEachTile(of: rows) { _, tileRows, trace in
            let counts = trace.activeUnits(rows: tileRows)
            active += counts.active
            all += counts.all
        }
        return (active, all)
    }
}
