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
    private let cubeSlices: SliceSet
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
        cubeSlices = slices.transformed(by: cubeFromWorld)
        sampler = try SliceSampler(cubeSlices, options: options.sampling, seed: options.seed)
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

    /// The grid that surfaces are extracted on, in the cube's frame.
    var grid: RegularGrid {
        let room = 1 - options.halfExtent
        return RegularGrid(covering: cubeFromWorld(slices.boundingBox).expanded(by: room), cells: options.resolution)
    }

    /// Extracts the surface of the field as it is now, in world units: closed, manifold, wound outwards.
    ///
    /// Components that meet no contour, and specks beside contours that do not fit into them, are left out, cavities
    /// included; ``SliceSurface/droppedComponents`` counts them.
    public func extract(progress: ProgressHandler? = nil) throws(ExtractionError) -> SliceSurface {
        var search = SparseSearchOptions()
        search.seeds = contourPoints()
        search.crossingRounds = 6
        let extraction = try MarchingCubes.extract(
            from: OccupancyField(trainer.network), grid: grid, options: IsoSurfaceOptions(isoLevel: 0, inside: .above),
            search: search, threads: threads, progress: progress)
        let worldFromCube = cubeFromWorld.inverse
        let cell = grid.spacing.x * worldFromCube.scale
        let support = ContourSupport(slices, tolerance: cell)
        let (mesh, dropped) = support.keepingSupported(extraction.mesh.transformed(by: worldFromCube))
        return SliceSurface(
            mesh: mesh, droppedComponents: dropped, cellSize: cell, queries: extraction.queries,
            denseQueries: extraction.denseNodes)
    }

    /// The surface of the field as it is now on a coarse grid, in world units; `nil` when there is none.
    package func surfaceSoFar() -> TriangleMesh? {
        let room = 1 - options.halfExtent
        var search = SparseSearchOptions()
        search.seeds = contourPoints()
        let coarse = RegularGrid(
            covering: cubeFromWorld(slices.boundingBox).expanded(by: room), cells: MeshPreview.resolution)
        let extraction = try? MarchingCubes.extract(
            from: OccupancyField(trainer.network), grid: coarse,
            options: IsoSurfaceOptions(isoLevel: 0, inside: .above),
            search: search, threads: threads)
        return extraction?.mesh.transformed(by: cubeFromWorld.inverse)
    }

    /// Midpoints of contour edges: the surface passes near all of them, however small the part they belong to.
    private func contourPoints() -> [SIMD3<Float>] {
        cubeSlices.sections.flatMap { section in
            section.polygons.flatMap { polygon in
                polygon.points.indices.map { index in
                    let next = polygon.points[(index + 1) % polygon.points.count]
                    return SIMD3<Float>(section.plane.point(at: 0.5 * (polygon.points[index] + next)))
                }
            }
        }
    }
}

/// The surface that the sections were turned into.
public struct SliceSurface: Sendable {
    /// Faces counter-clockwise from outside, in world units.
    public let mesh: TriangleMesh
    /// Components that were left out because no contour bears witness to them.
    public let droppedComponents: Int
    /// Edge of a cell of the extraction grid, in world units.
    public let cellSize: Double
    /// Times that the field was asked.
    public let queries: Int
    /// Times that a dense grid would have asked it.
    public let denseQueries: Int
}
