// SPDX-License-Identifier: Apache-2.0

import Storage

/// Reads the numbers, letters and flags of SVG attributes: "M10-20.5.5e3,7" is a letter and four numbers.
struct SVGNumbers {
    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// Passes over white space and commas.
    mutating func skipSeparators() {
        while place < bytes.count, bytes[place] <= 0x20 || bytes[place] == UInt8(ascii: ",") { place += 1 }
    }

    /// Whether nothing but separators is left.
    mutating func isAtEnd() -> Bool {
        skipSeparators()
        return place == bytes.count
    }

    /// The next character when it is a letter.
    mutating func letter() -> UInt8? {
        skipSeparators()
        guard place < bytes.count, (bytes[place] | 0x20) >= 0x61, (bytes[place] | 0x20) <= 0x7A else { return nil }
        place += 1
        return bytes[place - 1]
    }

    /// The next number, or `nil` when something else comes; it ends where no number goes on.
    mutating func number() -> Double? {
        skipSeparators()
        let start = place
        if place < bytes.count, bytes[place] == 0x2B || bytes[place] == 0x2D { place += 1 }
        skipDigits()
        if place < bytes.count, bytes[place] == 0x2E {
            place += 1
            skipDigits()
        }
        let mantissaEnd = place
        if place < bytes.count, bytes[place] | 0x20 == 0x65 {
            place += 1
            if place < bytes.count, bytes[place] == 0x2B || bytes[place] == 0x2D { place += 1 }
            let digits = place
            skipDigits()
            // "2em" is the number 2.
            if place == digits { place = mantissaEnd }
        }
        let value = bytes[start..<place].withUnsafeBufferPointer { TextScanner.number($0) }
        if value == nil { place = start }
        return value.flatMap { abs($0) <= 1e30 ? $0 : nil }
    }

    /// A flag of an arc: one digit, which the next number may follow at once.
    mutating func flag() -> Bool? {
        skipSeparators()
        guard place < bytes.count, bytes[place] == 0x30 || bytes[place] == 0x31 else { return nil }
        place += 1
        return bytes[place - 1] == 0x31
    }

    /// Text up to `end`, which is passed over.
    mutating func text(upTo end: UInt8) -> String? {
        guard let stop = bytes[place...].firstIndex(of: end) else { return nil }
        defer { place = stop + 1 }
        return String(decoding: bytes[place..<stop], as: UTF8.self)
    }

    private mutating func skipDigits() {
        while place < bytes.count, (0x30...0x39).contains(bytes[place]) { place += 1 }
    }
}
