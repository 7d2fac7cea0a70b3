// SPDX-License-Identifier: Apache-2.0

import Storage

/// Reads binary and text STL files; vertices at exactly equal positions become one. Stored normals are ignored.
enum STLReader {
    static func read(_ bytes: UnsafeRawBufferPointer) throws(MeshFileError) -> TriangleMesh {
        // The length decides: headers of binary files may start with "solid" too.
        if bytes.count >= 84 {
            let declared = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 80, as: UInt32.self)))
            if 84 + 50 * declared == bytes.count { return try binary(bytes, count: declared) }
        }
        return try text(bytes)
    }

    private static func binary(_ bytes: UnsafeRawBufferPointer, count: Int) throws(MeshFileError) -> TriangleMesh {
        var builder = WeldedMeshBuilder()
        for face in 0..<count {
            var corners: [SIMD3<Double>] = []
            for corner in 0..<3 {
                let offset = 84 + 50 * face + 12 + 12 * corner
                var position = SIMD3<Double>.zero
                for axis in 0..<3 {
                    let raw = bytes.loadUnaligned(fromByteOffset: offset + 4 * axis, as: UInt32.self)
                    position[axis] = Double(Float(bitPattern: UInt32(littleEndian: raw)))
                    guard position[axis].isFinite else {
                        throw .malformed(.stl, .byte(offset + 4 * axis), "a coordinate is NaN or infinite.")
                    }
                }
                corners.append(position)
            }
            try builder.add(corners, at: .byte(84 + 50 * face))
        }
        return builder.mesh
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) throws(MeshFileError) -> TriangleMesh {
        var parser = TextParser(scanner: TextScanner(bytes.bindMemory(to: UInt8.self)))
        var builder = WeldedMeshBuilder()
        try parser.expect("solid", otherwise: binaryHint(bytes))
        parser.scanner.skipLine()
        var isOpen = true
        while parser.scanner.skipSpace() {
            switch parser.word() {
            case "facet" where isOpen: try builder.add(try parser.facet(), at: .line(parser.scanner.line))
            case "endsolid" where isOpen, "solid" where !isOpen:
                isOpen.toggle()
                parser.scanner.skipLine()
            default: throw parser.error(isOpen ? "expected facet or endsolid." : "expected solid or the end.")
            }
        }
        guard !isOpen else { throw parser.error("the file ends without endsolid; it may have been cut off.") }
        return builder.mesh
    }

    private static func binaryHint(_ bytes: UnsafeRawBufferPointer) -> String {
        guard bytes.count >= 84 else { return "expected solid, or 84 bytes of binary header." }
        let declared = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 80, as: UInt32.self))
        return "neither text (solid …) nor binary: \(declared) faces need \(84 + 50 * Int(declared)) bytes, "
            + "the file has \(bytes.count)."
    }

    private struct TextParser {
        var scanner: TextScanner

        /// The next word in lower case; empty at the end.
        mutating func word() -> String {
            guard let token = scanner.token(), token.count <= 16 else { return "" }
            return String(decoding: token, as: UTF8.self).lowercased()
        }

        mutating func expect(_ expected: String, otherwise: String? = nil) throws(MeshFileError) {
            guard word() == expected else { throw error(otherwise ?? "expected \(expected).") }
        }

        /// The corners of a facet whose first word is read.
        mutating func facet() throws(MeshFileError) -> [SIMD3<Double>] {
            try expect("normal")
            for _ in 0..<3 where scanner.token() == nil { throw error("the file ends within a facet.") }
            try expect("outer")
            try expect("loop")
            var corners: [SIMD3<Double>] = []
            for _ in 0..<3 {
                try expect("vertex")
                var position = SIMD3<Double>.zero
                for axis in 0..<3 {
                    guard let token = scanner.token(), let value = TextScanner.number(token) else {
                        throw error("expected a finite coordinate.")
                    }
                    position[axis] = value
                }
                corners.append(position)
            }
            try expect("endloop")
            try expect("endfacet")
            return corners
        }

        func error(_ reason: String) -> MeshFileError { .malformed(.stl, .line(scanner.line), reason) }
    }
}
