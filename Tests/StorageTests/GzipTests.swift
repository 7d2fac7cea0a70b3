// SPDX-License-Identifier: Apache-2.0

import Geometry
import Storage
import Testing

@Suite struct GzipTests {
    private static let text = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) }

    private func decompress(_ bytes: [UInt8], limit: Int = 1 << 30) throws -> [UInt8] {
        var result: [UInt8] = []
        let count = try Gzip.decompress(bytes[...], limit: limit) { result.append(contentsOf: $0) }
        #expect(count == result.count)
        return result
    }

    @Test(arguments: [0, 1, 1000, 200_000])
    func whatIsCompressedComesBack(count: Int) throws {
        let bytes = Array(Self.text[..<count])
        let compressed = Gzip.compress(bytes)
        #expect(Gzip.isCompressed(compressed))
        #expect(compressed == Gzip.compress(bytes))
        #expect(try decompress(compressed) == bytes)
    }

    @Test func membersFollowEachOther() throws {
        let joined =
            Gzip.compress(Array(Self.text[..<777])) + Gzip.compress([]) + Gzip.compress(Array(Self.text[777...]))
        #expect(try decompress(joined) == Self.text)
    }

    @Test func nothingBeyondTheLimitIsMade() throws {
        // A thousand times as large as its stream.
        let bomb = Gzip.compress([UInt8](repeating: 7, count: 50 << 20))
        #expect(bomb.count < 60_000)
        #expect(try decompress(bomb, limit: 1234) == [UInt8](repeating: 7, count: 1234))
        #expect(try Gzip.prefix(bomb[...], count: 5) == [7, 7, 7, 7, 7])
    }

    @Test func damageIsFound() throws {
        let good = Gzip.compress(Self.text)
        for count in stride(from: 0, to: good.count, by: 991) {
            #expect(throws: Gzip.Failure.cutOff) { try decompress(Array(good[..<count])) }
        }
        // The check sum is compared even when the limit is the very length.
        var bad = good
        bad[bad.count - 6] ^= 1
        #expect(throws: Gzip.Failure.corrupt) { try decompress(bad, limit: Self.text.count) }
        #expect(throws: Gzip.Failure.corrupt) { try decompress([1, 2, 3]) }
    }

    @Test func theConsumerMayStop() {
        struct Enough: Error {}
        #expect(throws: Enough.self) {
            try Gzip.decompress(Gzip.compress(Self.text)[...], limit: 1 << 30) { _ in throw Enough() }
        }
    }
}
