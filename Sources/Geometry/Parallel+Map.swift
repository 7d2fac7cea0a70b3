// SPDX-License-Identifier: Apache-2.0

extension Parallel {
    /// The values of `transform` for `0 ..< count`, in order; computed in blocks on at most `threads` threads.
    ///
    /// - Parameters:
    ///   - block: Neighbouring numbers that one thread takes at once: enough to outweigh the cost of handing them out.
    ///   - transform: Pure: its value must depend on the number alone.
    package static func map<Value: Sendable>(
        count: Int, threads: Int, block: Int = 256, _ transform: @Sendable (Int) -> Value
    ) -> [Value] {
        [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
            nonisolated(unsafe) let places = buffer
            forEach(count: (count + block - 1) / block, threads: threads) { item, _ in
                for index in item * block..<min((item + 1) * block, count) {
                    places.initializeElement(at: index, to: transform(index))
                }
            }
            initialized = count
        }
    }
}
