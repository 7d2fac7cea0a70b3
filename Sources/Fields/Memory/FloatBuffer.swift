// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#endif

/// A fixed run of floats aligned to a cache line, zero at the start.
///
/// Sharing it between threads is safe under one rule, which every caller keeps: in a parallel loop, concurrent items write
/// disjoint ranges and read only ranges that nobody writes. The pointer itself never changes; hence `@unchecked Sendable`.
package final class FloatBuffer: @unchecked Sendable {
    /// First element.
    package let pointer: UnsafeMutablePointer<Float>
    /// Number of elements.
    package let count: Int

    /// Allocates `count` zeros.
    package init(count: Int) {
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
        pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
        pointer.initialize(repeating: 0, count: max(count, 1))
        self.count = count
    }

    deinit { UnsafeMutableRawPointer(pointer).deallocate() }

    /// The elements as a collection.
    package var elements: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: pointer, count: count) }

    /// Sets every element to zero.
    package func clear() { pointer.update(repeating: 0, count: count) }
}
