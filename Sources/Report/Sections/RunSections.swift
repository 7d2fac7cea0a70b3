// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Sections that every report has: warnings, files, and what was run.
enum RunSections {
    /// `nil` without warnings.
    static func warnings(_ warnings: [String]) -> ReportSection? {
        warnings.isEmpty ? nil : ReportSection(id: "warnings", title: "Please look at", body: Markup.list(warnings))
    }

    /// Options as JSON, to be opened by those who want them.
    static func options(_ options: some Encodable) throws -> ReportSection {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(options), as: UTF8.self)
        return ReportSection(
            id: "options", title: "Options",
            body:
                "<details><summary>All options as JSON, as --print-options prints them</summary><pre>\(text)</pre></details>"
        )
    }

    /// Everything that another run with the same result would not repeat: the command, times and memory.
    ///
    /// - Parameter stages: What was done, with its seconds or a word instead.
    static func run(_ run: RunRecord, stages: [(name: String, time: String)]) -> ReportSection {
        let facts = Markup.facts([
            (
                "wall time",
                cost(NumberText.duration(run.actual.seconds), run.expected.map { NumberText.duration($0.seconds) })
            ),
            (
                "peak memory",
                cost(NumberText.bytes(run.actual.peakMemory), run.expected.map { NumberText.bytes($0.peakMemory) })
            ),
            ("threads", "\(run.threads)"), ("version", run.version),
        ])
        return ReportSection(
            id: "run", title: "The run",
            body:
                "<pre>\(run.commandText)</pre>\(facts)<h3>Stages</h3>\(Markup.facts(stages.map { ($0.name, $0.time) }))"
        )
    }

    private static func cost(_ actual: String, _ expected: String?) -> String {
        expected.map { "\(actual) (expected \($0))" } ?? actual
    }
}
