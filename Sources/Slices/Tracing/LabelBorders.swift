// SPDX-License-Identifier: Apache-2.0

/// The borders between labels in a picture, as marching squares with any number of labels draw them.
///
/// Corners are half-way between the centres of neighbouring pixels with different labels, and in the middle of four
/// pixels where three or more labels meet. Of two labels that touch, both have the very same corners. Where four pixels
/// are alike across one diagonal only, these are connected; across both, those with the greater code are, so that thin
/// oblique parts do not fall into beads. Outside the picture everything is code 0.
///
/// Positions are in half pixels: the centre of pixel (column, row) is at (2 · column, 2 · row).
struct LabelBorders {
    /// A closed line around pixels with one code, with the inside to its left when rows run upwards.
    struct Contour {
        var code: UInt16
        /// In half pixels; no corner on a straight line between its neighbours, unless other labels end there.
        var corners: [SIMD2<Int32>]
        /// For a hole, the place of the contour around it in the list.
        var parent: Int?
    }

    /// A directed piece of border of one label.
    private struct Piece {
        var code: UInt16
        var start, end: Int
    }

    private let codes: [UInt16]
    private let width, height: Int
    /// Ascending by code, then start; no two are alike in both.
    private let pieces: [Piece]

    /// - Precondition: `codes` are `[height × width]`.
    init(_ codes: [UInt16], width: Int, height: Int) {
        precondition(codes.count == width * height, "codes fill the picture")
        self.codes = codes
        self.width = width
        self.height = height
        let pieces = Self.pieces(codes, width: width, height: height)
        self.pieces = pieces.sorted { ($0.code, $0.start) < ($1.code, $1.start) }
    }

    /// All contours, by code and then by first corner; a label's contours do not touch one another.
    func contours() -> [Contour] {
        var ownerOfPiece = [Int](repeating: -1, count: pieces.count)
        var contours: [Contour] = []
        var leftmost: [Int] = []
        for first in pieces.indices where ownerOfPiece[first] < 0 {
            var corners: [Int] = []
            var piece = first
            repeat {
                ownerOfPiece[piece] = contours.count
                corners.append(pieces[piece].start)
                piece = place(ofCode: pieces[piece].code, start: pieces[piece].end)
            } while piece != first
            leftmost.append(corners.filter { isBesidePixels($0) }.min { x(of: $0) < x(of: $1) } ?? corners[0])
            contours.append(Contour(code: pieces[first].code, corners: simplified(corners)))
        }
        // What bounds the pixels to the left of a hole is the contour around it, or a hole that begins further left.
        let holes = contours.indices.filter { Self.isHole(contours[$0].corners) }
        for hole in holes.sorted(by: { x(of: leftmost[$0]) < x(of: leftmost[$1]) }) {
            let neighbour = contour(leftOf: leftmost[hole], code: contours[hole].code, ownerOfPiece)
            contours[hole].parent = contours[neighbour].parent ?? neighbour
        }
        return contours
    }
}

// MARK: - Pieces

extension LabelBorders {
    /// Number of the position (x, y), in half pixels from −2.
    private static func position(_ x: Int, _ y: Int, width: Int) -> Int { (y + 2) * (2 * width + 4) + x + 2 }

    private func x(of position: Int) -> Int { position % (2 * width + 4) - 2 }
    private func y(of position: Int) -> Int { position / (2 * width + 4) - 2 }

    /// Whether the position is between two pixels of the same row.
    private func isBesidePixels(_ position: Int) -> Bool { x(of: position) & 1 != 0 && y(of: position) & 1 == 0 }

    private static func pieces(_ codes: [UInt16], width: Int, height: Int) -> [Piece] {
        var result: [Piece] = []
        codes.withUnsafeBufferPointer { codes in
            func code(_ column: Int, _ row: Int) -> UInt16 {
                guard column >= 0, column < width, row >= 0, row < height else { return 0 }
                return codes[row * width + column]
            }
            for row in -1..<height {
                var (low, high) = (code(-1, row), code(-1, row + 1))
                for column in -1..<width {
                    let (nextLow, nextHigh) = (code(column + 1, row), code(column + 1, row + 1))
                    if low != nextLow || low != high || low != nextHigh {
                        let cell = Cell(corners: (low, nextLow, nextHigh, high))
                        cell.forEachPiece { code, from, to in
                            result.append(
                                Piece(
                                    code: code,
                                    start: position(2 * column + from.x, 2 * row + from.y, width: width),
                                    end: position(2 * column + to.x, 2 * row + to.y, width: width)))
                        }
                    }
                    (low, high) = (nextLow, nextHigh)
                }
            }
        }
        return result
    }

    /// The square between the centres of four pixels.
    private struct Cell {
        /// Around, from (0, 0) by (2, 0) and (2, 2) to (0, 2), in half pixels.
        let corners: (UInt16, UInt16, UInt16, UInt16)

        /// Middles of the sides, each after the corner with its number.
        private static let middles = [(x: 1, y: 0), (x: 2, y: 1), (x: 1, y: 2), (x: 0, y: 1)]

        private subscript(corner: Int) -> UInt16 {
            switch corner & 3 {
            case 0: corners.0
            case 1: corners.1
            case 2: corners.2
            default: corners.3
            }
        }

        /// Calls `body` with each piece of border, for each label but 0 that has one.
        func forEachPiece(_ body: (UInt16, (x: Int, y: Int), (x: Int, y: Int)) -> Void) {
            let changes = (0..<4).filter { self[$0] != self[$0 + 1] }
            let joined = changes.count == 4 ? joinedDiagonal : nil
            for index in changes.indices {
                // A run of equal corners begins after this change and ends at the next one.
                let entry = changes[index]
                let exit = changes[(index + 1) % changes.count]
                let code = self[entry + 1]
                guard code != 0 else { continue }
                // The inside is to the left: from the side after the run to the side before it.
                let (start, end) = (Self.middles[exit], Self.middles[entry])
                if changes.count == 2 {
                    body(code, start, end)
                } else if let joined {
                    if (entry + 1) & 1 == joined {
                        // With the corner across, around the corner that follows.
                        body(code, start, Self.middles[(exit + 1) & 3])
                    } else {
                        body(code, start, end)
                    }
                } else {
                    body(code, start, (1, 1))
                    body(code, (1, 1), end)
                }
            }
        }

        /// Of four changes: 0 when corners 0 and 2 are one region, 1 when 1 and 3 are, `nil` when all four are apart.
        private var joinedDiagonal: Int? {
            switch (self[0] == self[2], self[1] == self[3]) {
            case (true, true): self[0] > self[1] ? 0 : 1
            case (true, false): 0
            case (false, true): 1
            case (false, false): nil
            }
        }
    }
}

// MARK: - Contours

extension LabelBorders {
    /// The piece of a label that starts at a position, by binary search.
    private func place(ofCode code: UInt16, start: Int) -> Int {
        var (low, high) = (0, pieces.count)
        while low < high {
            let middle = (low + high) / 2
            if (pieces[middle].code, pieces[middle].start) < (code, start) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The contour of `code` that bounds the row of equal pixels which ends at `position` on its right.
    private func contour(leftOf position: Int, code: UInt16, _ ownerOfPiece: [Int]) -> Int {
        let row = y(of: position) / 2
        var column = (x(of: position) - 1) / 2
        while column > 0, codes[row * width + column - 1] == code { column -= 1 }
        let border = Self.position(2 * column - 1, 2 * row, width: width)
        return ownerOfPiece[place(ofCode: code, start: border)]
    }

    /// Without middles of sides through which the border passes straight: those who share it drop the same ones.
    private func simplified(_ positions: [Int]) -> [SIMD2<Int32>] {
        let points = positions.map { SIMD2(Int32(x(of: $0)), Int32(y(of: $0))) }
        var kept: [SIMD2<Int32>] = []
        for (index, point) in points.enumerated() {
            let before = point &- points[index == 0 ? points.count - 1 : index - 1]
            let after = points[index + 1 == points.count ? 0 : index + 1] &- point
            let isStraight = before.x * after.y == before.y * after.x
            let isJunction = point.x & 1 != 0 && point.y & 1 != 0
            if isJunction || !isStraight { kept.append(point) }
        }
        return kept
    }

    /// Whether the line runs clockwise, with rows upwards.
    private static func isHole(_ corners: [SIMD2<Int32>]) -> Bool {
        var twice = 0
        for (index, corner) in corners.enumerated() {
            let next = corners[index + 1 == corners.count ? 0 : index + 1]
            twice += Int(corner.x) * Int(next.y) - Int(corner.y) * Int(next.x)
        }
        return twice < 0
    }
}
