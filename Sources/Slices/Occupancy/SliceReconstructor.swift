// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Mesh

/// Trains an occupancy network on the sections of one solid and extracts its surface; OReX (CVPR 2023) on a CPU.
///
/// Hold one of these to train in portions, to look at the surface in between, or to save and resume.
public final class SliceReconstructor {
    /// Bumped whenever the same options and input may give another result; kept in checkpoints.
    public static let algorithmVersion = 1

    /// The options given at the start.
    public let options: SliceReconstructionOptions
    /// Where the network's cube lies in the world.
    public let cubeFromWorld: UniformSimilarity
    /// The training state.
    public let trainer: OccupancyTrainer
    /// The loss of the steps so far.
    public internal(set) var curve = TrainingCurve()
    private let slices: SliceSet
    private let sampler: SliceSampler
    private let threads: Int

    /// Prepares a reconstruction.
    ///
    /// - Parameters:
    ///   - slices: Sections in world units.
    ///   - options: Network, training, sampling, extraction and seed.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    /// - Throws: `OptionsError` when `options` are not valid.
    public init(_ slices: SliceSet, options: SliceReconstructionOptions, threads: Int) throws(OptionsError) {
        try options.validate()
        self.options = options
        self.slices = slices
        self.threads = threads
        cubeFromWorld = UniformSimilarity(centering: slices.boundingBox, halfExtent: options.halfExtent)
        sampler = try SliceSampler(slices.transformed(by: cubeFromWorld), options: options.sampling, seed: options.seed)
        trainer = try OccupancyTrainer(
            OccupancyNetwork(options.architecture, seed: options.seed), options: options.training, threads: threads)
    }

    /// Makes one training step.
    public func advance(progress: ProgressHandler? = nil) {
        trainer.advance(sampler: sampler)
        curve.add(trainer.loss)
        progress?(
            StageProgress(
                stage: "training", completed: trainer.step, total: options.training.steps, figure: trainer.loss))
    }

    /// Extracts the surface of the field as it is now, in world units: closed, manifold, wound outwards.
    ///
    /// Components that meet no contour, and specks beside contours that do not fit into them, are left out, cavities
    /// included; ``SliceSurface/droppedComponents`` counts them.
    public func extract(progress: ProgressHandler? = nil) throws(ExtractionError) -> SliceSurface {
        try SliceSurfaceExtraction(slices, options: options, threads: threads).extract(
            from: OccupancyField(trainer.network), inside: .above, crossingRounds: 6, progress: progress)
    }
    /// The surface of the field as it is now on a coarse grid, in world units; `nil` when there is none.
    package func surfaceSoFar() -> TriangleMesh? {
        SliceSurfaceExtraction(slices, options: options, threads: threads).preview(
            of: OccupancyField(trainer.network), inside: .above)
    }
}
