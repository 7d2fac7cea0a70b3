// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Mesh

/// Trains an occupancy network on the sections of one solid and extracts its surface; OReX (CVPR 2023) on a CPU.
///
/// Hold one of these to train in portions, to look at the surface in between, or to save and resume.
public final class SliceReconstructor {
    /// The options given at the start.
    public let options: SliceReconstructionOptions
    /// Where the network's cube lies in the world.
    public let cubeFromWorld: UniformSimilarity
    /// The training state.
    public let trainer: OccupancyTrainer
    private let slices: SliceSet
    private let cubeSlices: SliceSet
    private let sampler: SliceSampler
    private let threads: Int

    /// Prepares a reconstruction.
    ///
    /// - Parameters:
    ///   - slices: Sections in world units.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    /// - Throws: ``OptionsError`` when `options` are not valid.
    public init(_ slices: SliceSet, options: SliceReconstructionOptions, threads: Int) throws(OptionsError) {
        try options.validate()
        self.options = options
        self.slices = slices
        self.threads = threads
        cubeFromWorld = UniformSimilarity(centering: slices.boundingBox, halfExtent: options.halfExtent)
        cubeSlices = slices.transformed(by: cubeFromWorld)
        sampler = try SliceSampler(cubeSlices, options: options.sampling, seed: options.seed)
        trainer = try OccupancyTrainer(
            OccupancyNetwork(options.architecture, seed: options.seed), options: options.training, threads: threads)
    }

    /// Trains until all steps are made, or until `cancellation` answers `true` between two steps.
    public func train(progress: ProgressHandler? = nil, cancellation: CancellationCheck? = nil) {
        while !trainer.isFinished {
            if cancellation?() == true { return }
            trainer.advance(sampler: sampler)
            progress?(
                StageProgress(
                    stage: "training", completed: trainer.step, total: options.training.steps, figure: trainer.loss))
        }
    }

    /// The grid that surfaces are extracted on, in the cube's frame.
    var grid: RegularGrid {
        let room = 1 - options.halfExtent
        return RegularGrid(covering: cubeFromWorld(slices.boundingBox).expanded(by: room), cells: options.resolution)
    }

    /// Extracts the surface of the field as it is now.
    public func extract(progress: ProgressHandler? = nil) throws(ExtractionError) -> SparseExtraction {
        var search = SparseSearchOptions()
        search.seeds = []
        return try MarchingCubes.extract(
            from: OccupancyField(trainer.network), grid: grid, options: IsoSurfaceOptions(isoLevel: 0, inside: .above),
            search: search, threads: threads, progress: progress)
    }
}
