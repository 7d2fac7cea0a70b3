// SPDX-License-Identifier: Apache-2.0

import Slices
import Storage

/// The jobs behind one `reconstruct slices` command: one, or one for each label.
struct SliceJobPlan {
    /// In ascending order of labels.
    let jobs: [SliceJob]
    /// The page about each job, or `nil` for none.
    let pages: [String?]

    /// Threads, time and memory of each job.
    let resources: ResourcePlan
    /// What is in the file and what the jobs will take, for people.
    let sentences: [String]

    /// Where the mesh so far goes: `shape.ply` → `shape.preview.ply`, `shape.nii.gz` → `shape.preview.ply`.
    static func previewPath(of job: SliceJob) -> String {
        var path = job.output
        if let format = VolumeFileFormat(path: path) { path = path.dropLast(format.rawValue.count) + ".ply" }
        guard let dot = path.lastIndex(of: ".") else { return path }
        return "\(path[..<dot]).preview\(path[dot...])"
    }

    /// Reads the input, says what was repaired, and checks that every output can be written.
    init(command: SlicesCommand, options: SliceReconstructionOptions, display: ProgressDisplay) throws {
        let input = try command.source.read(command.input, threads: command.common.threadCount)
        let slices = input.slices
        for note in input.notes { display.note("\(command.input): \(note)") }
        let wanted: [Int?] = command.allLabels ? slices.labels : [command.label]
        let output = command.output ?? Self.defaultOutput(for: command.input)
        let engine = EngineChooser.choose(slices, options: options).engine
        var fast = SliceReconstructionOptions(quality: .fast)
        fast.resolution = min(128, options.resolution)
        let resources = try ResourcePlan(
            threads: command.common.threadCount, limit: command.memory.memoryLimit?.bytes,
            available: Machine.availableMemory,
            smaller: [
                (
                    "--resolution \(fast.resolution)",
                    engine.expectedCost(fast, threads: 1).peakMemory
                )
            ]
        ) { engine.expectedCost(options, threads: $0) }
        self.resources = resources
        let contours = slices.sections.reduce(0) { $0 + $1.polygons.count }
        let each = wanted.count > 1 ? ", for each of \(wanted.count) labels" : ""
        sentences =
            [
                "\(slices.sections.count) planes with \(contours) contours; "
                    + (engine == .occupancy
                        ? "occupancy network of \(options.training.steps) steps."
                        : "thin-plate field of \(options.thinPlate.resolution) cells."),
                "Expected: \(resources.text)\(each).",
            ] + resources.notes
        pages = wanted.map { label in
            command.allLabels ? command.report.map { Self.labelled($0, label: label ?? 0) } : command.report
        }
        for page in pages.compactMap({ $0 }) {
            for path in [page, SliceReportOutput.figuresPath(of: page)] {
                try OutputFile.check(path, replacing: command.force)
            }
        }
        let volume =
            VolumeFileFormat(path: output) == nil
            ? nil : try LabelVolumeOutput(path: output, input: input, threads: resources.threads)
        jobs = try wanted.enumerated().map { index, label in
            let selected = try label.map { try slices.selecting(labels: [$0]) } ?? slices
            let path = command.allLabels && volume == nil ? Self.labelled(output, label: label ?? 0) : output
            try OutputFile.check(path, replacing: command.force)
            if volume == nil { try MeshOutput.checkFormat(path) }
            var job = SliceJob(
                slices: selected,
                input: SliceReport.Input(
                    path: command.input, label: label, planes: selected.sections.count,
                    contours: selected.sections.reduce(0) { $0 + $1.polygons.count },
                    repairs: input.notes),
                inputFingerprint: input.fingerprint, output: path, options: options, threads: resources.threads)
            job.deliver = volume?.receiver(label: label ?? 1, isLast: index == wanted.count - 1, display: display)
            job.holdsOutSlices = command.engine.holdoutSlices
            return job
        }
    }

    /// `folder/shape.csl` → `shape.ply`, `brain.nii.gz` → `brain.ply`.
    private static func defaultOutput(for input: String) -> String {
        let name = input.split(separator: "/").last.map(String.init) ?? input
        for ending in [".nii.gz", ".seg.nrrd"] where name.lowercased().hasSuffix(ending) {
            return name.dropLast(ending.count) + ".ply"
        }
        return (name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name) + ".ply"
    }

    /// `shape.ply` → `shape-label3.ply`.
    private static func labelled(_ path: String, label: Int) -> String {
        guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return "\(path)-label\(label)" }
        return "\(path[..<dot])-label\(label)\(path[dot...])"
    }
}
