// SPDX-License-Identifier: Apache-2.0

import CGzip

/// Gzip streams in memory, decompressed piece by piece so that nobody allocates what a stream only claims.
package enum Gzip {
    /// A stream could not be decompressed.
    package enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
        /// The stream ends before its end mark.
        case cutOff
        /// Not gzip, or damaged: the check sum does not match.
        case corrupt
        /// No memory for the decompressor.
        case noMemory

        package var description: String {
            switch self {
            case .cutOff: "the compressed data are cut off"
            case .corrupt: "the compressed data are damaged"
            case .noMemory: "no memory for the decompressor"
            }
        }
    }

    /// Bytes of a piece.
    private static let chunkSize = 1 << 18

    /// Whether `bytes` start like a gzip stream.
    package static func isCompressed(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    /// Decompresses `bytes` and hands over the first `limit` bytes of the result in pieces, in order.
    ///
    /// What comes after `limit` is not looked at. A stream that ends exactly there has its check sum compared.
    ///
    /// - Returns: Bytes handed over; fewer than `limit` when the stream holds fewer.
    /// - Throws: ``Failure``, or what `consume` throws.
    @discardableResult
    package static func decompress(
        _ bytes: ArraySlice<UInt8>, limit: Int, consume: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Int {
        try withoutActuallyEscaping(consume) { consume in
            var sink = Sink(consume: consume)
            let status = bytes.withUnsafeBufferPointer { source in
                withUnsafeTemporaryAllocation(of: UInt8.self, capacity: chunkSize) { chunk in
                    withUnsafeMutablePointer(to: &sink) { sink in
                        zs_gzip_decompress(
                            source.baseAddress, source.count, max(limit, 0), chunk.baseAddress, chunkSize,
                            { context, bytes, count in
                                context!.assumingMemoryBound(to: Sink.self).pointee.take(bytes, count)
                            }, sink)
                    }
                }
            }
            if let failure = sink.failure { throw failure }
            switch Int(status) {
            case ZS_GZIP_OK: return sink.count
            case ZS_GZIP_CUT_OFF: throw Failure.cutOff
            case ZS_GZIP_NO_ROOM: throw Failure.noMemory
            default: throw Failure.corrupt
            }
        }
    }

    /// The first `count` bytes of the decompressed stream, or all when there are fewer.
    package static func prefix(_ bytes: ArraySlice<UInt8>, count: Int) throws -> [UInt8] {
        var result: [UInt8] = []
        try decompress(bytes, limit: count) { result.append(contentsOf: $0) }
        return result
    }

    /// `bytes` as a gzip stream without name and time: the same bytes give the same stream.
    package static func compress(_ bytes: [UInt8]) -> [UInt8] {
        let capacity = zs_gzip_bound(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: capacity) { buffer, written in
            let status = zs_gzip_compress(bytes, bytes.count, buffer.baseAddress, capacity, &written)
            precondition(status == ZS_GZIP_OK, "zlib has no memory for compressing \(bytes.count) bytes")
        }
    }

    /// Carries the consumer, and the error that it threw, through C.
    private struct Sink {
        let consume: (UnsafeRawBufferPointer) throws -> Void
        var count = 0
        var failure: (any Error)?

        mutating func take(_ bytes: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
            do {
                try consume(UnsafeRawBufferPointer(start: bytes, count: size))
                count += size
                return 0
            } catch {
                failure = error
                return 1
            }
        }
    }
}
