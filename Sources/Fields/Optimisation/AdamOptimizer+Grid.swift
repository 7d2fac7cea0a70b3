// SPDX-License-Identifier: Apache-2.0

import Geometry

extension AdamOptimizer {
    /// Makes one step of a network of a perceptron and a hash grid: adds up what the blocks left for each level and moves the
    /// level at once, then the perceptron.
    ///
    /// - Parameters:
    ///   - parameters: The perceptron's tensors, then the grid's tables.
    ///   - batch: Holds the contributions of `blocks` blocks to the tables.
    ///   - gradient: Holds the perceptron's gradient; those of the levels are written to it.
    func move(
        _ parameters: ParameterVector, grid: HashGrid, openLevels levels: Int, batch: GridBatchBuffers, blocks: Int,
        gradient: FloatBuffer, gridRate: Float, perceptronRate: Float, threads: Int
    ) {
        stepCount += 1
        // Finest first: the longest jobs should not come last.
        Parallel.forEach(count: levels, threads: threads) { item, _ in
            let level = levels - 1 - item
            batch.scatter(level: level, blocks: blocks, gradient: gradient)
            let table = grid.tables[level]
            self.moveTouched(
                table.offset..<table.offset + table.rowStride, of: parameters.buffer, gradient: gradient, rate: gridRate
            )
        }
        move(0..<grid.tables[0].offset, of: parameters.buffer, gradient: gradient, rate: perceptronRate)
    }
}
