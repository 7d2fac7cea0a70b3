// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Storage

/// What is said before photos are reconstructed: what is in the folder, what will be done, and what it will take.
struct PhotoForecast {
    /// Processor seconds of each stage.
    let estimate: PhotoEstimate
    /// Threads and memory.
    let plan: ResourcePlan
    private let survey: PhotoSurvey
    private let options: PhotoOptions
    private let stages: Set<PhotoStage>

    /// Looks into the folder.
    ///
    /// - Throws: `IngestError`, ``CommandFailure``.
    init(_ input: PhotoInput, options: PhotoOptions, stages: Set<PhotoStage>, threads: Int, limit: MemorySize?) throws {
        let survey = try PhotoSurvey(input.folder, masks: input.masks)
        let estimate = PhotoEstimate(survey, options: options, stages: stages)
        var fast = PhotoOptions(quality: .fast)
        fast.pairs = options.pairs
        let smaller = [
            ("--quality fast", PhotoEstimate(survey, options: fast, stages: stages.subtracting([.refine]))),
            ("--no-surface", PhotoEstimate(survey, options: options, stages: [.features, .matches, .map])),
        ].map { ($0.0, $0.1.cost(threads: 1).peakMemory) }
        plan = try ResourcePlan(
            threads: threads, limit: limit?.bytes, available: Machine.availableMemory, smaller: smaller
        ) { estimate.cost(threads: $0) }
        (self.survey, self.estimate, self.options, self.stages) = (survey, estimate, options, stages)
    }

    /// What was to be expected of those stages that this run had to make; `nil` when there were none.
    func expected(of times: [PhotoReport.StageTime]) -> ComputingCost? {
        let made = Set(times.filter { !$0.isReused }.map(\.stage)).intersection(stages)
        return made.isEmpty
            ? nil : PhotoEstimate(survey, options: options, stages: made).cost(threads: plan.threads)
    }

    /// Lines for people.
    var sentences: [String] {
        let sizes = Set(survey.sizes)
        let size = sizes.count == 1 ? sizes.first.map { " of \($0)" } ?? "" : sizes.isEmpty ? "" : " of several sizes"
        var found = "\(survey.photos) photos\(size)"
        if survey.others > 0 { found += ", \(survey.others) other files" }
        var method = "\(estimate.pairs) pairs to match, \(options.mapping.levelSet == nil ? "geometric" : "neural") map"
        if stages.contains(.surface) {
            method += ", surface by photo-consistency" + (options.surface.stereo == .never ? "" : " and stereo")
        }
        return ["\(found); \(method).", "Expected: \(plan.text); finished stages are kept."] + plan.notes
    }
}
