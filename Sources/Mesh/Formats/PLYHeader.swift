// SPDX-License-Identifier: Apache-2.0

import Storage

/// What the text before `end_header` of a PLY file declares.
struct PLYHeader {
    enum Format: String {
        case ascii, binaryLittleEndian = "binary_little_endian", binaryBigEndian = "binary_big_endian"
    }

    /// Scalar types under their two sets of names.
    enum Scalar {
        case int8, uint8, int16, uint16, int32, uint32, float, double

        init?(_ name: String) {
            switch name {
            case "char", "int8": self = .int8
            case "uchar", "uint8": self = .uint8
            case "short", "int16": self = .int16
            case "ushort", "uint16": self = .uint16
            case "int", "int32": self = .int32
            case "uint", "uint32": self = .uint32
            case "float", "float32": self = .float
            case "double", "float64": self = .double
            default: return nil
            }
        }

        var size: Int {
            switch self {
            case .int8, .uint8: 1
            case .int16, .uint16: 2
            case .int32, .uint32, .float: 4
            case .double: 8
            }
        }

        var isInteger: Bool { self != .float && self != .double }
    }

    struct Property {
        let name: String
        let type: Scalar
        /// Type of the length when the property is a list.
        let countType: Scalar?
    }

    struct Element {
        let name: String
        let count: Int
        var properties: [Property] = []
    }

    private(set) var format = Format.ascii
    private(set) var elements: [Element] = []
    /// Offset of the first byte after the header.
    private(set) var bodyOffset = 0
    private var scanner: TextScanner

    init(_ bytes: UnsafeRawBufferPointer) throws(MeshFileError) {
        scanner = TextScanner(bytes.bindMemory(to: UInt8.self))
        guard word() == "ply" else { throw error("the file does not start with ply.") }
        scanner.skipLine()
        guard word() == "format", let name = word(), let format = Format(rawValue: name), word() == "1.0" else {
            throw error("expected format ascii, binary_little_endian or binary_big_endian, version 1.0.")
        }
        self.format = format
        scanner.skipLine()
        while let name = line() {
            switch name {
            case "comment", "obj_info": break
            case "element": try element()
            case "property": try property()
            case "end_header":
                scanner.skipLine()
                bodyOffset = scanner.offset
                return
            default: throw error("unknown statement in the header.")
            }
            scanner.skipLine()
        }
        throw error("the header has no end_header.")
    }

    private func error(_ reason: String) -> MeshFileError { .malformed(.ply, .line(scanner.line), reason) }

    /// The first word of the next line that has one.
    private mutating func line() -> String? { scanner.skipSpace() ? word() : nil }

    /// The next word of the line; empty when it is too long to mean anything.
    private mutating func word() -> String? {
        scanner.tokenOnLine().map { $0.count <= 256 ? String(decoding: $0, as: UTF8.self) : "" }
    }

    private mutating func element() throws(MeshFileError) {
        guard let name = word(), !name.isEmpty, let token = scanner.tokenOnLine(),
            let count = TextScanner.integer(token), count >= 0
        else { throw error("expected element, a name and a count of 0 or more.") }
        guard !elements.contains(where: { $0.name == name }) else { throw error("element \(name) is declared twice.") }
        // Names are compared with all earlier ones; a header full of them would make work quadratic in the file's size.
        guard elements.count < 64 else { throw error("more than 64 elements.") }
        elements.append(Element(name: name, count: count))
    }

    private mutating func property() throws(MeshFileError) {
        guard !elements.isEmpty else { throw error("a property before any element.") }
        var countType: Scalar?
        var typeName = word() ?? ""
        if typeName == "list" {
            guard let count = Scalar(word() ?? ""), count.isInteger else {
                throw error("the length of a list must have an integer type.")
            }
            countType = count
            typeName = word() ?? ""
        }
        guard let type = Scalar(typeName), let name = word(), !name.isEmpty else {
            throw error("expected property, a type and a name.")
        }
        guard !elements[elements.count - 1].properties.contains(where: { $0.name == name }) else {
            throw error("property \(name) is declared twice.")
        }
        // Each row looks at each property; the same holds.
        guard elements[elements.count - 1].properties.count < 1024 else { throw error("more than 1,024 properties.") }
        elements[elements.count - 1].properties.append(Property(name: name, type: type, countType: countType))
    }
}
