// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Which points of a rectilinear grid lie inside a surface, by the parity of crossings along each of the three axes.
///
/// The majority of the three decides; for a closed surface without self-intersections all three agree everywhere.
struct InsideGrid {
    /// Ascending coordinates along x, y and z.
    let axes: [[Double]]
    /// Whether each point is inside; z runs fastest, then y.
    private(set) var isInside: [Bool]
    /// Share of points on which the three parities agree.
    private(set) var agreement: Double

    init(_ mesh: TriangleMesh, axes: [[Double]], threads: Int) {
        self.axes = axes
        let counts = axes.map(\.count)
        let parities = Parallel.map(count: 3, threads: threads, block: 1) { Self.parity(mesh, axes: axes, along: $0) }
        var (inside, unanimous) = ([Bool](), 0)
        inside.reserveCapacity(counts[0] * counts[1] * counts[2])
        for x in 0..<counts[0] {
            for y in 0..<counts[1] {
                for z in 0..<counts[2] {
                    let votes =
                        (parities[0][(y * counts[2] + z) * counts[0] + x] ? 1 : 0)
                        + (parities[1][(x * counts[2] + z) * counts[1] + y] ? 1 : 0)
                        + (parities[2][(x * counts[1] + y) * counts[2] + z] ? 1 : 0)
                    inside.append(votes >= 2)
                    if votes == 0 || votes == 3 { unanimous += 1 }
                }
            }
        }
        isInside = inside
        agreement = inside.isEmpty ? 1 : Double(unanimous) / Double(inside.count)
    }

    /// Share of points inside.
    var insideShare: Double {
        Double(isInside.reduce(0) { $0 + ($1 ? 1 : 0) }) / Double(max(1, isInside.count))
    }

    /// Parity of crossings before each point along axis `w`; that axis runs fastest, the others in ascending order.
    private static func parity(_ mesh: TriangleMesh, axes: [[Double]], along w: Int) -> [Bool] {
        let (u, v) = (w == 0 ? 1 : 0, w == 2 ? 1 : 2)
        let (gu, gv, gw) = (axes[u], axes[v], axes[w])
        var crossings = [Bool](repeating: false, count: gu.count * gv.count * gw.count)
        for face in mesh.triangles.indices {
            let (a, b, c) = mesh.corners(of: face)
            let columns = lowerBound(gu, min(a[u], b[u], c[u]))..<lowerBound(gu, max(a[u], b[u], c[u]))
            let rows = lowerBound(gv, min(a[v], b[v], c[v]))..<lowerBound(gv, max(a[v], b[v], c[v]))
            guard !columns.isEmpty, !rows.isEmpty else { continue }
            for column in columns {
                for row in rows {
                    let point = SIMD2(gu[column], gv[row])
                    let ab = side(SIMD2(a[u], a[v]), SIMD2(b[u], b[v]), point)
                    let bc = side(SIMD2(b[u], b[v]), SIMD2(c[u], c[v]), point)
                    let ca = side(SIMD2(c[u], c[v]), SIMD2(a[u], a[v]), point)
                    let sum = ab.value + bc.value + ca.value
                    guard ab.isLeft == bc.isLeft, bc.isLeft == ca.isLeft, sum != 0 else { continue }
                    let height = (bc.value * a[w] + ca.value * b[w] + ab.value * c[w]) / sum
                    let place = lowerBound(gw, height)
                    if place < gw.count { crossings[(column * gv.count + row) * gw.count + place].toggle() }
                }
            }
        }
        for line in 0..<gu.count * gv.count {
            for place in line * gw.count + 1..<max((line + 1) * gw.count, line * gw.count + 1)
            where crossings[place - 1] {
                crossings[place].toggle()
            }
        }
        return crossings
    }

    /// On which side of `p → q` a point lies. The computation is the same for `q → p`, and a point on the line counts for
    /// exactly one of the two: faces that share an edge never both have, or both miss, a ray through it.
    private static func side(
        _ p: SIMD2<Double>, _ q: SIMD2<Double>, _ point: SIMD2<Double>
    ) -> (value: Double, isLeft: Bool) {
        let isSwapped = p.x > q.x || (p.x == q.x && p.y > q.y)
        let (from, to) = isSwapped ? (q, p) : (p, q)
        let value = (to - from).cross(point - from)
        let signed = isSwapped ? -value : value
        return (signed, signed > 0 || (signed == 0 && isSwapped))
    }

    /// Number of elements below `value`.
    static func lowerBound(_ sorted: [Double], _ value: Double) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
