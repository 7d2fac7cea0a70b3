// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Points of a picture sorted into square cells, to find those near a line or a place without looking at all.
struct KeypointGrid {
    private let origin: SIMD2<Double>
    private let cell: Double
    private let columns: Int
    private let rows: Int
    /// Points of cell `c` are `order[starts[c] ..< starts[c + 1]]`, ascending.
    private let starts: [Int32]
    private let order: [Int32]

    /// Sorts points into about one cell each, but no more than 2²⁰ cells.
    ///
    /// - Precondition: all positions are finite.
    init(_ points: [SIMD2<Double>]) {
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
    }

    /// Calls `body` with at least all points within `distance` of the line `line · (x, y, 1) = 0`, some others too, each once.
    func visit(near line: SIMD3<Double>, distance: Double, _ body: (Int) -> Void) {
        let alongX = abs(line.y) >= abs(line.x)
        let (a, b) = alongX ? (line.x, line.y) : (line.y, line.x)
        guard b != 0, line.isFinite else { return }
        // The line as v = slope · u + offset in cells from the origin, and the half height of the band around it.
        let slope = -a / b
        let start = alongX ? origin : SIMD2(origin.y, origin.x)
        let offset = (-line.z / b + slope * start.x - start.y) / cell
        let reach = distance * (1 + slope * slope).squareRoot() / cell
        let (along, across) = alongX ? (columns, rows) : (rows, columns)
        for u in 0..<along {
            let (v0, v1) = (slope * Double(u) + offset, slope * Double(u + 1) + offset)
            let (low, high) = (min(v0, v1) - reach, max(v0, v1) + reach)
            guard high >= 0, low < Double(across) else { continue }
            let (from, to) = (max(0, Int(low.rounded(.down))), Int(min(high, Double(across - 1))))
            guard from <= to else { continue }
            if alongX {
                for v in from...to { visit(cell: v * columns + u, body) }
            } else {
                let row = u * columns
                for place in starts[row + from]..<starts[row + to + 1] { body(Int(order[Int(place)])) }
            }
        }
    }

    /// Calls `body` with at least all points within `distance` of `place`, some others too, each once.
    func visit(near place: SIMD2<Double>, distance: Double, _ body: (Int) -> Void) {
        let (low, high) = ((place - origin - distance) / cell, (place - origin + distance) / cell)
        guard low.x < Double(columns), low.y < Double(rows), high.x >= 0, high.y >= 0 else { return }
        let from = (x: max(0, Int(low.x)), y: max(0, Int(low.y)))
        let to = (x: Int(min(high.x, Double(columns - 1))), y: Int(min(high.y, Double(rows - 1))))
        for y in from.y...max(from.y, to.y) {
            let row = y * columns
            for place in starts[row + from.x]..<starts[row + max(from.x, to.x) + 1] { body(Int(order[Int(place)])) }
        }
    }

    @inline(__always) private func visit(cell: Int, _ body: (Int) -> Void) {
        for place in starts[cell]..<starts[cell + 1] { body(Int(order[Int(place)])) }
    }
}
