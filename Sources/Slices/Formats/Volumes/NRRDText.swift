// SPDX-License-Identifier: Apache-2.0

import Storage

/// The fields of a NRRD header, as text.
struct NRRDText {
    /// By name in lower case; of fields that occur twice the last.
    private(set) var fields: [String: String] = [:]
    /// What applications add with `key:=value`.
    private(set) var annotations: [String: String] = [:]
    /// Bytes up to and with the empty line that ends the header.
    private(set) var length = 0

    /// Reads the header at the start of `bytes`, which ends with an empty line or with the file.
    init(_ bytes: [UInt8]) throws(VolumeFileError) {
        guard NRRDHeader.isNRRD(bytes) else { throw .malformed("it does not start with NRRD000") }
        let limit = min(bytes.count, NRRDHeader.largestLength)
        var start = 0
        var number = 0
        while start < limit {
            let end = bytes[start..<limit].firstIndex(of: 0x0A) ?? limit
            guard end < limit || limit == bytes.count else {
                throw .malformed("the header is longer than \(NRRDHeader.largestLength) bytes")
            }
            var line = bytes[start..<end]
            if line.last == 0x0D { line.removeLast() }
            start = min(end + 1, bytes.count)
            number += 1
            if line.isEmpty { break }
            if number > 1, line.first != UInt8(ascii: "#") { try take(String(decoding: line, as: UTF8.self), number) }
        }
        length = start
    }

    private mutating func take(_ line: String, _ number: Int) throws(VolumeFileError) {
        // On bytes, since ":=" may be part of one character with what follows.
        let bytes = Array(line.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            throw .malformed("line \(number) of the header is neither \"field: value\" nor \"key:=value\"")
        }
        let key = String(decoding: bytes[..<colon], as: UTF8.self)
        let rest = bytes[(colon + 1)...]
        if rest.first == UInt8(ascii: "=") {
            annotations[key] = String(decoding: rest.dropFirst(), as: UTF8.self)
        } else {
            var value = rest.drop { $0 == 0x20 || $0 == 0x09 }
            while value.last == 0x20 || value.last == 0x09 { value.removeLast() }
            fields[key.lowercased()] = String(decoding: value, as: UTF8.self)
        }
    }

    /// The text of a field that must be there.
    func required(_ field: String) throws(VolumeFileError) -> String {
        guard let value = fields[field] else { throw .malformed("the header has no field \"\(field)\"") }
        return value
    }

    /// The whole numbers in `value`.
    func integers(_ value: String, field: String) throws(VolumeFileError) -> [Int] {
        var numbers: [Int] = []
        for part in value.split(whereSeparator: { $0 == " " || $0 == "\t" }) {
            guard let number = Int(part) else {
                throw .malformed("the field \"\(field)\" is \"\(value)\", not whole numbers")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// The vectors in `value`, "(1,0,0) none (0, 1, 0)", say; `nil` for "none".
    func vectors(_ value: String, field: String) throws(VolumeFileError) -> [SIMD3<Double>?] {
        let failure = VolumeFileError.malformed("the field \"\(field)\" is \"\(value)\", not vectors like (1,0,0)")
        var result: [SIMD3<Double>?] = []
        var rest = Array(value.utf8)[...]
        while true {
            rest = rest.drop { $0 <= 0x20 }
            guard let first = rest.first else { return result }
            if rest.starts(with: Array("none".utf8)) {
                rest = rest.dropFirst(4)
                result.append(nil)
                continue
            }
            guard first == UInt8(ascii: "("), let end = rest.firstIndex(of: UInt8(ascii: ")")) else { throw failure }
            let parts = rest[(rest.startIndex + 1)..<end].split(
                separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            let numbers = parts.compactMap { Self.number($0) }
            guard parts.count == 3, numbers.count == 3 else { throw failure }
            result.append(SIMD3(numbers[0], numbers[1], numbers[2]))
            rest = rest[(end + 1)...]
        }
    }

    /// The numbers in `value`; NaN, which stands for "does not apply", as `nil`.
    func numbers(_ value: String, field: String) throws(VolumeFileError) -> [Double?] {
        var result: [Double?] = []
        for part in value.utf8.split(whereSeparator: { $0 <= 0x20 }) {
            if String(decoding: part, as: UTF8.self).lowercased() == "nan" {
                result.append(nil)
            } else if let number = Self.number(part) {
                result.append(number)
            } else {
                throw .malformed("the field \"\(field)\" is \"\(value)\", not numbers")
            }
        }
        return result
    }

    private static func number(_ token: some Collection<UInt8>) -> Double? {
        let trimmed = Array(token.drop { $0 <= 0x20 }.prefix { $0 > 0x20 })
        return trimmed.withUnsafeBufferPointer { TextScanner.number($0) }
    }
}
