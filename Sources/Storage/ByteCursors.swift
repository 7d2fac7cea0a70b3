// SPDX-License-Identifier: Apache-2.0

/// Reads numbers one after the other and refuses to pass the end.
package struct ByteReader {
    @usableFromInline package let bytes: UnsafeRawBufferPointer
    /// Offset of the next byte.
    @usableFromInline package var offset: Int

    package init(_ bytes: UnsafeRawBufferPointer, offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    /// Bytes not read yet.
    @inlinable package var remaining: Int { bytes.count - offset }

    /// The next integer, or `nil` when too few bytes are left.
    @inlinable
    package mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type, bigEndian: Bool = false
    ) -> Value? {
        guard remaining >= MemoryLayout<Value>.size else { return nil }
        let raw = bytes.loadUnaligned(fromByteOffset: offset, as: Value.self)
        offset += MemoryLayout<Value>.size
        return bigEndian ? Value(bigEndian: raw) : Value(littleEndian: raw)
    }

    /// Passes over `count` bytes; the caller has checked that they exist.
    package mutating func skip(_ count: Int) {
        precondition(count >= 0 && count <= remaining, "cannot skip \(count) of \(remaining) bytes")
        offset += count
    }
}

/// Writes little-endian numbers into memory of a size computed beforehand.
package struct ByteWriter {
    @usableFromInline let start: UnsafeMutableRawPointer
    @usableFromInline let capacity: Int
    @usableFromInline var count = 0

    @inlinable
    package mutating func put(_ value: some FixedWidthInteger & BitwiseCopyable) {
        let size = MemoryLayout.size(ofValue: value)
        precondition(count + size <= capacity, "more bytes than announced")
        (start + count).storeBytes(of: value.littleEndian, as: type(of: value))
        count += size
    }

    @inlinable
    package mutating func put(_ value: Float) { put(value.bitPattern) }

    @inlinable
    package mutating func put(_ value: Double) { put(value.bitPattern) }

    @inlinable
    package mutating func put(_ vector: SIMD3<Float>) {
        put(vector.x)
        put(vector.y)
        put(vector.z)
    }

    @inlinable
    package mutating func put(_ vector: SIMD3<UInt32>) {
        put(vector.x)
        put(vector.y)
        put(vector.z)
    }

    @inlinable
    package mutating func put(_ bytes: some Sequence<UInt8>) { for byte in bytes { put(byte) } }

    /// An array of exactly `count` bytes, filled by `body`.
    package static func bytes(_ count: Int, _ body: (inout ByteWriter) -> Void) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            guard let base = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
            var writer = ByteWriter(start: base, capacity: count)
            body(&writer)
            initialized = writer.count
        }
    }

    private init(start: UnsafeMutableRawPointer, capacity: Int) {
        self.start = start
        self.capacity = capacity
    }
}

/// Text as bytes, in pieces of about a megabyte so that no second copy of a large file is made while it grows.
package struct TextWriter {
    package private(set) var chunks: [[UInt8]] = [[]]

    package init() {}

    package mutating func line(_ parts: String...) {
        if chunks[chunks.count - 1].count > 1 << 20 { chunks.append([]) }
        for (index, part) in parts.enumerated() {
            if index > 0 { chunks[chunks.count - 1].append(0x20) }
            chunks[chunks.count - 1].append(contentsOf: part.utf8)
        }
        chunks[chunks.count - 1].append(0x0A)
    }
}
