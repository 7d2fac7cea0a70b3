// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Points of a picture sorted into square cells, row by row, to find those near a line or a place without looking at all.
package struct KeypointGrid {
    /// Numbers of the points in the order of their cells, ascending in each.
    package let order: [Int32]
    /// The points in that order.
    package let points: [SIMD2<Double>]
    private let origin: SIMD2<Double>
    private let cell: Double
    private let columns: Int
    private let rows: Int
    /// Points of cell `c` have places `starts[c] ..< starts[c + 1]` in the order.
    private let starts: [Int32]

    /// Sorts points into about one cell each, but no more than 2²⁰ cells.
    ///
    /// - Precondition: all positions are finite.
    package init(_ points: [SIMD2<Double>]) {
        var (low, high) = (SIMD2(repeating: Double.infinity), SIMD2(repeating: -Double.infinity))
        for point in points {
            low = pointwiseMin(low, point)
            high = pointwiseMax(high, point)
        }
        let size = points.isEmpty ? SIMD2<Double>.zero : high - low
        origin = points.isEmpty ? .zero : low
        let area = max(size.x * size.y, 1e-9)
        let longest = max(size.x, size.y, 1e-3)
        cell = max((area / Double(max(points.count, 1))).squareRoot(), longest / 1000)
        columns = Int(size.x / cell) + 1
        rows = Int(size.y / cell) + 1
        let (origin, cell, columns, rows) = (origin, cell, columns, rows)
        let cells = points.map { point in
            let place = (point - origin) / cell
            return min(rows - 1, Int(place.y)) * columns + min(columns - 1, Int(place.x))
        }
        var starts = [Int32](repeating: 0, count: columns * rows + 1)
        for cell in cells { starts[cell + 1] += 1 }
        for cell in 0..<columns * rows { starts[cell + 1] += starts[cell] }
        var next = starts
        var order = [Int32](repeating: 0, count: points.count)
        for (index, cell) in cells.enumerated() {
            order[Int(next[cell])] = Int32(index)
            next[cell] += 1
        }
        self.starts = starts
        self.order = order
        self.points = order.map { points[Int($0)] }
    }

    /// Calls `body` with ranges of places in the order that hold at least all points within `distance` of the line
    /// `line · (x, y, 1) = 0`, each once.
    @inline(__always) package func visit(near line: SIMD3<Double>, distance: Double, _ body: (Range<Int>) -> Void) {
        guard line.isFinite else { return }
        // With (x, y) in cells: a x + b y + c within ± reach.
        let (a, b) = (line.x * cell, line.y * cell)
        let c = line.x * origin.x + line.y * origin.y + line.z
        let reach = distance * (line.x * line.x + line.y * line.y).squareRoot()
        for row in 0..<rows {
            let (top, bottom) = (-c - b * Double(row), -c - b * Double(row + 1))
            let (low, high) = (min(top, bottom) - reach, max(top, bottom) + reach)
            if a == 0 {
                if low <= 0, high >= 0 { visit(row: row, from: 0, to: Double(columns), body) }
            } else {
                visit(row: row, from: min(low / a, high / a), to: max(low / a, high / a), body)
            }
        }
    }

    /// Calls `body` with ranges of places in the order that hold at least all points within `distance` of `place`.
    @inline(__always) package func visit(near place: SIMD2<Double>, distance: Double, _ body: (Range<Int>) -> Void) {
        let (low, high) = ((place - origin - distance) / cell, (place - origin + distance) / cell)
        guard low.y < Double(rows), high.y >= 0 else { return }
        for row in max(0, Int(low.y))...Int(min(high.y, Double(rows - 1))) {
            visit(row: row, from: low.x, to: high.x, body)
        }
    }

    /// Cells of one row that meet `from ... to`, in cells from the origin.
    @inline(__always) private func visit(row: Int, from: Double, to: Double, _ body: (Range<Int>) -> Void) {
        guard from < Double(columns), to >= 0 else { return }
        let first = row * columns + Int(max(from, 0))
        let last = row * columns + Int(min(to, Double(columns - 1)))
        let places = Int(starts[first])..<Int(starts[last + 1])
        if !places.isEmpty { body(places) }
    }
}
