// SPDX-License-Identifier: Apache-2.0

/// A closed line of cubic Bézier curves; straight pieces have their inner control points on their ends.
struct SVGOutline {
    /// A piece, from the end of the one before.
    struct Piece {
        var first, second, end: SIMD2<Double>
    }

    var start: SIMD2<Double>
    var pieces: [Piece] = []

    var end: SIMD2<Double> { pieces.last?.end ?? start }

    mutating func line(to point: SIMD2<Double>) { pieces.append(Piece(first: end, second: point, end: point)) }

    mutating func curve(_ first: SIMD2<Double>, _ second: SIMD2<Double>, to point: SIMD2<Double>) {
        pieces.append(Piece(first: first, second: second, end: point))
    }

    func transformed(by transform: PlanarTransform) -> SVGOutline {
        SVGOutline(
            start: transform(start),
            pieces: pieces.map {
                Piece(first: transform($0.first), second: transform($0.second), end: transform($0.end))
            })
    }

    /// Corners of a polygon that is nowhere farther than `tolerance` from the curve; the last edge closes it.
    ///
    /// A curve cut into n equal steps of its parameter is within `|second derivative| / (8 n²)` of its chords, and the
    /// second derivative of a cubic is at most 6 times the largest second difference of its control points.
    func corners(tolerance: Double) -> [SIMD2<Double>] {
        var result = [start]
        var from = start
        for piece in pieces {
            let bend = [from - 2 * piece.first + piece.second, piece.first - 2 * piece.second + piece.end]
            // Control points on the ends of a straight piece bend its speed, not its line.
            let isStraight = piece.first == from && piece.second == piece.end
            let largest = bend.map { ($0 * $0).sum().squareRoot() }.max() ?? 0
            let steps = isStraight ? 1 : Int(min(max((0.75 * largest / tolerance).squareRoot().rounded(.up), 1), 1000))
            for step in 1..<max(steps, 1) {
                let t = Double(step) / Double(steps)
                let s = 1 - t
                var point = s * s * s * from + (3 * s * s * t) * piece.first
                point += (3 * s * t * t) * piece.second + t * t * t * piece.end
                result.append(point)
            }
            result.append(piece.end)
            from = piece.end
        }
        var distinct: [SIMD2<Double>] = []
        for point in result where distinct.last != point { distinct.append(point) }
        while distinct.count > 1, distinct.first == distinct.last { distinct.removeLast() }
        return distinct
    }
}
