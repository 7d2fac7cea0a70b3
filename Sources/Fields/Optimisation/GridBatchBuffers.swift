// SPDX-License-Identifier: Apache-2.0

import CKernels

/// What the blocks of one step leave for the loop over grid levels, for a network of a perceptron and a hash grid.
///
/// Sharing it between threads is safe under one rule: in a parallel loop each item writes to the places of its own block or
/// level only, and reads what no item writes. Hence `@unchecked Sendable`.
final class GridBatchBuffers: @unchecked Sendable {
    /// Blocks there is room for.
    let blocks: Int
    private let grid: HashGrid
    private let perceptronCount: Int
    private let perceptronGradients: FloatBuffer
    private let pointPlanes: FloatBuffer
    private let directionPlanes: FloatBuffer
    private let levelAdjoints: FloatBuffer
    private let counts: UnsafeMutablePointer<Int>
    private let losses: UnsafeMutablePointer<Double>

    /// Most samples of a block.
    static let capacity = SDFWorkspace.capacity
    private static let planes = 3 * capacity
    private static let adjoints = 4 * capacity

    /// - Parameter perceptronCount: Leading parameters that belong to the perceptron.
    init(grid: HashGrid, perceptronCount: Int, blocks: Int) {
        self.grid = grid
        self.perceptronCount = perceptronCount
        self.blocks = blocks
        perceptronGradients = FloatBuffer(count: blocks * perceptronCount)
        pointPlanes = FloatBuffer(count: blocks * Self.planes)
        directionPlanes = FloatBuffer(count: blocks * Self.planes)
        levelAdjoints = FloatBuffer(count: grid.shape.levels * blocks * Self.adjoints)
        counts = .allocate(capacity: max(blocks, 1))
        counts.initialize(repeating: 0, count: max(blocks, 1))
        losses = .allocate(capacity: max(blocks, 1))
        losses.initialize(repeating: 0, count: max(blocks, 1))
    }

    deinit {
        counts.deallocate()
        losses.deallocate()
    }

    /// The perceptron's gradient of one block.
    func perceptronGradient(_ block: Int) -> UnsafeMutablePointer<Float> {
        perceptronGradients.pointer + block * perceptronCount
    }

    /// Positions of the block's samples that take part in the backward pass, in three planes.
    func points(_ block: Int) -> UnsafeMutablePointer<Float> { pointPlanes.pointer + block * Self.planes }
    /// Derivatives of the loss by the gradients at these samples, in three planes.
    func directions(_ block: Int) -> UnsafeMutablePointer<Float> { directionPlanes.pointer + block * Self.planes }
    /// What `zk_grid_scatter` wants to know of these samples, `[rows × 4]`.
    func adjoints(_ block: Int, level: Int) -> UnsafeMutablePointer<Float> {
        levelAdjoints.pointer + (level * blocks + block) * Self.adjoints
    }
    /// Records how many samples of the block take part, and its share of the loss.
    func finish(_ block: Int, count: Int, loss: Double) {
        counts[block] = count
        losses[block] = loss
    }

    /// Adds up the perceptron's gradients of the first `count` blocks, in their order; returns the sum of the losses.
    func sumBlocks(count: Int, into gradient: FloatBuffer) -> Double {
        let stride = perceptronCount
        guard count > 0 else {
            gradient.pointer.update(repeating: 0, count: stride)
            return 0
        }
        zk_sum_blocks(stride, count, perceptronGradients.pointer, stride, gradient.pointer)
        return (0..<count).reduce(0) { $0 + losses[$1] }
    }

    /// Sets the gradient of one level's table to the sum over all samples of the first `blocks` blocks, in their order.
    func scatter(level: Int, blocks: Int, gradient: FloatBuffer) {
        let table = grid.tables[level]
        (gradient.pointer + table.offset).update(repeating: 0, count: table.rowStride)
        for block in 0..<blocks where counts[block] > 0 {
            grid.scatter(
                level: level, rows: counts[block], points: points(block), directions: directions(block),
                plane: Self.capacity, adjoints: adjoints(block, level: level), gradient: gradient.pointer)
        }
    }
}
