// SPDX-License-Identifier: Apache-2.0

import Geometry
import Synchronization
import Testing

@Suite struct ParallelTests {
    @Test(arguments: [1, 2, 3, 8, 100], [0, 1, 2, 7, 1000])
    func everyItemIsCalledOnce(threads: Int, count: Int) {
        let calls = Mutex([Int](repeating: 0, count: count))
        Parallel.forEach(count: count, threads: threads) { item, _ in calls.withLock { $0[item] += 1 } }
        #expect(calls.withLock { $0.allSatisfy { $0 == 1 } })
    }

    @Test func negativeCountIsNothingToDo() {
        Parallel.forEach(count: -3, threads: 4) { _, _ in Issue.record("called") }
    }

    @Test func workersAreInRangeAndNeverUsedTwiceAtOnce() {
        let busy = Mutex([Bool](repeating: false, count: 4))
        Parallel.forEach(count: 5000, threads: 4) { _, worker in
            let wasBusy = busy.withLock { busy in
                defer { busy[worker] = true }
                return busy[worker]
            }
            if wasBusy { Issue.record("worker \(worker) is used twice") }
            busy.withLock { $0[worker] = false }
        }
    }

    /// Sums over blocks, added in order, are the same bits for any number of threads.
    @Test func blockSumsDoNotDependOnThreads() {
        var random = RandomStream(seed: 1, label: "sums")
        let values = (0..<10_000).map { _ in random.uniform() - 0.5 }
        let sum = { (threads: Int) -> Float in
            let parts = Mutex([Float](repeating: 0, count: 79))
            Parallel.forEach(count: 79, threads: threads) { block, _ in
                let part = values[(128 * block)..<min(128 * (block + 1), values.count)].reduce(0, +)
                parts.withLock { $0[block] = part }
            }
            return parts.withLock { $0.reduce(0, +) }
        }
        let expected = sum(1)
        for threads in [2, 3, 4, 8] { #expect(sum(threads).bitPattern == expected.bitPattern) }
        #expect(Parallel.defaultThreadCount >= 1)
    }
}
