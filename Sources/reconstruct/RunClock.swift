// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Geometry
import Report

/// Measures one command from its start on.
struct RunClock {
    private let start = DispatchTime.now().uptimeNanoseconds

    /// Wall seconds so far.
    var seconds: Double { Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9 }

    /// The run as it has been so far.
    func record(threads: Int, expected: ComputingCost?) -> RunRecord {
        RunRecord(
            version: Reconstruct.version, command: ["reconstruct"] + CommandLine.arguments.dropFirst(),
            threads: threads,
            expected: expected, actual: .init(seconds: seconds, peakMemory: ProcessMemory.peak))
    }
}
