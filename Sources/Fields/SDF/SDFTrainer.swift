// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// Fits a signed distance network to any objective on its values and spatial gradients.
///
/// A step has two parallel loops. The first goes over blocks of samples: encode level by level, evaluate, ask the objective
/// for derivatives, and push them back through the perceptron. The second goes over grid levels: each owner of a level adds
/// the contributions of all samples to its table in their order and moves the table at once. Parts of sums are of fixed
/// size and added in a fixed order, so that parameters have the same bytes at any number of threads.
public final class SDFTrainer {
    /// The network in training.
    public let network: SDFNetwork
    /// The options given at the start.
    public let options: SDFTrainingOptions
    /// Steps made so far.
    public internal(set) var step = 0
    /// Loss of the latest step; not finite when the training has diverged.
    public private(set) var loss = 0.0
    let optimizer: AdamOptimizer
    private let threads: Int
    private let workers: [Worker]
    private let gradient: FloatBuffer
    private var batch: GridBatchBuffers

    /// Scratch memory of one worker; `Parallel.forEach` never gives a worker to two calls at once.
    private final class Worker: @unchecked Sendable {
        var pass: SDFBlockPass
        init(_ network: SDFNetwork) { pass = SDFBlockPass(network) }
    }

    /// Prepares training with at most `threads` threads.
    ///
    /// - Throws: `OptionsError` when `options` are not valid.
    public init(_ network: SDFNetwork, options: SDFTrainingOptions, threads: Int) throws(OptionsError) {
        try options.validate()
        self.network = network
        self.options = options
        self.threads = threads
        workers = (0..<threads).map { _ in Worker(network) }
        gradient = FloatBuffer(count: network.parameters.count)
        // Samples pull on table entries by 1e-8 and less; Adam's usual ε of 1e-8 would hold such entries fast.
        optimizer = AdamOptimizer(
            count: network.parameters.count, beta1: options.beta1, beta2: options.beta2, epsilon: 1e-12, weightDecay: 0)
        batch = GridBatchBuffers(grid: network.grid, perceptronCount: network.perceptronCount, blocks: 0)
    }

    /// Whether all steps are made.
    public var isFinished: Bool { step >= options.steps }

    /// Grid levels in use at the next step.
    public var openLevels: Int { options.openLevels(step: step, of: network.architecture.grid.levels) }

    /// Makes one optimiser step on `objective`.
    public func advance(_ objective: some SDFObjective) {
        let levels = openLevels
        let factor = options.rateFactor(step: step)
        differentiate(objective, openLevels: levels)
        optimizer.move(
            network.parameters, grid: network.grid, openLevels: levels, batch: batch, blocks: objective.blocks.count,
            gradient: gradient, gridRate: options.gridRate * factor, perceptronRate: options.perceptronRate * factor,
            threads: threads)
        network.refresh()
        step += 1
    }

    /// The gradient of `objective` by all parameters, in their layout; nothing moves. For tests and other optimisers.
    package func gradient(of objective: some SDFObjective) -> FloatBuffer {
        let levels = network.architecture.grid.levels
        differentiate(objective, openLevels: levels)
        for level in 0..<levels { batch.scatter(level: level, blocks: objective.blocks.count, gradient: gradient) }
        return gradient
    }

    /// First loop of a step: leaves the perceptron's gradient in `gradient` and the grid's contributions in `batch`.
    private func differentiate(_ objective: some SDFObjective, openLevels: Int) {
        let sizes = objective.blocks
        if sizes.count > batch.blocks {
            batch = GridBatchBuffers(
                grid: network.grid, perceptronCount: network.perceptronCount, blocks: sizes.count)
        }
        let (batch, workers) = (batch, workers)
        Parallel.forEach(count: sizes.count, threads: threads) { block, worker in
            workers[worker].pass.run(objective, block: block, size: sizes[block], openLevels: openLevels, into: batch)
        }
        loss = batch.sumBlocks(count: sizes.count, into: gradient)
    }
}
