// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Messages for people, apart from results.
enum StandardError {
    /// Writes `text` as it is, unbuffered.
    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
