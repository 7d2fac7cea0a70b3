// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SfM

/// `reconstruct images`
struct ImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "Turn a folder of overlapping photos into cameras, points and a mesh.",
        discussion: """
            Neither poses nor focal lengths need to be known. Writes into the workspace: sparse/0 (COLMAP model; further \
            models as 1, 2 …), points.ply, transforms.json, refined/ (the same with cameras refined by the photos), mesh.ply, \
            database.db (COLMAP database), run.json, report.json, and report.html to look at. \
            These are in the model's own frame; with --up or --scale-from a copy in the world's is written to world/. \
            Finished stages are kept: after an interruption, or with other options for a later stage, the same command \
            continues where it can, and ends with the same bytes as a run in one go.

            Exit codes: 0 done, 1 failed, 2 some photos could not be registered or the matches contradict the model, 64 \
            wrong usage, 130 interrupted and resumable.
            """)

    @OptionGroup var input: PhotoInputFlags
    @OptionGroup var workspace: WorkspaceFlags
    @OptionGroup var mapping: MapFlags
    @Flag(inversion: .prefixedNo, help: "Fit a surface to the points.")
    var surface = true
    @OptionGroup var pairs: PairFlags
    @OptionGroup var shape: SurfaceFlags
    @OptionGroup var frame: FrameFlags
    @OptionGroup var choice: PhotoOptionFlags
    @OptionGroup var preview: PreviewFlags
    @OptionGroup var memory: MemoryFlags
    @OptionGroup var common: ComputingFlags

    /// What this command will make with these options.
    private func stages(_ options: PhotoOptions) -> Set<PhotoStage> {
        let map: Set<PhotoStage> = [.features, .matches, .map]
        guard surface else { return map }
        return map.union(options.refinesPoses ? [.refine, .surface] : [.surface])
    }

    func run() throws {
        try withReportedErrors {
            var options = try choice.resolved(seed: common.seed)
            input.apply(to: &options)
            try pairs.apply(to: &options)
            mapping.apply(to: &options)
            shape.apply(to: &options)
            if choice.printOptions { return print(try JSONText.encode(options)) }
            let photos = try input.input()
            let world = frame.isGiven ? try frame.options(seed: common.seed) : nil
            var run = PhotoRun(workspace: try workspace.open(), options: options, common: common)
            run.outlook = .init(input: photos, stages: stages(options), limit: memory.memoryLimit)
            run.preview = preview
            try run { job in
                try job.extractFeatures(photos)
                try job.matchFeatures()
                try mapping.build(job)
                if surface {
                    if options.refinesPoses {
                        try job.refinePoses(masks: input.masks)
                    } else {
                        try job.useMappedPoses()
                    }
                    try job.fitSurface(masks: input.masks)
                }
                if let world { try job.writeWorld(world) }
            }
        }
    }
}
