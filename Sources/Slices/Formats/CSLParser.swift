// SPDX-License-Identifier: Apache-2.0

import Storage

/// The grammar of CSL text.
///
/// ```
/// file      := "CSLC"  planes labels  plane*
/// plane     := number vertices components A B C D     one line
///              x y z                                  one line for each vertex
///              component                              one line for each component
/// component := n ["h" parent] label i0 i1 … i(n−1)    indices from 0 within the plane
/// ```
///
/// Blank lines may stand anywhere. Every record has its own line, so that a wrong count is noticed where it happens.
/// Anything but white space after the last plane is an error: it means that a count above it is wrong.
struct CSLParser {
    /// Largest magnitude of a coordinate; products of three of them stay finite.
    static let largestCoordinate = 1e30
    /// Largest label; regions keep labels in 32 bits.
    static let largestLabel = Int(Int32.max)

    private var scanner: TextScanner

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        scanner = TextScanner(bytes)
    }

    static func parse(_ bytes: [UInt8]) throws(SliceFileError) -> CSLDocument {
        try bytes.withUnsafeBufferPointer { buffer throws(SliceFileError) in
            var parser = CSLParser(buffer)
            return try parser.document()
        }
    }

    private mutating func document() throws(SliceFileError) -> CSLDocument {
        guard let magic = scanner.token() else { throw failure("file", "the word CSLC", "nothing") }
        guard magic.elementsEqual("CSLC".utf8) else { throw failure("file", "the word CSLC", quoted(magic)) }
        try begin("header", expecting: "the number of planes and the number of labels")
        // The shortest plane, "1 0 0 0 0 1 0" and a line end, takes 14 bytes.
        let count = try self.count("number of planes", bytesEach: 14)
        let labels = try integer("number of labels", atLeast: 0)
        try endLine("header", expecting: "2 numbers", soFar: 2)
        var planes: [CSLDocument.Plane] = []
        planes.reserveCapacity(count)
        for index in 0..<count { planes.append(try plane(index + 1, of: count)) }
        if scanner.skipSpace() {
            let found = scanner.token().map(quoted) ?? "more"
            throw failure("after plane \(count), the last one", "the end of the file", found)
        }
        return CSLDocument(declaredLabels: labels, planes: planes)
    }

    private mutating func plane(_ number: Int, of count: Int) throws(SliceFileError) -> CSLDocument.Plane {
        let subject = "plane \(number) of \(count)"
        try begin(subject, expecting: "number, vertex count, component count and A B C D")
        let statedNumber = try integer("number of \(subject)", atLeast: 0)
        // "0 0 0" and a line end; "1 1 0" and a line end.
        let vertexCount = try self.count("vertex count of plane \(number)", bytesEach: 6)
        let componentCount = try self.count("component count of plane \(number)", bytesEach: 6)
        var equation = SIMD4<Double>()
        for axis in 0..<4 {
            guard let token = scanner.tokenOnLine() else {
                throw failure(subject, "3 counts and 4 coefficients", "\(3 + axis) numbers")
            }
            equation[axis] = try coordinate(token, "coefficient \(axis + 1) of plane \(number)")
        }
        try endLine(subject, expecting: "3 counts and 4 coefficients", soFar: 7)
        var vertices: [SIMD3<Double>] = []
        vertices.reserveCapacity(vertexCount)
        for index in 0..<vertexCount { vertices.append(try vertex(index, ofPlane: number)) }
        var components: [CSLDocument.Component] = []
        components.reserveCapacity(componentCount)
        var lines: [Int] = []
        for index in 0..<componentCount {
            components.append(try component(index, ofPlane: number, vertexCount: vertexCount, of: componentCount))
            lines.append(scanner.line)
        }
        try checkParents(components, lines: lines, plane: number)
        return CSLDocument.Plane(
            statedNumber: statedNumber, equation: equation, vertices: vertices, components: components)
    }

    private mutating func vertex(_ index: Int, ofPlane plane: Int) throws(SliceFileError) -> SIMD3<Double> {
        var result = SIMD3<Double>()
        guard scanner.skipSpace() else {
            throw failure("vertex \(index + 1) of plane \(plane)", "3 numbers", "the end of the file")
        }
        for axis in 0..<3 {
            guard let token = scanner.tokenOnLine() else {
                throw failure("vertex \(index + 1) of plane \(plane)", "3 numbers", "\(axis)")
            }
            guard let value = TextScanner.number(token), abs(value) <= Self.largestCoordinate else {
                result[axis] = try coordinate(token, "vertex \(index + 1) of plane \(plane)")
                continue
            }
            result[axis] = value
        }
        if let extra = scanner.tokenOnLine() {
            throw failure("vertex \(index + 1) of plane \(plane)", "3 numbers", "one more, \(quoted(extra))")
        }
        return result
    }

    private mutating func component(
        _ index: Int, ofPlane plane: Int, vertexCount: Int, of total: Int
    ) throws(SliceFileError) -> CSLDocument.Component {
        let subject = "component \(index + 1) of plane \(plane)"
        try begin(subject, expecting: "corner count, label and vertex indices")
        guard let head = scanner.tokenOnLine() else { throw failure(subject, "a corner count", "nothing") }
        let mark = head.firstIndex(of: UInt8(ascii: "h"))
        let digits = UnsafeBufferPointer(rebasing: head[..<(mark ?? head.endIndex)])
        guard let corners = TextScanner.integer(digits), corners >= 1 else {
            throw failure("corner count of \(subject)", "a whole number of at least 1", quoted(head))
        }
        // Each index takes a blank and a digit.
        guard corners <= scanner.remaining / 2 else {
            throw failure(
                "corner count of \(subject)",
                "at most \(scanner.remaining / 2), as \(scanner.remaining) bytes are left",
                quoted(head))
        }
        var parent: Int?
        if let mark {
            guard let value = TextScanner.integer(UnsafeBufferPointer(rebasing: head[(mark + 1)...])),
                (0..<total).contains(value)
            else {
                throw failure(
                    "\(subject), a hole", "the parent as a number from 0 to \(total - 1) after the h", quoted(head))
            }
            parent = value
        }
        // 0 stands for outside; on a hole the label is not used.
        let label = try integer("label of \(subject)", atLeast: parent == nil ? 1 : 0)
        guard label <= Self.largestLabel else {
            throw failure("label of \(subject)", "at most \(Self.largestLabel)", "\(label)")
        }
        var indices: [Int] = []
        indices.reserveCapacity(corners)
        while indices.count < corners {
            guard let token = scanner.tokenOnLine() else {
                throw failure(subject, "\(corners) vertex indices", "\(indices.count)")
            }
            guard let value = TextScanner.integer(token), (0..<vertexCount).contains(value) else {
                let expected =
                    vertexCount == 0
                    ? "no index, as the plane has no vertices" : "a number from 0 to \(vertexCount - 1)"
                throw failure("index \(indices.count + 1) of \(subject)", expected, quoted(token))
            }
            indices.append(value)
        }
        try endLine(subject, expecting: "\(corners) vertex indices", soFar: corners)
        return CSLDocument.Component(parent: parent, label: label, indices: indices)
    }

    private func checkParents(
        _ components: [CSLDocument.Component], lines: [Int], plane: Int
    ) throws(SliceFileError) {
        for (index, component) in components.enumerated() {
            guard let parent = component.parent, components[parent].parent != nil else { continue }
            throw .syntax(
                line: lines[index], subject: "component \(index + 1) of plane \(plane), a hole",
                expected: "an outer contour as its parent", found: "h\(parent), a hole itself")
        }
    }
}

// MARK: - Tokens

extension CSLParser {
    /// Skips to the next record and throws when there is none.
    private mutating func begin(_ subject: String, expecting expected: String) throws(SliceFileError) {
        guard scanner.skipSpace() else { throw failure(subject, expected, "the end of the file") }
    }

    private mutating func endLine(
        _ subject: @autoclosure () -> String, expecting expected: @autoclosure () -> String, soFar: Int
    ) throws(SliceFileError) {
        var extra = 0
        while extra < 1000, scanner.tokenOnLine() != nil { extra += 1 }
        if extra > 0 { throw failure(subject(), expected(), "\(soFar + extra)") }
    }

    private mutating func integer(_ subject: @autoclosure () -> String, atLeast least: Int) throws(SliceFileError)
        -> Int
    {
        guard let token = scanner.tokenOnLine() else {
            throw failure(subject(), "a whole number of at least \(least)", "the end of the line")
        }
        guard let value = TextScanner.integer(token), value >= least else {
            throw failure(subject(), "a whole number of at least \(least)", quoted(token))
        }
        return value
    }

    /// A count that the remaining bytes can hold, so that nobody allocates what a file only claims.
    private mutating func count(
        _ subject: @autoclosure () -> String, bytesEach: Int
    ) throws(SliceFileError) -> Int {
        let value = try integer(subject(), atLeast: 0)
        // The last record needs no line end.
        let most = (scanner.remaining + 1) / bytesEach
        guard value <= most else {
            throw failure(subject(), "at most \(most), as \(scanner.remaining) bytes are left", "\(value)")
        }
        return value
    }

    private func coordinate(
        _ token: UnsafeBufferPointer<UInt8>, _ subject: @autoclosure () -> String
    ) throws(SliceFileError) -> Double {
        guard let value = TextScanner.number(token) else { throw failure(subject(), "a finite number", quoted(token)) }
        guard abs(value) <= Self.largestCoordinate else {
            throw failure(subject(), "a magnitude of at most \(Self.largestCoordinate)", quoted(token))
        }
        return value
    }

    private func failure(_ subject: String, _ expected: String, _ found: String) -> SliceFileError {
        .syntax(line: scanner.line, subject: subject, expected: expected, found: found)
    }

    /// The token in quotation marks, shortened, with anything unprintable replaced.
    private func quoted(_ token: UnsafeBufferPointer<UInt8>) -> String {
        let shown = token.prefix(24).map { (0x21...0x7E).contains($0) ? Character(UnicodeScalar($0)) : "?" }
        return "\"" + String(shown) + (token.count > 24 ? "…" : "") + "\""
    }
}
