// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Memory of this process and of the machine, in bytes.
public enum ProcessMemory {
    /// Most that was resident at one time since the process started.
    public static var peak: Int {
        var usage = rusage()
        // Linux counts in KiB; the call cannot fail for the process itself.
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage.ru_maxrss * 1024
    }

    /// What this process can get before the machine, or the container that it is in, runs short; `nil` when nobody says.
    public static var available: Int? {
        let free = line("MemAvailable:", of: "/proc/meminfo").map { $0 * 1024 }
        guard let limit = number(in: "/sys/fs/cgroup/memory.max"),
            let used = number(in: "/sys/fs/cgroup/memory.current")
        else { return free }
        return min(free ?? .max, max(0, limit - used))
    }

    /// The number after `name` in a file of lines.
    private static func line(_ name: String, of path: String) -> Int? {
        text(path)?.split(separator: "\n").first { $0.hasPrefix(name) }?.split(separator: " ").dropFirst().first.flatMap
        {
            Int($0)
        }
    }

    /// The number that is all of a file; `nil` for "max".
    private static func number(in path: String) -> Int? {
        text(path).flatMap { Int($0.split(separator: "\n").first ?? "") }
    }

    /// Files of the kernel have no size beforehand.
    private static func text(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
