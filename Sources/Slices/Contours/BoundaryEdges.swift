// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Finds which parts of the contours separate inside from outside.
///
/// A contour edge inside the union, such as one that two touching labels share, separates nothing. Whether an edge counts
/// is decided just left and just right of its midpoint. With several labels, edges are first cut where others cross or
/// touch them, so that each piece is either border or not over its whole length.
enum BoundaryEdges {
    /// Beyond this many edges in one section, edges are not cut at one another: memory and time stay linear.
    private static let largestCutCount = 20_000

    static func find(_ polygons: [SlicePolygon], _ region: EdgeRows) -> [BoundaryEdge] {
        var pieces: [EdgeTree.Segment] = []
        for polygon in polygons {
            guard var previous = polygon.points.last else { continue }
            for point in polygon.points {
                if previous != point { pieces.append(EdgeTree.Segment(start: previous, end: point)) }
                previous = point
            }
        }
        guard var lower = pieces.first?.lower, var upper = pieces.first?.upper else { return [] }
        for piece in pieces {
            lower = pointwiseMin(lower, piece.lower)
            upper = pointwiseMax(upper, piece.upper)
        }
        let extent = (upper - lower).length
        let hasSeveralLabels = polygons.contains { $0.label != polygons[0].label }
        if hasSeveralLabels, pieces.count <= largestCutCount { pieces = cut(pieces, extent: extent) }
        return classify(pieces, region, extent: extent, removingTwins: hasSeveralLabels)
    }

    private static func classify(
        _ pieces: [EdgeTree.Segment], _ region: EdgeRows, extent: Double, removingTwins: Bool
    ) -> [BoundaryEdge] {
        var result: [BoundaryEdge] = []
        var seen: Set<[SIMD2<Double>]> = []
        var total = 0.0
        for piece in pieces {
            let along = piece.end - piece.start
            let length = along.length
            guard length > 0 else { continue }
            let right = SIMD2(along.y, -along.x) / length
            // Far above rounding (1e-16 of the extent), and small against the edge and against any real gap.
            let step = min(1e-7 * extent, 0.01 * length)
            let middle = 0.5 * (piece.start + piece.end)
            let rightInside = region.contains(middle + step * right)
            guard rightInside != region.contains(middle - step * right) else { continue }
            if removingTwins {
                let isOrdered = (piece.start.x, piece.start.y) < (piece.end.x, piece.end.y)
                guard seen.insert(isOrdered ? [piece.start, piece.end] : [piece.end, piece.start]).inserted else {
                    continue
                }
            }
            total += length
            result.append(
                BoundaryEdge(
                    start: piece.start, end: piece.end, outwardNormal: rightInside ? -right : right,
                    length: length, cumulativeLength: total))
        }
        return result
    }

    /// Splits every segment where another one crosses it, ends on it, or begins to run along it.
    private static func cut(_ pieces: [EdgeTree.Segment], extent: Double) -> [EdgeTree.Segment] {
        let tree = EdgeTree(pieces)
        let tolerance = 1e-9 * extent
        var result: [EdgeTree.Segment] = []
        for (index, piece) in pieces.enumerated() {
            let along = piece.end - piece.start
            let length = along.length
            var stops: [(t: Double, point: SIMD2<Double>)] = []
            tree.forEachOverlapping(lower: piece.lower - tolerance, upper: piece.upper + tolerance) { other in
                guard other != index else { return }
                let segment = pieces[other]
                for end in [segment.start, segment.end] where abs(along.cross(end - piece.start)) <= tolerance * length
                {
                    stops.append(((end - piece.start).dot(along) / (length * length), end))
                }
                let direction = segment.end - segment.start
                let turn = along.cross(direction)
                guard abs(turn) > 1e-12 * length * direction.length else { return }
                let t = (segment.start - piece.start).cross(direction) / turn
                let s = (segment.start - piece.start).cross(along) / turn
                if s > 0 && s < 1 { stops.append((t, piece.start + t * along)) }
            }
            let margin = tolerance / length
            stops = stops.filter { $0.t > margin && $0.t < 1 - margin }
            stops.sort { ($0.t, $0.point.x, $0.point.y) < ($1.t, $1.point.x, $1.point.y) }
            var start = piece.start
            var last = 0.0
            for stop in stops where stop.t - last > margin {
                result.append(EdgeTree.Segment(start: start, end: stop.point))
                start = stop.point
                last = stop.t
            }
            result.append(EdgeTree.Segment(start: start, end: piece.end))
        }
        return result
    }
}
