// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Geometry
import SfM

/// `reconstruct radiance`
struct RadianceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "radiance",
        abstract: "Train a radiance field about the surface: what the scene looks like from anywhere.",
        discussion: """
            Works on the workspace of `reconstruct surface` and its photos; the surface is refined by what photos show of it \
            (VolSDF). Writes field/radiance.safetensors and field/radiance.json; `reconstruct render` draws pictures of it. \
            After an interruption the same command continues and ends with the same bytes.

            Exit codes: 0 done, 1 failed, 64 wrong usage, 130 interrupted and resumable.
            """)

    @OptionGroup var workspace: WorkspaceFlags
    @Option(
        help: ArgumentHelp(
            "Leave out every k-th photo, from the first on, and tell how well the field shows it. 0 leaves out none.",
            valueName: "k"))
    var holdout = 0
    @Option(help: "Effort: fast, default or high.")
    var quality = Quality.default
    @Option(help: ArgumentHelp("Optimiser steps. Default: those of --quality.", valueName: "n"))
    var steps: Int?
    @OptionGroup var common: ComputingFlags

    func validate() throws {
        guard holdout == 0 || holdout >= 2 else {
            throw ValidationError("--holdout is \(holdout); it must be 0, or 2 or more.")
        }
        if let steps, !(1...10_000_000).contains(steps) {
            throw ValidationError("--steps is \(steps); it must be 1 to 10,000,000.")
        }
    }

    func run() throws {
        try withReportedErrors {
            var radiance = RadianceOptions(quality: quality)
            radiance.holdout = holdout
            if let steps { radiance.training.distance.steps = steps }
            let opened = try workspace.open()
            var options = opened.record.options
            if let seed = common.seed { options.seed = seed }
            try PhotoRun(workspace: opened, options: options, common: common) { try $0.trainRadiance(radiance) }
        }
    }
}
