// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Turns the first SIGINT or SIGTERM into a request to stop; the second one ends the process at once.
enum Interruption {
    private static let requested = Atomic<Int32>(0)

    /// Starts listening.
    static func listen() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                Interruption.requested.store(number, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
    }

    /// Whether somebody asked to stop.
    static var isRequested: Bool { requested.load(ordering: .relaxed) != 0 }

    /// The exit code that tells a shell which signal it was: 130 or 143.
    static var exitCode: Int32 { 128 + requested.load(ordering: .relaxed) }
}
