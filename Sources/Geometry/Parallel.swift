// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Parallel loops whose results do not depend on the number of threads.
///
/// Work is cut into numbered items by the caller; workers take the next free number. An item must write only to places
/// that belong to its number (never to its worker), and sums over items are added afterwards in the order of the numbers.
public enum Parallel {
    /// The number of threads used when a caller asks for 0: one for each active processor.
    public static var defaultThreadCount: Int { max(1, activeProcessorCount()) }

    /// Calls `body(item, worker)` once for each `item` in `0 ..< count`, on at most `threads` threads.
    ///
    /// - Parameters:
    ///   - count: Number of items.
    ///   - threads: Upper bound on concurrency, at least 1.
    ///   - body: `worker` is in `0 ..< threads` and is never used by two calls at once: index scratch memory with it.
    public static func forEach(
        count: Int, threads: Int, _ body: @Sendable (_ item: Int, _ worker: Int) -> Void
    ) {
        precondition(threads >= 1, "at least one thread is needed, got \(threads)")
        let workers = min(threads, count)
        guard workers > 1 else {
            for item in 0..<max(count, 0) { body(item, 0) }
            return
        }
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            while true {
                let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard item < count else { return }
                body(item, worker)
            }
        }
    }
}
