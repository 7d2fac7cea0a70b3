// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Evaluates one block of samples and takes the derivatives of a loss back to the perceptron and to the grid's features.
struct SDFBlockPass {
    private let network: SDFNetwork
    private let workspace: SDFWorkspace
    private let points: UnsafeMutableBufferPointer<SIMD3<Float>>
    private let notes: UnsafeMutableBufferPointer<SIMD4<Float>>
    private let gradients: UnsafeMutableBufferPointer<SIMD3<Float>>
    private let valueAdjoints: UnsafeMutableBufferPointer<Float>
    private let gradientAdjoints: UnsafeMutableBufferPointer<SIMD3<Float>>
    private let memory: Memory

    /// Owns the buffers.
    private final class Memory {
        let vectors = UnsafeMutableBufferPointer<SIMD3<Float>>.allocate(capacity: 3 * SDFWorkspace.capacity)
        let notes = UnsafeMutableBufferPointer<SIMD4<Float>>.allocate(capacity: SDFWorkspace.capacity)
        let numbers = UnsafeMutableBufferPointer<Float>.allocate(capacity: SDFWorkspace.capacity)
        init() {
            vectors.initialize(repeating: .zero)
            notes.initialize(repeating: .zero)
            numbers.initialize(repeating: 0)
        }
        deinit {
            vectors.deallocate()
            notes.deallocate()
            numbers.deallocate()
        }
    }

    init(_ network: SDFNetwork) {
        self.network = network
        workspace = SDFWorkspace(for: network, purpose: .training)
        memory = Memory()
        let capacity = SDFWorkspace.capacity
        points = UnsafeMutableBufferPointer(rebasing: memory.vectors[..<capacity])
        gradients = UnsafeMutableBufferPointer(rebasing: memory.vectors[capacity..<2 * capacity])
        gradientAdjoints = UnsafeMutableBufferPointer(rebasing: memory.vectors[(2 * capacity)...])
        notes = memory.notes
        valueAdjoints = memory.numbers
    }

    /// Draws, evaluates and differentiates one block, and writes its share of everything to `batch`.
    func run(
        _ objective: some SDFObjective, block: Int, size: SDFBlockSize, openLevels: Int, into batch: GridBatchBuffers
    ) {
        let (rows, capacity) = (size.rows, SDFWorkspace.capacity)
        objective.draw(
            block: block, points: UnsafeMutableBufferPointer(rebasing: points[..<rows]),
            notes: UnsafeMutableBufferPointer(rebasing: notes[..<rows]))
        for row in 0..<rows {
            for axis in 0..<3 { workspace.points[axis * capacity + row] = points[row][axis] }
            valueAdjoints[row] = 0
            gradientAdjoints[row] = .zero
        }
        network.evaluate(rows: rows, gradientRows: size.gradientRows, openLevels: openLevels, workspace: workspace)
        let planes = workspace.gradientPlanes
        for row in 0..<size.gradientRows {
            gradients[row] = SIMD3(planes[row], planes[capacity + row], planes[2 * capacity + row])
        }
        let loss = objective.differentiate(
            block: block,
            samples: SDFSamples(
                points: UnsafeBufferPointer(rebasing: points[..<rows]),
                notes: UnsafeBufferPointer(rebasing: notes[..<rows]),
                values: UnsafeBufferPointer(start: workspace.values, count: rows),
                gradients: UnsafeBufferPointer(rebasing: gradients[..<size.gradientRows]),
                valueAdjoints: UnsafeMutableBufferPointer(rebasing: valueAdjoints[..<rows]),
                gradientAdjoints: UnsafeMutableBufferPointer(rebasing: gradientAdjoints[..<size.gradientRows])))
        batch.perceptronGradient(block).update(repeating: 0, count: network.perceptronCount)
        var count = 0
        for tile in 0..<SDFWorkspace.tiles(of: rows) {
            count += backward(tile, size: size, openLevels: openLevels, block: block, place: count, into: batch)
        }
        batch.finish(block, count: count, loss: loss)
    }

    /// Takes one tile back; its samples get the places from `place` on. Returns how many samples took part.
    private func backward(
        _ tile: Int, size: SDFBlockSize, openLevels: Int, block: Int, place: Int, into batch: GridBatchBuffers
    ) -> Int {
        let capacity = SDFWorkspace.capacity
        let first = tile * SDFWorkspace.tileRows
        let last = min(first + SDFWorkspace.tileRows, size.rows)
        let (points, directions) = (batch.points(block) + place, batch.directions(block) + place)
        // Rows without a derivative are dropped; the others move up, so that the products below work on fewer rows.
        var (kept, sloped) = (0, 0)
        for row in first..<last {
            let hasGradient = row < size.gradientRows
            let direction = hasGradient ? gradientAdjoints[row] : .zero
            guard valueAdjoints[row] != 0 || direction != .zero else { continue }
            let target = first + kept
            if target != row { workspace.copyRow(row, to: target) }
            for axis in 0..<3 {
                points[axis * capacity + kept] = workspace.points[axis * capacity + row]
                directions[axis * capacity + kept] = direction[axis]
                workspace.directions[axis * capacity + target] = direction[axis]
            }
            workspace.outputAdjoints[kept * workspace.outputStride] = valueAdjoints[row]
            kept += 1
            if hasGradient { sloped = kept }
        }
        guard kept > 0 else { return 0 }
        let inputs = network.architecture.inputWidth(openLevels: openLevels)
        let stride = workspace.inputStride
        let rowStart = first * stride
        workspace.withTrace(tile) { trace in
            if sloped > 0 {
                zk_jacobian_push(
                    sloped, SDFNetwork.padded(inputs), workspace.jacobian + rowStart, workspace.jacobianPlane, stride,
                    workspace.directions + first, capacity, workspace.inputTangents)
                network.perceptron.tangent(
                    rows: sloped, inputs: inputs, inputTangent: workspace.inputTangents, trace: trace,
                    outputTangent: nil)
            }
            // The derivative of ∇f · a by the parameters is that of the tangent along a, whose adjoint is 1.
            network.perceptron.backward(
                rows: kept, tangentRows: sloped, inputs: inputs, input: workspace.inputs + rowStart,
                inputTangent: workspace.inputTangents, trace: trace,
                adjoints: Perceptron.Adjoints(
                    output: workspace.outputAdjoints, outputTangent: workspace.unitAdjoints,
                    input: workspace.inputAdjoints),
                gradient: batch.perceptronGradient(block), scratch: workspace.scratch)
        }
        for level in 0..<openLevels {
            let column = network.architecture.inputWidth(openLevels: level)
            let target = batch.adjoints(block, level: level) + 4 * place
            let adjoint = workspace.inputAdjoints + column
            let slope = workspace.slopes + rowStart + column
            for row in 0..<kept {
                target[4 * row] = adjoint[row * stride]
                target[4 * row + 1] = adjoint[row * stride + 1]
                target[4 * row + 2] = row < sloped ? slope[row * stride] : 0
                target[4 * row + 3] = row < sloped ? slope[row * stride + 1] : 0
            }
        }
        return kept
    }
}
