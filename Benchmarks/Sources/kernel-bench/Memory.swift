// SPDX-License-Identifier: Apache-2.0

/// Aligned floats for one benchmark; shared between threads that write disjoint parts, hence `@unchecked Sendable`.
final class Floats: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Float>
    let count: Int

    init(_ count: Int, fill: (Int) -> Float = { _ in 0 }) {
        pointer = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * 4, alignment: 64)
            .bindMemory(to: Float.self, capacity: max(1, count))
        for index in 0..<count { pointer[index] = fill(index) }
        self.count = count
    }

    deinit { UnsafeMutableRawPointer(pointer).deallocate() }
}
