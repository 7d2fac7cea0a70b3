// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Memory of this process.
public enum ProcessMemory {
    /// Most bytes that were resident at one time since the process started.
    public static var peak: Int {
        var usage = rusage()
        // Linux counts in KiB; the call cannot fail for the process itself.
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage.ru_maxrss * 1024
    }
}
