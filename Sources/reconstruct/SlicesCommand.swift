// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Geometry
import Slices
import Storage

/// `reconstruct slices`
struct SlicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slices",
        abstract: "Turn planar cross-sections into a closed mesh.",
        discussion: """
            Makes a field from the sections of one solid and extracts its surface: by default a small neural occupancy \
            field (the method of OReX, CVPR 2023), with --field thinplate the smoothest field on a grid. The mesh is in the \
            frame and the units of the input. Training is saved every 10 seconds next to the output: after an interruption \
            the same command continues, and ends with the same bytes.

            Exit codes: 0 done, 1 failed, 64 wrong usage, 130 interrupted and resumable.
            """)

    @Argument(
        help: """
            Cross-sections to read: a .csl file, a volume of labels (.nii, .nii.gz, .nrrd, .nhdr, .seg.nrrd), a folder of \
            .png or .tif pictures, a DICOM structure set (.dcm), or a table of planes (planes.csv, planes.json) for .svg drawings beside it.
            """, completion: .file())
    var input: String

    @OptionGroup(title: "Volumes and stacks of pictures") var source: SliceInputFlags

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            """
            Mesh to write: .ply, .obj, .stl or .glb; or a volume of labels on the grid of the input: .nii, .nii.gz, .nrrd or \
            .seg.nrrd. Default: the input's name with .ply, in this folder.
            """,
            valueName: "file"),
        completion: .file(extensions: ["ply", "obj", "stl", "glb", "nii", "gz", "nrrd"]))
    var output: String?

    @Option(help: "How much training: fast (a third of default), default, high (three times, finer mesh).")
    var quality = Quality.default

    @Option(
        help: ArgumentHelp(
            """
            Cells of the extraction grid on its longest side, which is 1.18 times the longest side of the contours. \
            Default: \(SliceReconstructionOptions(quality: .default).resolution), with --quality high \
            \(SliceReconstructionOptions(quality: .high).resolution).
            """, valueName: "cells"))
    var resolution: Int?

    @OptionGroup var engine: SliceEngineFlags

    @Option(
        help: ArgumentHelp("Reconstruct only the contours with this label. Default: the union of all.", valueName: "n"))
    var label: Int?

    @Flag(help: "Reconstruct every label into a mesh of its own, OUTPUT-label1.ply and so on, or into one volume.")
    var allLabels = false

    @Option(
        help: ArgumentHelp("Read all options from a JSON file as --print-options writes it.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var options: String?

    @Flag(help: "Print the options that would be used as JSON, and stop.")
    var printOptions = false

    @Option(
        help: ArgumentHelp(
            """
            Also write a page to look at, with the mesh in 3D, agreement and training, and the same figures as JSON beside \
            it. With --all-labels one for each: PAGE-label1.html, …
            """, valueName: "page.html"), completion: .file(extensions: ["html"]))
    var report: String?

    @Flag(help: "Replace existing output files.")
    var force = false

    @OptionGroup var preview: PreviewFlags
    @OptionGroup var memory: MemoryFlags
    @OptionGroup var common: ComputingFlags

    func validate() throws {
        if label != nil && allLabels { throw ValidationError("Give either --label or --all-labels.") }
        if let report, !SliceReportOutput.isPage(report) {
            throw ValidationError("--report is \(report); it must end in .html.")
        }
    }

    func run() throws {
        try withReportedErrors {
            let options = try resolvedOptions()
            if printOptions { return print(try JSONText.encode(options)) }
            let display = ProgressDisplay(common.progressStyle)
            let plan = try SliceJobPlan(command: self, options: options, display: display)
            for sentence in plan.sentences { display.note(sentence) }
            Interruption.listen()
            for (job, page) in zip(plan.jobs, plan.pages) {
                let clock = RunClock()
                let previewPath = SliceJobPlan.previewPath(of: job)
                let outcome = try job.run(
                    progress: { display.show($0) }, note: { display.note($0) },
                    cancellation: { Interruption.isRequested },
                    preview: preview.request(to: previewPath, display: display))
                display.finish()
                OutputFile.remove(previewPath)
                switch outcome {
                case .finished(let report, let mesh):
                    if let page {
                        try SliceReportOutput(
                            path: page, clock: clock, threads: job.threads, expected: plan.resources.cost
                        ).write(report, slices: job.slices, mesh: mesh)
                    }
                    print(common.json ? try JSONText.encode(report) : SliceReportText(report).text)
                case .interrupted(let step):
                    StandardError.write(
                        step > 0
                            ? "Interrupted after step \(step). Run the same command again to continue from \(job.checkpointPath).\n"
                            : "Interrupted before anything was worth keeping. Run the same command again.\n")
                    throw ExitCode(Interruption.exitCode)
                }
            }
        }
    }

    /// The quality's options, or those of the file, with what the command line changes.
    private func resolvedOptions() throws -> SliceReconstructionOptions {
        var result = SliceReconstructionOptions(quality: quality)
        if let path = options {
            result = try JSONText.decode(
                SliceReconstructionOptions.self, from: try InputFile.read(path, limit: 1 << 20), path: path)
        }
        if let seed = common.seed { result.seed = seed }
        if let resolution { result.resolution = resolution }
        engine.apply(to: &result)
        try result.validate()
        return result
    }
}
