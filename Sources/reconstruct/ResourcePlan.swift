// SPDX-License-Identifier: Apache-2.0

import Geometry

/// With how many threads a run stays within its memory, and what it will take.
struct ResourcePlan {
    /// Threads to use, at most those that were asked for.
    let threads: Int
    /// What is expected with them.
    let cost: ComputingCost
    /// What a user should know, one sentence each.
    private(set) var notes: [String] = []

    /// Plans a run.
    ///
    /// - Parameters:
    ///   - limit: Most memory in bytes; `nil` for what the machine has.
    ///   - available: What the machine has, when that is known.
    ///   - smaller: What a smaller run, by its name, would take on one thread; for advice.
    ///   - cost: What the run takes on a number of threads.
    /// - Throws: ``CommandFailure`` when not even one thread stays within `limit`.
    init(
        threads wanted: Int, limit: Int?, available: Int?, smaller: [(name: String, memory: Int)],
        cost: (Int) -> ComputingCost
    ) throws(CommandFailure) {
        let bound = limit ?? available ?? .max
        let fitting = (1...wanted).last { cost($0).peakMemory <= bound }
        if fitting == nil, let limit {
            let needed = cost(1).peakMemory
            let advice = smaller.filter { $0.memory <= limit }.map {
                "\($0.name) needs about \(MemorySize.text($0.memory))"
            }
            throw CommandFailure(
                "About \(MemorySize.text(needed)) of memory are needed even on one thread, and --memory-limit is "
                    + "\(MemorySize.text(limit)). "
                    + (advice.isEmpty
                        ? "Raise it, or use fewer or smaller inputs." : advice.joined(separator: ", ") + "."))
        }
        threads = fitting ?? 1
        self.cost = cost(threads)
        if fitting == nil {
            notes.append(
                "About \(MemorySize.text(self.cost.peakMemory)) of memory are needed and \(MemorySize.text(bound)) are free: "
                    + "this may fail. --memory-limit refuses such runs.")
        } else if threads < wanted {
            notes.append(
                "\(threads) of \(wanted) threads are used, to stay within \(MemorySize.text(bound)) of memory; the result is "
                    + "the same.")
        }
    }

    /// `about 40 s and 450 MB of memory on 2 threads`.
    var text: String {
        let seconds = cost.seconds < 10 ? cost.seconds.rounded(.up) : (cost.seconds / 5).rounded() * 5
        return "about \(ProgressText.duration(seconds)) and \(MemorySize.text(cost.peakMemory)) of memory on "
            + "\(threads) thread\(threads == 1 ? "" : "s")"
    }
}
