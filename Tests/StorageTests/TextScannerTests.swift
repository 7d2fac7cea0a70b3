// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

@Suite struct TextScannerTests {
    private func number(_ text: String) -> Double? {
        Array(text.utf8).withUnsafeBufferPointer { TextScanner.number($0) }
    }

    private func integer(_ text: String) -> Int? {
        Array(text.utf8).withUnsafeBufferPointer { TextScanner.integer($0) }
    }

    /// All tokens, each with its line.
    private func tokens(_ text: String) -> [String] {
        Array(text.utf8).withUnsafeBufferPointer { buffer in
            var scanner = TextScanner(buffer)
            var result: [String] = []
            while let token = scanner.token() {
                result.append("\(scanner.line):" + String(decoding: token, as: UTF8.self))
            }
            return result
        }
    }

    @Test func tokensKnowTheirLine() {
        #expect(tokens("a bc\n\n  d\r\n\te") == ["1:a", "1:bc", "3:d", "4:e"])
        #expect(tokens("\u{FEFF}a") == ["1:a"])
        #expect(tokens("a\u{FEFF}") == ["1:a\u{FEFF}"])
        #expect(tokens("") == [] && tokens(" \n\n") == [])
    }

    @Test func tokensOnALineStopAtItsEnd() {
        Array("a b\r\n\nc".utf8).withUnsafeBufferPointer { buffer in
            var scanner = TextScanner(buffer)
            #expect(scanner.tokenOnLine().map(Array.init) == Array("a".utf8))
            #expect(scanner.tokenOnLine().map(Array.init) == Array("b".utf8))
            #expect(scanner.tokenOnLine() == nil && scanner.line == 1)
            scanner.skipLine()
            #expect(scanner.tokenOnLine() == nil && scanner.line == 2)
            scanner.skipLine()
            #expect(scanner.remaining == 1)
            #expect(scanner.tokenOnLine().map(Array.init) == Array("c".utf8))
            scanner.skipLine()
            #expect(scanner.line == 3 && scanner.remaining == 0 && !scanner.skipSpace())
        }
    }

    @Test(arguments: [
        ("0", 0.0), ("-1.5", -1.5), ("+2", 2), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1E-3", 0.001), ("1e-400", 0),
        ("0.1", 0.1), ("123456789012345678901234567890", 123456789012345678901234567890.0),
    ])
    func decimalNumbersAreRead(text: String, value: Double) { #expect(number(text) == value) }

    @Test(arguments: [
        "", "nan", "NaN", "-nan", "+nan", "inf", "-inf", "Infinity", "1e400", "-1e400", "0x10", "0x1p3", "-0x1", "1,5",
        "1.5f", "1e", "e5", "--1", "1 ", "1d5", "१", "1\u{FEFF}",
    ])
    func anythingElseIsNoNumber(text: String) { #expect(number(text) == nil) }

    @Test func overlongNumbersAreRefused() {
        #expect(number(String(repeating: "1", count: 300)) != nil)
        #expect(number(String(repeating: "0", count: 513)) == nil)
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("+7", 7), ("007", 7), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
    ])
    func integersAreRead(text: String, value: Int) { #expect(integer(text) == value) }

    @Test(arguments: [
        "", "-", "+", "1.0", "1e3", "--1", "9223372036854775808", "-9223372036854775809", "99999999999999999999", "0x1",
        "a",
    ])
    func anythingElseIsNoInteger(text: String) { #expect(integer(text) == nil) }
}
