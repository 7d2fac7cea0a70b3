// SPDX-License-Identifier: Apache-2.0

import CPeak
import Dispatch

/// Shortest CPU time of the calling thread over `repeats` calls, in seconds: the least disturbed one.
func bestThreadSeconds(repeats: Int, _ body: () -> Void) -> Double {
    body()
    var best = Double.infinity
    for _ in 0..<repeats {
        let start = peak_thread_seconds()
        body()
        best = min(best, peak_thread_seconds() - start)
    }
    return best
}

/// Shortest wall time over `repeats` calls, in seconds.
func bestWallSeconds(repeats: Int, _ body: () -> Void) -> Double {
    body()
    var best = Double.infinity
    for _ in 0..<repeats {
        let start = DispatchTime.now().uptimeNanoseconds
        body()
        best = min(best, Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9)
    }
    return best
}

/// Arithmetic peak of one core at `isa` right now, in GFLOP/s.
func peakGigaflops(isa: Int32) -> Double {
    var operations = 0.0
    let seconds = bestThreadSeconds(repeats: 10) { operations = peak_run(isa, 400_000) }
    return operations / seconds * 1e-9
}
