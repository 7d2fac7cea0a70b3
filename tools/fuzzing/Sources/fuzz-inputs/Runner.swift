// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Feeds inputs to the readers and holds them to their limits.
///
/// The number of the present input is kept in a small file: when the process dies, the shell script reads it and has the
/// input made again.
struct Runner {
    /// Longest time that one input may take, in seconds.
    static let slowest = 1.0
    /// Longest time before the process is killed by an alarm, in seconds.
    static let stuck: UInt32 = 20
    /// Largest growth of the resident memory over that before the first input, in KiB.
    static let largestGrowth = 512 << 10

    let campaign: Campaign
    let statusPath: String
    private var accepted = 0
    private var worst = (seconds: 0.0, input: 0)

    init(campaign: Campaign, statusPath: String) {
        self.campaign = campaign
        self.statusPath = statusPath
    }

    /// Runs all inputs and returns the summary.
    mutating func run() throws -> String {
        for (format, bytes) in campaign.originals where !(try format.accepts(bytes)) {
            throw Failure(reason: "a \(format.rawValue) file that is not damaged was refused")
        }
        let status = open(statusPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard status >= 0 else { throw Failure(reason: "cannot write \(statusPath)") }
        defer { close(status) }
        let before = Self.peakMemory()
        for number in 0..<campaign.total {
            try note(number, in: status)
            try feed(number, memoryBefore: before)
        }
        let milliseconds = (worst.seconds * 1e4).rounded() / 10
        return "inputs \(campaign.total), accepted \(accepted), rejected \(campaign.total - accepted), "
            + "slowest \(milliseconds) ms (input \(worst.input)), peak memory \(Self.peakMemory() >> 10) MiB "
            + "(\((Self.peakMemory() - before) >> 10) MiB of it after the start)"
    }

    private mutating func feed(_ number: Int, memoryBefore: Int) throws {
        let (format, bytes) = campaign.input(number)
        alarm(Self.stuck)
        let start = Self.cpuTime()
        if try format.accepts(bytes) { accepted += 1 }
        let seconds = Self.cpuTime() - start
        alarm(0)
        if seconds > worst.seconds { worst = (seconds, number) }
        guard seconds <= Self.slowest else { throw Failure(reason: "took \(seconds) s") }
        let growth = Self.peakMemory() - memoryBefore
        guard growth <= Self.largestGrowth else { throw Failure(reason: "memory grew by \(growth >> 10) MiB") }
    }

    /// Twenty digits and a line end, written over the ones before.
    private func note(_ number: Int, in status: Int32) throws {
        let digits = String(number)
        let text = digits + String(repeating: " ", count: 20 - digits.count) + "\n"
        guard pwrite(status, text, 21, 0) == 21 else { throw Failure(reason: "cannot write \(statusPath)") }
    }

    /// Processor time of this thread in seconds: other programs on the machine must not fail the run.
    private static func cpuTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }

    /// Largest resident memory so far, in KiB.
    private static func peakMemory() -> Int {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage.ru_maxrss
    }
}

/// Why the run ended early.
struct Failure: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
}
