// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Trains a signed distance and its colours together by volume rendering (VolSDF, Yariv et al., NeurIPS 2021; Level-S²fM,
/// Xiao et al., CVPR 2023, section 3).
///
/// Rays are cut densely about the traced surface. The signed distance is moved by ``SDFTrainer``, with derivatives by values
/// and gradients at the rays' samples; colours, surroundings and exposures have Adam optimisers of their own. Sums have a
/// fixed order: parameters have the same bytes at any number of threads.
public final class RadianceTrainer {
    /// The networks in training.
    public let networks: RadianceNetworks
    /// The options given at the start.
    public let options: RadianceTrainingOptions
    /// Trains the signed distance; its step is that of the whole.
    let distance: SDFTrainer
    let colorOptimizer: AdamOptimizer
    let surroundingOptimizer: AdamOptimizer?
    package let exposures: ExposureTable
    private let seed: UInt64
    private let threads: Int
    private let workers: RadianceWorkers
    private let probe: SurroundingProbe?
    private let colorGradient: FloatBuffer
    private let surroundingGradient: FloatBuffer?
    private var buffers: RadianceBuffers
    /// Samples rendered so far, within the cube and outside.
    public internal(set) var samples = 0

    /// Prepares training with at most `threads` threads.
    ///
    /// - Parameters:
    ///   - networks: Trained in place.
    ///   - pictures: Pictures with an exposure of their own.
    ///   - options: How they are trained.
    ///   - seed: Names the random numbers.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    /// - Throws: `OptionsError` when `options` are not valid.
    public init(
        _ networks: RadianceNetworks, pictures: Int, options: RadianceTrainingOptions, seed: UInt64, threads: Int
    ) throws(OptionsError) {
        try options.validate()
        let layers = options.sampling.layersPerRay
        try OptionsError.require(
            layers <= GridBatchBuffers.capacity, "layers of a ray", layers,
            allowed: "up to \(GridBatchBuffers.capacity)")
        self.networks = networks
        self.options = options
        self.seed = seed
        self.threads = threads
        distance = try SDFTrainer(networks.distance, options: options.distance, threads: threads)
        let optimizer = { (network: GridNetwork) in
            AdamOptimizer(
                count: network.parameters.count, beta1: options.distance.beta1, beta2: options.distance.beta2,
                epsilon: 1e-12, weightDecay: 0)
        }
        colorOptimizer = optimizer(networks.color)
        surroundingOptimizer = networks.surroundings.map(optimizer)
        exposures = ExposureTable(pictures: pictures)
        probe = networks.surroundings.map { SurroundingProbe($0) }
        workers = RadianceWorkers(networks, leastWeight: options.leastWeight)
        colorGradient = FloatBuffer(count: networks.color.parameters.count)
        surroundingGradient = networks.surroundings.map { FloatBuffer(count: $0.parameters.count) }
        buffers = RadianceBuffers(networks, blocks: 0, rays: 0)
    }

    /// Steps made so far.
    public var step: Int { distance.step }
    /// Whether all steps are made.
    public var isFinished: Bool { distance.isFinished }
    /// Loss of the latest step; not finite when the training has diverged.
    public var loss: Double { distance.loss }
    /// Scale of the density at the present step.
    public var beta: Float { options.beta(step: step) }

    /// Makes one step on `rays` and on further losses of the signed distance.
    public func advance(_ rays: [RadianceRay], and others: [any SDFObjective] = []) {
        let objective = objective(cut(rays, jitter: (seed, step)))
        let factor = options.rateFactor(step: step)
        let blocks = objective.batch.blockCount
        samples += objective.batch.distances.count + objective.batch.outerDistances.count
        distance.advance(CombinedObjective([objective] + others))
        move(
            networks.color, colorOptimizer, batch: buffers.color, blocks: blocks, gradient: colorGradient,
            factor: factor)
        if let network = networks.surroundings, let optimizer = surroundingOptimizer,
            let gradient = surroundingGradient, let batch = buffers.surroundings
        {
            move(network, optimizer, batch: batch, blocks: blocks, gradient: gradient, factor: factor)
        }
        guard options.exposureRate > 0 else { return }
        exposures.move(exposureContributions(of: objective.batch), rate: options.exposureRate * factor)
    }

    private func exposureContributions(of batch: RayBatch) -> some Sequence<ExposureTable.Contribution> {
        let buffers = buffers
        return batch.entries.indices.lazy.compactMap { index in
            batch.entries[index].ray.pictureIndex.map { picture in
                let adjoints = buffers.exposureAdjoints(of: index)
                return (picture: picture, gain: adjoints.gain, bias: adjoints.bias)
            }
        }
    }

    private func move(
        _ network: GridNetwork, _ optimizer: AdamOptimizer, batch: GridBatchBuffers, blocks: Int,
        gradient: FloatBuffer, factor: Float
    ) {
        _ = batch.sumBlocks(count: blocks, into: gradient)
        optimizer.move(
            network.parameters, grid: network.grid, openLevels: network.shape.grid.levels, batch: batch,
            blocks: blocks, gradient: gradient, gridRate: options.gridRate * factor,
            perceptronRate: options.perceptronRate * factor, threads: threads)
        network.refresh()
    }

    /// Cuts rays about the present surface.
    ///
    /// - Parameter jitter: Seed and step of the random place of each sample in its layer; `nil` for the middle.
    package func cut(_ rays: [RadianceRay], jitter: (seed: UInt64, step: Int)?) -> RayBatch {
        let beta = beta
        var tracer = SphereTracer()
        tracer.tolerance = min(tracer.tolerance, 0.2 * beta)
        let surroundings = networks.architecture.surroundings.flatMap { options in
            probe.map { (options: options, probe: $0) }
        }
        return RayBatch(
            rays, through: SDFField(networks.distance, openLevels: distance.openLevels), beta: beta,
            sampling: options.sampling, surroundings: surroundings, tracer: tracer,
            jitter: jitter, threads: threads)
    }

    /// The loss of rays at the present step.
    private func objective(_ batch: RayBatch) -> RadianceObjective {
        let rays = batch.entries.count
        if batch.blockCount > buffers.blocks || rays > buffers.rays {
            buffers = RadianceBuffers(
                networks, blocks: max(batch.blockCount, buffers.blocks), rays: max(rays, buffers.rays))
        }
        return RadianceObjective(
            batch, density: LaplaceDensity(beta: beta), options: options, workers: workers, buffers: buffers,
            exposures: exposures)
    }

    /// Derivatives of the loss of one cut of rays by everything that is trained, each in the layout of its parameters.
    package struct Gradients {
        package let distance: FloatBuffer
        package let color: FloatBuffer
        package let surroundings: FloatBuffer?
        package let exposures: FloatBuffer
    }

    /// The gradients of the loss of `batch`, which ``loss`` holds afterwards; nothing moves. For tests.
    package func gradients(of batch: RayBatch) -> Gradients {
        let objective = objective(batch)
        let byDistance = distance.gradient(of: objective)
        let blocks = batch.blockCount
        func complete(_ network: GridNetwork, _ buffers: GridBatchBuffers, _ gradient: FloatBuffer) {
            _ = buffers.sumBlocks(count: blocks, into: gradient)
            for level in 0..<network.shape.grid.levels {
                buffers.scatter(level: level, blocks: blocks, gradient: gradient)
            }
        }
        complete(networks.color, buffers.color, colorGradient)
        if let network = networks.surroundings, let gradient = surroundingGradient, let batch = buffers.surroundings {
            complete(network, batch, gradient)
        }
        return Gradients(
            distance: byDistance, color: colorGradient, surroundings: surroundingGradient,
            exposures: exposures.sum(exposureContributions(of: batch)))
    }
}
