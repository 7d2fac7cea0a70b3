// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Storage

/// What `report.json` holds: the result with all its figures, what a user should know, and the run.
///
/// In JSON the keys of the result stand beside `run` and `warnings`.
public struct RunReport<Outcome: Codable & Sendable>: Codable, Sendable {
    /// The result.
    public var outcome: Outcome
    /// What a user should know, with advice, one entry each.
    public var warnings: [String]
    /// The run.
    public var run: RunRecord

    private enum Keys: String, CodingKey {
        case warnings
        case run
    }

    /// Puts a report together.
    public init(_ outcome: Outcome, warnings: [String], run: RunRecord) {
        self.outcome = outcome
        self.warnings = warnings
        self.run = run
    }

    /// Reads what ``encode(to:)`` writes.
    public init(from decoder: any Decoder) throws {
        outcome = try Outcome(from: decoder)
        let container = try decoder.container(keyedBy: Keys.self)
        warnings = try container.decode([String].self, forKey: .warnings)
        run = try container.decode(RunRecord.self, forKey: .run)
    }

    /// Writes the keys of the result, `warnings` and `run` into one object.
    public func encode(to encoder: any Encoder) throws {
        try outcome.encode(to: encoder)
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(warnings, forKey: .warnings)
        try container.encode(run, forKey: .run)
    }

    /// Writes the report to a file that appears whole.
    public func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try OutputFile.write(Array(try encoder.encode(self)) + [10], to: path)
    }
}
