// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// Trains an ``OccupancyNetwork``; holds the state between steps, hence a class.
///
/// Loss (OReX, equation 5 and section 4.3 of the paper): binary cross-entropy of the logits after every iteration, averaged,
/// plus `λ · mean max(|∂l_K/∂x| - α, 0)` over samples near the boundary, which keeps the field from jumping between the
/// nodes of the extraction grid. Gradients are summed in blocks of fixed size in a fixed order, so that the result does
/// not depend on the number of threads.
public final class OccupancyTrainer {
    /// The network in training.
    public let network: OccupancyNetwork
    /// The options given at the start.
    public let options: OccupancyTrainingOptions
    /// Steps made so far.
    public internal(set) var step = 0
    /// Mean loss of the latest step.
    public private(set) var loss = 0.0
    let optimizer: any Optimizer
    private let threads: Int
    private let blockCount: Int
    private let blockGradients: FloatBuffer
    private let gradient: FloatBuffer
    private let workspaces: [Workspace]

    /// Tiles summed into one gradient block. Few blocks keep the reduction small; eight still feed eight threads.
    private static let blocks = 8

    /// Scratch memory of one worker; `Parallel.forEach` never gives a worker to two calls at once.
    private final class Workspace: @unchecked Sendable {
        let tile: OccupancyTile
        let labels = FloatBuffer(count: OccupancyTile.rows)
        let slopes = FloatBuffer(count: OccupancyTile.rows * 4)
        init(_ network: OccupancyNetwork, penalizedRows: Int) {
            tile = OccupancyTile(for: network, purpose: .training(tangentRows: penalizedRows))
        }
    }

    /// Loss of each block, written by the block's item alone.
    private final class LossTable: @unchecked Sendable {
        let values: UnsafeMutablePointer<Double>
        init(count: Int) {
            values = .allocate(capacity: count)
            values.initialize(repeating: 0, count: count)
        }
        deinit { values.deallocate() }
    }
    private let losses: LossTable

    /// Prepares training with at most `threads` threads.
    ///
    /// - Throws: `OptionsError` when `options` are not valid.
    public init(_ network: OccupancyNetwork, options: OccupancyTrainingOptions, threads: Int) throws(OptionsError) {
        try options.validate()
        self.network = network
        self.options = options
        self.threads = threads
        blockCount = min(Self.blocks, options.tilesPerStep)
        blockGradients = FloatBuffer(count: blockCount * network.parameters.count)
        gradient = FloatBuffer(count: network.parameters.count)
        optimizer = options.optimizer.makeOptimizer(count: network.parameters.count)
        workspaces = (0..<threads).map { _ in Workspace(network, penalizedRows: options.penalizedRows) }
        losses = LossTable(count: blockCount)
    }

    /// Whether all steps are made.
    public var isFinished: Bool { step >= options.steps }

    /// Makes one optimiser step on samples drawn from `sampler`.
    public func advance(sampler: some OccupancySampler) {
        let step = self.step
        let options = options
        let tiles = options.tilesPerStep
        let blockCount = blockCount
        let stride = network.parameters.count
        let blockGradients = blockGradients
        let losses = losses
        let pass = Pass(network: network, options: options)
        let workspaces = workspaces
        let progress = Double(step) / Double(options.steps)
        Parallel.forEach(count: blockCount, threads: threads) { block, worker in
            let target = blockGradients.pointer + block * stride
            target.update(repeating: 0, count: stride)
            var sum = 0.0
            let workspace = workspaces[worker]
            for tile in (block * tiles / blockCount)..<((block + 1) * tiles / blockCount) {
                sampler.fill(
                    step: step, tile: tile, progress: progress, rows: OccupancyTile.rows,
                    nearRows: options.penalizedRows, points: workspace.tile.points, labels: workspace.labels.pointer)
                sum += pass.run(
                    workspace.tile, labels: workspace.labels.pointer, slopes: workspace.slopes.pointer, gradient: target
                )
            }
            losses.values[block] = sum
        }
        zk_sum_blocks(stride, blockCount, blockGradients.pointer, stride, gradient.pointer)
        loss = (0..<blockCount).reduce(0) { $0 + losses.values[$1] }
        optimizer.step(
            parameters: network.parameters.buffer, gradient: gradient,
            rate: options.schedule.rate(step: step, total: options.steps))
        network.refresh()
        self.step += 1
    }

    /// The gradient of the loss over one tile.
    package struct Pass: Sendable {
        let network: OccupancyNetwork
        let batchSize: Float
        let penalizedRows: Int
        let penalizedTotal: Float
        let threshold: Float
        let weight: Float
        let lastIterationWeight: Float

        package init(network: OccupancyNetwork, options: OccupancyTrainingOptions) {
            self.network = network
            batchSize = Float(options.batchSize)
            penalizedRows = options.gradientWeight > 0 ? options.penalizedRows : 0
            penalizedTotal = Float(max(1, options.penalizedRows * options.tilesPerStep))
            threshold = options.gradientThreshold
            weight = options.gradientWeight
            lastIterationWeight = options.lastIterationWeight
        }

        /// Adds the tile's share of the gradient to `gradient`; returns its share of the loss.
        package func run(
            _ tile: OccupancyTile, labels: UnsafePointer<Float>, slopes: UnsafeMutablePointer<Float>,
            gradient: UnsafeMutablePointer<Float>
        ) -> Double {
            let rows = OccupancyTile.rows
            network.forward(rows: rows, tile: tile)
            let iterations = network.architecture.iterations
            let unit = 1 / ((Float(iterations - 1) + lastIterationWeight) * batchSize)
            var loss = 0.0
            for iteration in 0..<iterations {
                let share = iteration == iterations - 1 ? unit * lastIterationWeight : unit
                let adjoint = tile.logitAdjoint(iteration)
                loss += zk_cross_entropy(rows, tile.logits(iteration), labels, adjoint) * Double(share)
                for row in 0..<rows { adjoint[row] *= share }
            }
            var steepRows = 0
            if penalizedRows > 0 {
                network.positionGradient(rows: penalizedRows, tile: tile, gradient: slopes)
                for row in 0..<penalizedRows {
                    let slope = SIMD3(slopes[4 * row], slopes[4 * row + 1], slopes[4 * row + 2])
                    let size = slope.length
                    var direction = SIMD3<Float>.zero
                    if size > threshold {
                        loss += Double(weight * (size - threshold) / penalizedTotal)
                        direction = slope * (weight / (penalizedTotal * size))
                        steepRows = row + 1
                    }
                    for axis in 0..<3 { tile.directions[4 * row + axis] = direction[axis] }
                }
            }
            if steepRows > 0 { network.tangent(rows: steepRows, tile: tile) }
            network.backward(rows: rows, tangentRows: steepRows, tile: tile, gradient: gradient)
            return loss
        }
    }
}
