// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Geometry

/// Flags that every computing command has.
struct ComputingFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Seed of all random numbers: the same seed gives the same bytes. Default: 1, or that of --options.",
            valueName: "n"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Threads to use, 0 for all processors. Has no influence on the result.", valueName: "n"))
    var threads = 0

    @Flag(help: "Print the report as one JSON object on standard output.")
    var json = false

    @Flag(name: [.short, .long], help: "No progress on standard error.")
    var quiet = false

    @Option(
        help: ArgumentHelp(
            """
            Progress on standard error: bar, lines (one every ten seconds), json (an object on each line, at least one a \
            second) or off. Default: bar on a terminal, lines elsewhere.
            """))
    var progress: ProgressStyle?

    func validate() throws {
        if quiet && progress != nil { throw ValidationError("Give either --quiet or --progress.") }
        guard (0...1024).contains(threads) else {
            throw ValidationError("--threads is \(threads); it must be 0 to 1024.")
        }
    }

    /// How progress is shown.
    var progressStyle: ProgressStyle { quiet ? .off : progress ?? .automatic }

    /// Threads to use.
    var threadCount: Int { threads > 0 ? threads : Parallel.defaultThreadCount }
}

extension Quality: ExpressibleByArgument {}
