// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Damages files in the ways that real ones are damaged: the same seed and number give the same bytes.
///
/// Each mutant has one to four edits, drawn from: flipped bits, a cut end, removed and repeated spans, numbers (decimal
/// text or raw bytes) replaced by NaN, infinities, −1, 0, 1e308 and counts no file can hold, swapped lines, and a splice
/// with a second file.
public struct FileMutator: Sendable {
    private let seed: UInt64

    /// Creates the family of mutants named by `seed`.
    public init(seed: UInt64) { self.seed = seed }

    /// Mutant `number` of `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: The file to damage.
    ///   - other: A second file, usually of the same format, whose end may be joined to the start of the first.
    ///   - number: Tells mutants apart.
    /// - Returns: At most twice the bytes of `bytes` and `other` together for each edit.
    public func mutant(of bytes: [UInt8], with other: [UInt8], number: UInt64) -> [UInt8] {
        var edit = FileEdit(bytes: bytes, random: RandomStream(seed: seed, label: "mutant", number))
        // Half of the mutants have one edit: more would rarely leave anything to read.
        let count = max(1, edit.random.index(below: 7) - 2)
        for _ in 0..<count { edit.applyAny(other: other) }
        return edit.bytes
    }
}

/// A file under edit and the random numbers that decide.
private struct FileEdit {
    static let hostileWords = [
        "NaN", "-nan", "inf", "-1", "0", "1e308", "-1e308", "1e-320", "99999999999", "2147483648", "4294967295",
        "9223372036854775807", "18446744073709551616", "0x10", "",
        // Harmless ones, so that many mutants get past the first check.
        "1", "2", "3", "4", "5", "0.5", "-0.25", "1e-160", "1e29",
    ].map { Array($0.utf8) }

    /// Little-endian bytes of numbers that counts, indices and coordinates should not be.
    static let hostileBytes: [[UInt8]] = [
        little(Float.nan.bitPattern), little(Float.infinity.bitPattern),
        little(Float.greatestFiniteMagnitude.bitPattern), little(Double.nan.bitPattern), little(1e308.bitPattern),
        little(UInt32.max), little(UInt32(1) << 31),
        little(UInt32(99_999_999)), little(UInt64.max), little(UInt32(0)), [0xFF], [0],
    ]

    var bytes: [UInt8]
    var random: RandomStream

    private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    mutating func applyAny(other: [UInt8]) {
        switch random.index(below: 10) {
        case 0: flipBits()
        case 1: bytes.removeLast(random.index(below: bytes.count + 1))
        case 2: bytes.removeSubrange(span())
        case 3: repeatSpan()
        case 4, 5, 6: replaceNumber()
        case 7: overwriteBytes()
        case 8: swapLines()
        default: splice(other)
        }
    }

    /// One to four single bits, anywhere.
    private mutating func flipBits() {
        guard !bytes.isEmpty else { return }
        for _ in 0...random.index(below: 4) {
            bytes[random.index(below: bytes.count)] ^= 1 << UInt8(random.index(below: 8))
        }
    }

    /// A random range, more often short than long.
    private mutating func span() -> Range<Int> {
        let start = random.index(below: bytes.count + 1)
        let longest = random.index(below: 4) == 0 ? bytes.count : 32
        return start..<min(bytes.count, start + random.index(below: longest + 1))
    }

    private mutating func repeatSpan() {
        let copy = Array(bytes[span()])
        bytes.insert(contentsOf: copy, at: random.index(below: bytes.count + 1))
    }

    /// Replaces the first decimal number at or after a random place.
    private mutating func replaceNumber() {
        let isPart = { (byte: UInt8) in (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte) }
        let place = random.index(below: bytes.count + 1)
        let word = Self.hostileWords[random.index(below: Self.hostileWords.count)]
        guard var start = bytes[place...].firstIndex(where: { (0x30...0x39).contains($0) }) else { return }
        while start > 0, isPart(bytes[start - 1]) { start -= 1 }
        let end = bytes[start...].firstIndex { !isPart($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: word)
    }

    private mutating func overwriteBytes() {
        let value = Self.hostileBytes[random.index(below: Self.hostileBytes.count)]
        let ordered = random.index(below: 2) == 0 ? value : value.reversed()
        let place = random.index(below: bytes.count + 1)
        for (offset, byte) in ordered.enumerated() where place + offset < bytes.count { bytes[place + offset] = byte }
    }

    private mutating func swapLines() {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        var order = Array(lines.indices)
        guard lines.count > 1 else { return }
        order.swapAt(random.index(below: lines.count), random.index(below: lines.count))
        bytes = Array(order.map { lines[$0] }.joined(separator: [0x0A]))
    }

    /// The start of this file and the end of the other.
    private mutating func splice(_ other: [UInt8]) {
        let start = bytes.prefix(random.index(below: bytes.count + 1))
        bytes = Array(start) + other.suffix(random.index(below: other.count + 1))
    }
}
