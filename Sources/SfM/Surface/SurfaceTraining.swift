// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Mesh

/// The fit of a field to all that points and pictures say.
final class SurfaceTraining {
    /// The fit; a class since a trainer is one.
    let trainer: SDFTrainer
    /// What comparing pictures said so far.
    private(set) var stages: [PhotometricStage] = []
    /// The loss of each step.
    private(set) var curve = TrainingCurve()
    private let lines: [SightLine]
    private let orientedLines: [SightLine]
    private let emptyLines: [SightLine]
    private let plainRegions: PlainRegions?
    private let consistency: PhotoConsistency?
    private let options: SurfaceOptions
    private let threads: Int
    /// The field as rays see it; made anew when a level of the grid opens, since it keeps its working memory.
    private var field: (value: SDFField, levels: Int)?

    init(
        lines: [SightLine], orientedLines: [SightLine], emptyLines: [SightLine], plainRegions: PlainRegions?,
        consistency: PhotoConsistency?, options: SurfaceOptions, threads: Int
    ) throws(SurfaceError) {
        self.lines = lines
        self.orientedLines = orientedLines
        self.emptyLines = emptyLines
        self.plainRegions = plainRegions
        self.consistency = consistency
        self.options = options
        self.threads = threads
        do throws(OptionsError) {
            trainer = try SDFTrainer(
                SDFNetwork(options.architecture, seed: options.seed), options: options.training, threads: threads)
        } catch {
            throw .options(error)
        }
    }

    /// Makes all steps.
    func run(
        progress: ProgressHandler?, cancellation: CancellationCheck?, afterStep: () -> Void
    ) throws(SurfaceError) {
        while !trainer.isFinished {
            if cancellation?() == true { throw .cancelled }
            var parts: [any SDFObjective] = [
                SightLineObjective(
                    lines: lines, orientedLines: orientedLines, emptyLines: emptyLines,
                    plainRegions: plainRegions, options: options.loss, seed: options.seed, step: trainer.step)
            ]
            if let pictures = comparison() { parts.insert(pictures, at: 0) }
            trainer.advance(CombinedObjective(parts))
            guard trainer.loss.isFinite else { throw .diverged(step: trainer.step) }
            curve.add(trainer.loss)
            progress?(
                StageProgress(
                    stage: "fitting the surface", completed: trainer.step, total: options.training.steps,
                    figure: trainer.loss))
            afterStep()
        }
    }

    /// The zero level as it is on a coarse grid, in the frame of the cube; `nil` when there is none.
    func surfaceSoFar() -> TriangleMesh? {
        var search = SparseSearchOptions()
        search.seeds = lines.map(\.point)
        search.coarseCells = 32
        let box = Box(minimum: SIMD3(repeating: -1), maximum: SIMD3(repeating: 1))
        let extraction = try? MarchingCubes.extract(
            from: SDFField(trainer.network, openLevels: trainer.openLevels),
            grid: RegularGrid(covering: box, cells: MeshPreview.resolution), search: search, threads: threads)
        return extraction?.mesh
    }

    /// What pictures say at the present step, from the share of the steps on at which they are asked.
    private func comparison() -> PhotoConsistencyObjective? {
        guard let consistency else { return nil }
        let steps = Double(options.training.steps)
        let start = consistency.options.start * steps
        guard Double(trainer.step) >= start, start < steps else { return nil }
        let progress = (Double(trainer.step) - start) / (steps - start)
        let field = openField(levels: trainer.openLevels)
        let samples = consistency.samples(step: trainer.step, progress: progress, field: field, threads: threads)
        note(samples.tally, level: consistency.options.pyramidLevel(progress: progress))
        return PhotoConsistencyObjective(
            samples, eikonalWeight: options.loss.eikonalWeight / Float(options.loss.eikonalSamples))
    }

    private func openField(levels: Int) -> SDFField {
        if let field, field.levels == levels { return field.value }
        let value = SDFField(trainer.network, openLevels: levels)
        field = (value, levels)
        return value
    }

    private func note(_ tally: PhotoConsistencyTally, level: Int) {
        if stages.last?.pyramidLevel != level {
            stages.append(PhotometricStage(pyramidLevel: level, tally: PhotoConsistencyTally(), meanCost: 0))
        }
        stages[stages.count - 1].tally += tally
        stages[stages.count - 1].meanCost = stages[stages.count - 1].tally.meanCost
    }
}
