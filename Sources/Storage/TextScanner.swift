// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reads whitespace-separated tokens from bytes and knows the line it is on.
///
/// Numbers are parsed without regard to the locale. Carriage returns, tabs and form feeds count as white space, so files
/// with Windows line ends read the same.
public struct TextScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// Offset of the next unread byte.
    public private(set) var offset: Int
    /// Line of the next unread byte, from 1.
    public private(set) var line = 1

    /// Starts at `offset` of `bytes`, which must outlive the scanner. A UTF-8 byte order mark at the start is skipped.
    public init(_ bytes: UnsafeBufferPointer<UInt8>, offset: Int = 0) {
        self.bytes = bytes
        let hasMark = offset == 0 && bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
        self.offset = hasMark ? 3 : offset
    }

    /// Bytes that are not read yet: an upper bound for any count that a file may declare.
    public var remaining: Int { bytes.count - offset }

    /// Skips white space, line ends included; returns whether a token follows.
    public mutating func skipSpace() -> Bool {
        while offset < bytes.count, bytes[offset] <= 0x20 {
            if bytes[offset] == 0x0A { line += 1 }
            offset += 1
        }
        return offset < bytes.count
    }

    /// The next token on any line, or `nil` at the end.
    public mutating func token() -> UnsafeBufferPointer<UInt8>? {
        guard skipSpace() else { return nil }
        return tokenHere()
    }

    /// The next token on this line, or `nil` when the line ends first.
    public mutating func tokenOnLine() -> UnsafeBufferPointer<UInt8>? {
        while offset < bytes.count, bytes[offset] <= 0x20, bytes[offset] != 0x0A { offset += 1 }
        guard offset < bytes.count, bytes[offset] != 0x0A else { return nil }
        return tokenHere()
    }

    /// Moves to the start of the next line.
    public mutating func skipLine() {
        while offset < bytes.count, bytes[offset] != 0x0A { offset += 1 }
        if offset < bytes.count {
            offset += 1
            line += 1
        }
    }

    private mutating func tokenHere() -> UnsafeBufferPointer<UInt8> {
        let start = offset
        while offset < bytes.count, bytes[offset] > 0x20 { offset += 1 }
        return UnsafeBufferPointer(rebasing: bytes[start..<offset])
    }

    /// A decimal integer that fills the whole token, or `nil` (also on overflow).
    public static func integer(_ token: UnsafeBufferPointer<UInt8>) -> Int? {
        var index = 0
        var negative = false
        if let first = token.first, first == 0x2D || first == 0x2B {
            negative = first == 0x2D
            index = 1
        }
        guard index < token.count else { return nil }
        var value = 0
        while index < token.count {
            let digit = Int(token[index]) - 0x30
            guard (0...9).contains(digit) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.subtractingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            value = sum
            index += 1
        }
        if negative { return value }
        return value == Int.min ? nil : -value
    }

    /// A finite decimal number that fills the whole token, or `nil`. NaN, infinities, overflow and hexadecimal are refused.
    public static func number(_ token: UnsafeBufferPointer<UInt8>) -> Double? {
        guard token.count <= 512, !token.isEmpty else { return nil }
        // The standard parser also takes "nan", "infinity" and "0x1p3"; of all letters a decimal number has e alone.
        guard token.allSatisfy({ $0 < 0x40 || $0 == 0x65 || $0 == 0x45 }) else { return nil }
        guard let value = Double(String(decoding: token, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }
}
