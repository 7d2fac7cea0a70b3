// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc

/// How progress is shown on standard error.
enum ProgressStyle: String, CaseIterable, ExpressibleByArgument {
    /// A bar on one line that is rewritten.
    case bar
    /// A line every ten seconds.
    case lines
    /// A JSON object on each line, at least one a second.
    case json
    /// Nothing.
    case off

    /// A bar on a terminal, lines elsewhere.
    static var automatic: ProgressStyle { isatty(STDERR_FILENO) == 1 ? .bar : .lines }
}
