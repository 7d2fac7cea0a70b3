// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A number of bytes as people write it: `900M`, `2G`, `1.5GB`, `2000000000`.
struct MemorySize: ExpressibleByArgument, Equatable {
    let bytes: Int

    init?(argument: String) {
        var text = Substring(argument.uppercased())
        for ending in ["IB", "B"] where text.hasSuffix(ending) {
            text = text.dropLast(ending.count)
            break
        }
        var factor = 1.0
        for (letter, value) in [("K", 1024.0), ("M", 1_048_576), ("G", 1_073_741_824), ("T", 1_099_511_627_776)]
        where text.hasSuffix(letter) {
            (factor, text) = (value, text.dropLast())
            break
        }
        guard let number = Double(text), number > 0, number * factor < 1e18 else { return nil }
        bytes = Int(number * factor)
    }

    /// `940 MB`, `1.3 GB` (of 2²⁰ and 2³⁰ bytes).
    static func text(_ bytes: Int) -> String {
        let megabytes = Double(bytes) / 1_048_576
        return megabytes < 1024 ? "\(Int(megabytes.rounded())) MB" : "\(rounded(megabytes / 1024, places: 1)) GB"
    }
}

/// How much memory a command may take.
struct MemoryFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Most memory to take, such as 900M or 4G: fewer threads are used when that is needed, which changes nothing but \
            the time, and what cannot be done within it is refused before it starts. Default: a warning when the \
            machine's free memory may not be enough.
            """, valueName: "size"))
    var memoryLimit: MemorySize?
}
