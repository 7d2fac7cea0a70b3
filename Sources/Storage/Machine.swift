// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the machine has left for a job.
public enum Machine {
    /// Bytes of memory that a process can still take without others being swapped out: what the kernel estimates, and no
    /// more than the control group of this process allows; `nil` when neither says.
    public static var availableMemory: Int? {
        let free = field("MemAvailable:", ofFile: "/proc/meminfo").map { $0 * 1024 }
        guard let limit = number(inFile: "/sys/fs/cgroup/memory.max") else { return free }
        let left = max(0, limit - (number(inFile: "/sys/fs/cgroup/memory.current") ?? 0))
        return min(free ?? left, left)
    }

    /// Bytes of memory installed; `nil` when unknown.
    public static var installedMemory: Int? { field("MemTotal:", ofFile: "/proc/meminfo").map { $0 * 1024 } }

    /// Bytes that may be written to the file system of `folder`; `nil` when it does not exist.
    public static func freeSpace(at folder: String) -> Int? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    /// The kernel's files have no size to read by: what fits into a page or two.
    private static func text(ofFile path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 13) { buffer, count in
            count = max(0, read(descriptor, buffer.baseAddress!, buffer.count))
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    private static func field(_ name: String, ofFile path: String) -> Int? {
        text(ofFile: path)?.split(separator: "\n").first { $0.hasPrefix(name) }
            .flatMap { line in line.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
    }

    private static func number(inFile path: String) -> Int? {
        text(ofFile: path).flatMap { Int($0.split(separator: "\n").first ?? "") }
    }
}
