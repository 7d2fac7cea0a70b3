// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Geometry
import Storage

/// Where the drawings of a set of sections lie in the world: JSON or CSV, one row for each drawing or layer of one.
struct PlaneTable {
    /// One drawing, or the part of it in one layer.
    struct Row {
        var file: String
        /// Id or Inkscape label of a group or shape; `nil` for the whole drawing.
        var layer: String?
        var label: Int
        /// World position of the drawing's point (0, 0).
        var origin: SIMD3<Double>
        /// World vectors for one unit of the drawing to the right and down.
        var right, down: SIMD3<Double>
    }

    /// Names that are looked for in a folder.
    static let fileNames = ["planes.json", "planes.csv"]
    private static let (largestLength, mostRows) = (16 << 20, 100_000)

    let rows: [Row]

    /// Reads the table at `path`, as CSV when its name says so.
    static func read(_ path: String) throws -> PlaneTable {
        let bytes = try InputFile.read(path, limit: largestLength)
        return try path.lowercased().hasSuffix(".csv") ? PlaneTable(csv: bytes) : PlaneTable(json: bytes)
    }

    /// Whether a file's name is that of a table.
    static func recognizes(_ path: String) -> Bool {
        let name = path.lowercased()
        return name.hasSuffix(".csv") || name.hasSuffix(".json")
    }

    // MARK: JSON

    private struct Document: Decodable {
        var planes: [Plane]
    }

    private struct Plane: Decodable {
        var file: String
        var layer: String?
        var label: Int?
        var origin: SIMD3<Double>?
        var x: SIMD3<Double>?
        var y: SIMD3<Double>?
        var equation: SIMD4<Double>?
    }

    init(json bytes: [UInt8]) throws(SVGError) {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {
            throw .table("it is not JSON with \"planes\", a list of objects with \"file\" and the plane")
        }
        try self.init(planes: document.planes)
    }

    // MARK: CSV

    private static let vectors = ["origin": ["ox", "oy", "oz"], "x": ["xx", "xy", "xz"], "y": ["yx", "yy", "yz"]]

    init(csv bytes: [UInt8]) throws(SVGError) {
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        func cells(_ line: Substring) -> [String] {
            line.split(separator: ",", omittingEmptySubsequences: false).map { Self.trimmed($0) }
        }
        guard let first = lines.first, lines.count <= Self.mostRows else {
            throw .table("it has no rows, or more than \(Self.mostRows)")
        }
        let header = cells(first)
        var planes: [Plane] = []
        for (number, line) in lines.enumerated().dropFirst() {
            let values = Dictionary(zip(header, cells(line)).filter { !$0.1.isEmpty }) { first, _ in first }
            guard let file = values["file"] else { throw .table("row \(number + 1) names no file") }
            func numbers(_ names: [String]) throws(SVGError) -> [Double]? {
                let texts = names.compactMap { values[$0] }
                if texts.isEmpty { return nil }
                let numbers = texts.compactMap { text in
                    Array(text.utf8).withUnsafeBufferPointer { TextScanner.number($0) }
                }
                guard numbers.count == names.count else {
                    throw .table("row \(number + 1): the columns \(names.joined(separator: ", ")) must all be numbers")
                }
                return numbers
            }
            func vector(_ name: String) throws(SVGError) -> SIMD3<Double>? {
                try numbers(Self.vectors[name] ?? []).map { SIMD3($0[0], $0[1], $0[2]) }
            }
            let equation = try numbers(["a", "b", "c", "d"]).map { SIMD4($0[0], $0[1], $0[2], $0[3]) }
            planes.append(
                Plane(
                    file: file, layer: values["layer"], label: values["label"].map { Int($0) ?? 0 },
                    origin: try vector("origin"), x: try vector("x"), y: try vector("y"), equation: equation))
        }
        try self.init(planes: planes)
    }

    /// Without white space, the quotation marks that some spreadsheets put around cells, and a mark of UTF-8.
    private static func trimmed(_ cell: Substring) -> String {
        let isPadding = { (c: Character) in c.isWhitespace || c == "\"" || c == "\u{FEFF}" }
        guard let end = cell.lastIndex(where: { !isPadding($0) }) else { return "" }
        return String(cell[...end].drop(while: isPadding))
    }

    // MARK: Rows

    private init(planes: [Plane]) throws(SVGError) {
        guard planes.count <= Self.mostRows else { throw .table("more than \(Self.mostRows) rows") }
        var rows: [Row] = []
        for (number, plane) in planes.enumerated() {
            let subject = "plane \(number + 1)"
            guard !plane.file.isEmpty, !plane.file.contains("/"), !plane.file.contains("\0"), plane.file != ".." else {
                throw .table("\(subject): \"\(plane.file)\" is not the name of a file in the same folder")
            }
            let label = plane.label ?? 1
            guard (1...Int(Int32.max)).contains(label) else { throw .table("\(subject): labels are numbers from 1") }
            let frame = try Self.frame(plane, subject)
            rows.append(
                Row(
                    file: plane.file, layer: plane.layer, label: label, origin: frame.origin, right: frame.right,
                    down: frame.down))
        }
        self.rows = rows
    }

    private static func frame(
        _ plane: Plane, _ subject: String
    ) throws(SVGError) -> (origin: SIMD3<Double>, right: SIMD3<Double>, down: SIMD3<Double>) {
        var result: (origin: SIMD3<Double>, right: SIMD3<Double>, down: SIMD3<Double>)
        if let origin = plane.origin, let right = plane.x, let down = plane.y, plane.equation == nil {
            result = (origin, right, down)
        } else if let equation = plane.equation, plane.origin == nil, plane.x == nil, plane.y == nil {
            let normal = SIMD3(equation.x, equation.y, equation.z)
            let square = normal.dot(normal)
            // The foot of the world's origin, and the world's x-axis as it lies in the plane: or y, when x is steeper.
            let axis = abs(normal.x) > abs(normal.y) ? SIMD3<Double>(0, 1, 0) : SIMD3(1, 0, 0)
            guard square > 1e-280, square < 1e280 else { throw .table("\(subject): the equation has no normal") }
            let right = (axis - (axis.dot(normal) / square) * normal).normalized
            result = ((-equation.w / square) * normal, right, normal.cross(right) / square.squareRoot())
        } else {
            throw .table("\(subject): give either origin, x and y (ox … yz in CSV), or the equation (a, b, c, d)")
        }
        let area = result.right.cross(result.down).length
        let numbers = [result.origin, result.right, result.down].flatMap { [$0.x, $0.y, $0.z] }
        guard numbers.allSatisfy({ abs($0) <= 1e30 }), area > 1e-6 * result.right.length * result.down.length else {
            throw .table("\(subject): x and y do not span a plane, or a number is beyond 1e30")
        }
        return result
    }
}
