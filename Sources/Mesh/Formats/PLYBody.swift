// SPDX-License-Identifier: Apache-2.0

import Storage

/// Reads the numbers after a PLY header one after the other, from text or bytes.
struct PLYBody {
    private var text: TextScanner
    private var bytes: ByteReader
    private let format: PLYHeader.Format

    init(_ content: UnsafeRawBufferPointer, header: PLYHeader) {
        format = header.format
        // Positions in the body are lines of the whole file.
        text = TextScanner(content.bindMemory(to: UInt8.self))
        while format == .ascii, text.offset < header.bodyOffset { text.skipLine() }
        bytes = ByteReader(content, offset: header.bodyOffset)
    }

    /// An error at the present place.
    func error(_ reason: String) -> MeshFileError {
        .malformed(.ply, format == .ascii ? .line(text.line) : .byte(bytes.offset), reason)
    }

    /// Bytes of the file that are not read.
    var remaining: Int { format == .ascii ? text.remaining : bytes.remaining }

    /// The least number of bytes that a value takes: in text one digit and what separates it from the next.
    func leastSize(_ type: PLYHeader.Scalar) -> Int { format == .ascii ? 2 : type.size }

    /// Throws unless `count` things of at least `size` bytes can follow.
    func require(_ count: Int, of size: Int, _ what: String) throws(MeshFileError) {
        let (needed, overflow) = count.multipliedReportingOverflow(by: size)
        // The last number of a text needs no separator.
        guard !overflow, needed <= remaining + 1 else {
            throw error("\(count) \(what) cannot fit in the remaining \(remaining) bytes.")
        }
    }

    /// The next value, of any size and sign.
    @inline(__always)
    mutating func next(_ type: PLYHeader.Scalar) throws(MeshFileError) -> Double {
        guard let value = format == .ascii ? nextInText(type) : nextInBytes(type) else {
            throw error(remaining == 0 ? "the file ends too early." : "expected a number of the declared type.")
        }
        return value
    }

    /// The next value as a count or an index: a whole number from 0 to 2³² − 1.
    @inline(__always)
    mutating func nextWhole(_ type: PLYHeader.Scalar) throws(MeshFileError) -> UInt32 {
        guard let value = UInt32(exactly: try next(type)) else { throw error("expected a whole number of 0 or more.") }
        return value
    }

    private mutating func nextInText(_ type: PLYHeader.Scalar) -> Double? {
        guard let token = text.token() else { return nil }
        if type.isInteger { return TextScanner.integer(token).map { Double($0) } }
        if let value = TextScanner.number(token) { return value }
        // Tools write undefined normals so; a position that is not finite is refused later.
        return String(decoding: token.prefix(4), as: UTF8.self).lowercased().hasSuffix("nan") ? .nan : nil
    }

    private mutating func nextInBytes(_ type: PLYHeader.Scalar) -> Double? {
        let big = format == .binaryBigEndian
        switch type {
        case .int8: return bytes.integer(Int8.self).map { Double($0) }
        case .uint8: return bytes.integer(UInt8.self).map { Double($0) }
        case .int16: return bytes.integer(Int16.self, bigEndian: big).map { Double($0) }
        case .uint16: return bytes.integer(UInt16.self, bigEndian: big).map { Double($0) }
        case .int32: return bytes.integer(Int32.self, bigEndian: big).map { Double($0) }
        case .uint32: return bytes.integer(UInt32.self, bigEndian: big).map { Double($0) }
        case .float: return bytes.integer(UInt32.self, bigEndian: big).map { Double(Float(bitPattern: $0)) }
        case .double: return bytes.integer(UInt64.self, bigEndian: big).map { Double(bitPattern: $0) }
        }
    }

    /// Passes over all rows of an element that nobody asked for.
    mutating func skip(_ element: PLYHeader.Element) throws(MeshFileError) {
        guard !element.properties.isEmpty else { return }
        for _ in 0..<element.count { for property in element.properties { try skip(property) } }
    }

    /// Passes over one property of one row.
    mutating func skip(_ property: PLYHeader.Property) throws(MeshFileError) {
        guard let countType = property.countType else {
            _ = try next(property.type)
            return
        }
        let count = Int(try nextWhole(countType))
        try require(count, of: leastSize(property.type), "list entries")
        if format == .ascii {
            for _ in 0..<count { _ = try next(property.type) }
        } else {
            try require(count, of: property.type.size, "list entries")
            guard count * property.type.size <= bytes.remaining else { throw error("the file ends too early.") }
            bytes.skip(count * property.type.size)
        }
    }

    /// Throws when more than line ends follows.
    mutating func expectEnd() throws(MeshFileError) {
        if format == .ascii {
            guard !text.skipSpace() else { throw error("more numbers than the header declares.") }
            return
        }
        guard bytes.remaining > 0 else { return }
        var rest = TextScanner(bytes.bytes.bindMemory(to: UInt8.self), offset: bytes.offset)
        guard !rest.skipSpace(), bytes.remaining <= 2 else {
            throw error("\(bytes.remaining) bytes more than the header declares.")
        }
    }
}
