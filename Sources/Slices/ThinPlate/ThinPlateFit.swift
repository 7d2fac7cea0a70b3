// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// Fits a thin-plate field to sections: coarse to fine, with targets that follow the surface so far.
///
/// On every grid the field is first solved for as it comes from the grid before. Then targets are made again from the
/// distance to the surface that was found, and on the last two grids the field is also drawn towards that distance. Pulled
/// back to a distance again and again, what bends least is no longer the field but its surface: bumps between slices, which
/// cost a flat field nothing, cost a distance field its curvature.
struct ThinPlateFit {
    /// What became of a fit.
    struct Result: Sendable {
        /// Negative inside, in the frame of the slices.
        let field: GridField
        /// Samples on the finest grid.
        let samples: Int
    }

    private static let iterations = 120
    /// Where the field starts close to its end.
    private static let laterIterations = 60
    private static let lastIterations = 30
    /// Half-width, in cells, of the band of nodes that are drawn towards the distance.
    private static let fairingReach: Float = 4
    /// A field that is outside everywhere, in lengths of the cube.
    private static let start: Float = 0.1

    private let slices: SliceSet
    private let options: ThinPlateOptions
    private let grids: [RegularGrid]
    private let threads: Int

    /// - Parameters:
    ///   - slices: In the frame of the normalised cube.
    ///   - box: What the grids cover.
    ///   - options: Valid options.
    init(_ slices: SliceSet, box: Box, options: ThinPlateOptions, threads: Int) {
        self.slices = slices
        self.options = options
        self.threads = threads
        grids = [4, 2, 1].map { RegularGrid(covering: box, cells: options.resolution / $0) }
    }

    /// Times that the targets are corrected on a grid: without and with a pull towards the distance.
    private func passes(_ level: Int) -> (plain: Int, fairing: Int) {
        switch grids.count - 1 - level {
        case 0: (0, (options.fairingPasses + 4) / 5)
        case 1: (options.redistancingPasses, options.fairingPasses)
        default: (options.redistancingPasses, 0)
        }
    }

    /// Runs the fit.
    ///
    /// - Returns: `nil` when `cancellation` said so.
    func run(progress: ProgressHandler?, cancellation: CancellationCheck?) -> Result? {
        let total = grids.indices.reduce(0) { $0 + 1 + passes($1).plain + passes($1).fairing }
        var completed = 0
        var fitted: Result?
        for (level, grid) in grids.enumerated() {
            let samples = SliceSamples(slices, grid: grid, options: options, threads: threads).samples
            let solver = solver(grid, samples)
            if let coarser = fitted?.field {
                solver.values = coarser.sampled(on: grid, threads: threads)
                retarget(solver, samples, distances: distances(of: solver))
            } else {
                solver.values = [Float](repeating: Self.start, count: grid.nodeCount)
            }
            let (plain, fairing) = passes(level)
            let isLast = level == grids.count - 1
            for pass in 0...plain + fairing {
                if pass > 0 { aim(solver, samples, fairing: pass > plain) }
                let isNew = pass <= plain && !isLast
                let isNearlyDone = isLast && pass > 0
                solver.solve(
                    iterations: isNew ? Self.iterations : isNearlyDone ? Self.lastIterations : Self.laterIterations,
                    cancellation: cancellation)
                if cancellation?() == true { return nil }
                completed += 1
                progress?(StageProgress(stage: "fitting", completed: completed, total: total))
            }
            fitted = Result(field: GridField(grid: grid, values: solver.values), samples: samples.count)
        }
        return fitted
    }

    /// Makes targets, and with `fairing` anchors, from the surface so far.
    private func aim(_ solver: ThinPlateSolver, _ samples: [SliceSamples.Sample], fairing: Bool) {
        let distances = distances(of: solver)
        retarget(solver, samples, distances: distances)
        guard fairing else { return }
        let spacing = solver.grid.spacing
        solver.anchor(
            to: distances, weight: Float(options.fairingWeight * spacing.x * spacing.y * spacing.z),
            within: Self.fairingReach * Float(spacing.x))
    }

    private func solver(_ grid: RegularGrid, _ samples: [SliceSamples.Sample]) -> ThinPlateSolver {
        // The smoothing length is one of the finest grid on all of them: they solve one problem.
        let length = options.smoothing * grids[grids.count - 1].spacing.x
        return ThinPlateSolver(
            grid: grid,
            samples: samples.map { FieldSample(position: $0.position, target: $0.distance, weight: $0.weight) },
            stiffness: length * length * length, threads: threads)
    }

    private func distances(of solver: ThinPlateSolver) -> [Float] {
        GridDistance(grid: solver.grid, reach: Double(Self.fairingReach + 1) * solver.grid.spacing.x, threads: threads)
            .measure(solver.values)
    }

    private func retarget(_ solver: ThinPlateSolver, _ samples: [SliceSamples.Sample], distances: [Float]) {
        let band = Float(options.band)
        solver.retarget(distances: distances) { number, value, distance in
            let sample = samples[number]
            // The hull is a bound: the surface may lie far within it.
            if sample.isExterior { return (sample.distance, value < sample.distance ? sample.weight : 0) }
            let sign: Float = sample.distance < 0 ? -1 : 1
            if abs(sample.distance) > band {
                return (sign * band / 2, sign * value < band / 2 ? sample.weight : 0)
            }
            // On the wrong side of the surface the distance to it says nothing about where it should be.
            let isWrong = sign * distance < 0
            return (sign * min(abs(sample.distance), isWrong ? max(band, abs(distance)) : abs(distance)), sample.weight)
        }
    }
}
