// SPDX-License-Identifier: Apache-2.0

import Geometry

/// One run of the program: what was asked of which machine, and what it cost.
///
/// All that differs between two runs with the same result is here, and in the `times` and `seconds` of the result itself.
public struct RunRecord: Hashable, Sendable, Codable {
    /// Version of the program.
    public var version: String
    /// The command line, program first.
    public var command: [String]
    /// Threads used.
    public var threads: Int
    /// What was expected before the start; `nil` when nothing was.
    public var expected: ComputingCost?
    /// What it came to.
    public var actual: ComputingCost

    /// Creates a record.
    public init(version: String, command: [String], threads: Int, expected: ComputingCost?, actual: ComputingCost) {
        self.version = version
        self.command = command
        self.threads = threads
        self.expected = expected
        self.actual = actual
    }

    /// The command line as a shell would take it.
    public var commandText: String {
        command.map { argument in
            let isPlain = !argument.isEmpty && argument.unicodeScalars.allSatisfy { Self.plain.contains($0) }
            return isPlain
                ? argument
                : "'"
                    + argument.split(separator: "'", omittingEmptySubsequences: false)
                    .joined(separator: "'\\''") + "'"
        }.joined(separator: " ")
    }

    private static let plain = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,+@%".unicodeScalars)
}
