// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A checkpoint cannot be used.
public enum CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The bytes are not a safetensors file, or a damaged one.
    case malformed(reason: String)
    /// The checkpoint belongs to other inputs, options or another version.
    case mismatch(what: String)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .malformed(let reason): "Not a usable checkpoint: \(reason). Delete it to start from the beginning."
        case .mismatch(let what): "The checkpoint was made with another \(what). Delete it to start from the beginning."
        }
    }
}

/// Named float32 tensors with text metadata, in the safetensors format that many tools read.
///
/// Layout: length of the header as 8 bytes little-endian, a JSON header, then the numbers. A checksum of the numbers is
/// kept in the metadata under `fnv1a64` and checked on reading. Nothing in such a file can be executed.
public struct SafetensorsFile: Sendable {
    /// One tensor, row-major.
    public struct Tensor: Sendable, Equatable {
        /// Lengths of the axes, slowest first.
        public var shape: [Int]
        /// As many numbers as the product of `shape`.
        public var values: [Float]

        /// Creates a tensor.
        ///
        /// - Precondition: `values` fills `shape`.
        public init(shape: [Int], values: [Float]) {
            precondition(shape.reduce(1, *) == values.count, "\(values.count) values do not fill \(shape)")
            self.shape = shape
            self.values = values
        }
    }

    /// Free text by key.
    public var metadata: [String: String]
    /// Tensors by name; written in ascending order of names.
    public var tensors: [String: Tensor]

    /// Creates a file's content.
    public init(metadata: [String: String] = [:], tensors: [String: Tensor] = [:]) {
        self.metadata = metadata
        self.tensors = tensors
    }

    private struct Entry: Codable {
        var dtype: String
        var shape: [Int]
        var data_offsets: [Int]
    }

    private struct Header: Codable {
        var metadata: [String: String] = [:]
        var entries: [String: Entry] = [:]

        private struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init() {}

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            for key in container.allKeys {
                if key.stringValue == "__metadata__" {
                    metadata = try container.decode([String: String].self, forKey: key)
                } else {
                    entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
                }
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(metadata, forKey: Key(stringValue: "__metadata__"))
            for (name, entry) in entries { try container.encode(entry, forKey: Key(stringValue: name)) }
        }
    }

    /// The file's bytes; the same content always gives the same bytes.
    public func encoded() throws -> [UInt8] {
        var numbers: [UInt8] = []
        numbers.reserveCapacity(4 * tensors.values.reduce(0) { $0 + $1.values.count })
        var header = Header()
        for name in tensors.keys.sorted() {
            guard let tensor = tensors[name] else { continue }
            let start = numbers.count
            for value in tensor.values {
                let bits = value.bitPattern
                for shift in [0, 8, 16, 24] { numbers.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift))) }
            }
            header.entries[name] = Entry(dtype: "F32", shape: tensor.shape, data_offsets: [start, numbers.count])
        }
        header.metadata = metadata
        header.metadata["fnv1a64"] = String(Self.checksum(numbers[...]), radix: 16)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var text = [UInt8](try encoder.encode(header))
        // The numbers start at a multiple of 8 bytes, as the format advises.
        while text.count % 8 != 0 { text.append(0x20) }
        let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        return length + text + numbers
    }

    /// Reads a file's bytes.
    ///
    /// - Throws: ``CheckpointError/malformed(reason:)`` when a length, offset, type or the checksum is wrong.
    public init(parsing bytes: [UInt8]) throws(CheckpointError) {
        guard bytes.count >= 8 else { throw .malformed(reason: "it has only \(bytes.count) bytes") }
        var length: UInt64 = 0
        for index in 0..<8 { length |= UInt64(bytes[index]) << UInt64(8 * index) }
        guard length <= UInt64(bytes.count - 8) else { throw .malformed(reason: "its header is cut off") }
        let start = 8 + Int(length)
        let header: Header
        do {
            header = try JSONDecoder().decode(Header.self, from: Data(bytes[8..<start]))
        } catch {
            throw .malformed(reason: "its header is not the expected JSON")
        }
        metadata = header.metadata
        tensors = [:]
        for (name, entry) in header.entries {
            guard entry.dtype == "F32" else { throw .malformed(reason: "\(name) has type \(entry.dtype), not F32") }
            guard entry.data_offsets.count == 2, let (first, last) = Self.range(entry, limit: bytes.count - start)
            else {
                throw .malformed(reason: "\(name) lies outside the file")
            }
            var values = [Float](repeating: 0, count: (last - first) / 4)
            for index in values.indices {
                var bits: UInt32 = 0
                for byte in 0..<4 { bits |= UInt32(bytes[start + first + 4 * index + byte]) << UInt32(8 * byte) }
                values[index] = Float(bitPattern: bits)
            }
            tensors[name] = Tensor(shape: entry.shape, values: values)
        }
        guard metadata["fnv1a64"] == String(Self.checksum(bytes[start...]), radix: 16) else {
            throw .malformed(reason: "its checksum is wrong")
        }
    }

    /// Offsets of an entry when they fit its shape and the file.
    private static func range(_ entry: Entry, limit: Int) -> (Int, Int)? {
        let (first, last) = (entry.data_offsets[0], entry.data_offsets[1])
        guard first >= 0, last >= first, last <= limit else { return nil }
        var count = 1
        for length in entry.shape {
            guard length >= 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard !overflow else { return nil }
            count = product
        }
        return count == (last - first) / 4 && (last - first) % 4 == 0 ? (first, last) : nil
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 { Fingerprint.fnv1a64(bytes) }
}
