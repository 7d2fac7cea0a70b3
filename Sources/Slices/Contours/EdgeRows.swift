// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Even-odd point location for polygons with labels: inside when inside an odd number of contours of any one label.
///
/// Edges are filed by horizontal rows, so that a query looks only at the few edges of its own row. An edge counts for
/// heights from its lower end, included, to its upper end, excluded; so a ray through a corner is counted once. The
/// answer does not depend on the direction or the starting corner of a contour.
struct EdgeRows: Sendable {
    private struct Edge: Sendable {
        var low: SIMD2<Double>
        var high: SIMD2<Double>
        var label: Int32
    }

    /// More rows than this do not pay: at 600 edges a row holds three or four.
    private static let largestRowCount = 512

    private var edges: [Edge] = []
    private var rowStarts: [UInt32] = [0, 0]
    private var rowEdges: [UInt32] = []
    private var lower = SIMD2<Double>(repeating: .infinity)
    private var upper = SIMD2<Double>(repeating: -.infinity)
    private var rowsPerUnit = 0.0
    private var lastRow = 0

    init(_ polygons: [SlicePolygon]) {
        for polygon in polygons.sorted(by: { $0.label < $1.label }) {
            guard var previous = polygon.points.last else { continue }
            for point in polygon.points {
                let (low, high) = previous.y < point.y ? (previous, point) : (point, previous)
                if low.y < high.y {
                    edges.append(Edge(low: low, high: high, label: Int32(truncatingIfNeeded: polygon.label)))
                }
                lower = pointwiseMin(lower, point)
                upper = pointwiseMax(upper, point)
                previous = point
            }
        }
        guard !edges.isEmpty else { return }
        fileByRow()
    }

    private mutating func fileByRow() {
        let height = upper.y - lower.y
        var total = 0.0
        for edge in edges { total += edge.high.y - edge.low.y }
        // Long edges lie in many rows; the bound keeps memory linear in the number of edges.
        let affordable = Double(16 * edges.count + 4096) * height / total
        let rowCount = max(1, min(Self.largestRowCount, 2 * edges.count, Int(min(affordable, 1e6))))
        rowsPerUnit = Double(rowCount) / height
        lastRow = rowCount - 1
        if !rowsPerUnit.isFinite {
            rowsPerUnit = 0
            lastRow = 0
        }
        var counts = [UInt32](repeating: 0, count: lastRow + 2)
        for edge in edges { for row in row(edge.low.y)...row(edge.high.y) { counts[row + 1] += 1 } }
        for row in 0...lastRow { counts[row + 1] += counts[row] }
        rowStarts = counts
        rowEdges = [UInt32](repeating: 0, count: Int(counts[lastRow + 1]))
        // Edges are sorted by label, so each row is, too.
        for (index, edge) in edges.enumerated() {
            for row in row(edge.low.y)...row(edge.high.y) {
                rowEdges[Int(counts[row])] = UInt32(index)
                counts[row] += 1
            }
        }
    }

    /// Rounding is monotonic, so a point never falls into a row before its edge's first or after its last.
    @inline(__always)
    private func row(_ y: Double) -> Int { min(max(Int((y - lower.y) * rowsPerUnit), 0), lastRow) }

    /// Whether `point` is inside; about 20 ns. Points on the boundary may go either way, NaN is outside.
    func contains(_ point: SIMD2<Double>) -> Bool {
        guard point.y >= lower.y, point.y < upper.y, point.x >= lower.x, point.x <= upper.x else { return false }
        let row = row(point.y)
        var isOdd = false
        var label = Int32.min
        for place in Int(rowStarts[row])..<Int(rowStarts[row + 1]) {
            let edge = edges[Int(rowEdges[place])]
            if edge.label != label {
                if isOdd { return true }
                label = edge.label
            }
            guard point.y >= edge.low.y, point.y < edge.high.y else { continue }
            let t = (point.y - edge.low.y) / (edge.high.y - edge.low.y)
            if edge.low.x + t * (edge.high.x - edge.low.x) <= point.x { isOdd.toggle() }
        }
        return isOdd
    }
}
