// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Marching cubes over sign bits and a source of values; dense and sparse extraction share it.
///
/// Two passes over rows of cells, each in parallel over planes: count, then write at places given by running sums. So
/// vertices and faces are numbered in the order of k, j, i whatever the number of threads. Row coordinates here count the
/// rim of ``SignBits``; those of values do not.
// Counts are written by one thread per plane; the row pointers are freed with the extractor.
final class SurfaceExtractor<Values: NodeValues>: @unchecked Sendable {
    let grid: RegularGrid
    let values: Values
    let bits: SignBits
    let level: Double
    let tables = CellTables.shared
    /// Per row: first the numbers of vertices and triangles, after ``sum()`` where they start.
    private let rows: UnsafeMutablePointer<RowNumbers>

    init(grid: RegularGrid, values: Values, bits: SignBits, level: Float) {
        self.grid = grid
        self.values = values
        self.bits = bits
        self.level = Double(level)
        rows = .allocate(capacity: bits.rowsPerPlane * bits.planes)
        rows.initialize(repeating: RowNumbers(), count: bits.rowsPerPlane * bits.planes)
    }

    deinit { rows.deallocate() }

    /// Runs both passes.
    func extract(threads: Int) throws(ExtractionError) -> TriangleMesh {
        Parallel.forEach(count: bits.planes - 1, threads: threads) { k, _ in
            for j in 0..<(self.bits.rowsPerPlane - 1) { self.count(j, k) }
        }
        let total = sum()
        guard total.vertices <= Int(UInt32.max) else { throw .tooManyVertices(total.vertices) }
        var triangles: [SIMD3<UInt32>] = []
        let positions = [SIMD3<Double>](unsafeUninitializedCapacity: total.vertices) { positions, vertexCount in
            triangles = [SIMD3<UInt32>](unsafeUninitializedCapacity: total.triangles) { faces, faceCount in
                nonisolated(unsafe) let output = (positions: positions.baseAddress, faces: faces.baseAddress)
                if let vertexOutput = output.positions, let faceOutput = output.faces, total.triangles > 0 {
                    nonisolated(unsafe) let (vertexOutput, faceOutput) = (vertexOutput, faceOutput)
                    Parallel.forEach(count: self.bits.planes - 1, threads: threads) { k, _ in
                        for j in 0..<(self.bits.rowsPerPlane - 1) {
                            self.writeVertices(j, k, to: vertexOutput)
                            self.writeTriangles(j, k, to: faceOutput, centres: vertexOutput)
                        }
                    }
                }
                faceCount = total.triangles
            }
            vertexCount = total.vertices
        }
        return TriangleMesh(positions: positions, triangles: triangles)
    }

    @inline(__always)
    private func numbers(_ j: Int, _ k: Int) -> UnsafeMutablePointer<RowNumbers> { rows + (j + bits.rowsPerPlane * k) }

    private func count(_ j: Int, _ k: Int) {
        let row = bits.rowsOfCells(j, k)
        var total = RowNumbers()
        for word in 0..<row.words {
            var active = row.activeCells(word)
            guard active != 0 else { continue }
            let base = row.r00[word]
            total.x &+= UInt32((base ^ row.shifted(row.r00, word)).nonzeroBitCount)
            total.y &+= UInt32((base ^ row.r10[word]).nonzeroBitCount)
            total.z &+= UInt32((base ^ row.r01[word]).nonzeroBitCount)
            let cells = CellWord(row, word)
            while active != 0 {
                let place = active.trailingZeroBitCount
                active &= active &- 1
                let variant = variant(cells.pattern(place), 64 * word + place, j, k)
                total.triangles &+= Int(tables.firstTriangle[variant + 1] &- tables.firstTriangle[variant])
                total.centres &+= UInt32(tables.centreCount[variant])
            }
        }
        numbers(j, k).pointee = total
    }

    /// Turns counts into starts and returns the totals.
    private func sum() -> (vertices: Int, triangles: Int) {
        var vertices = 0
        var triangles = 0
        for row in 0..<(bits.rowsPerPlane * bits.planes) {
            let counts = rows[row]
            let x = UInt32(truncatingIfNeeded: vertices)
            rows[row].x = x
            rows[row].y = x &+ counts.x
            rows[row].z = x &+ counts.x &+ counts.y
            rows[row].centres = x &+ counts.x &+ counts.y &+ counts.z
            rows[row].triangles = triangles
            vertices += Int(counts.x) + Int(counts.y) + Int(counts.z) + Int(counts.centres)
            triangles += counts.triangles
        }
        return (vertices, triangles)
    }

    private func writeVertices(_ j: Int, _ k: Int, to positions: UnsafeMutablePointer<SIMD3<Double>>) {
        let row = bits.rowsOfCells(j, k)
        var next = numbers(j, k).pointee
        for word in 0..<row.words {
            let base = row.r00[word]
            var x = base ^ row.shifted(row.r00, word)
            while x != 0 {
                positions[Int(next.x)] = cut(64 &* word &+ x.trailingZeroBitCount, j, k, axis: 0)
                next.x &+= 1
                x &= x &- 1
            }
            var y = base ^ row.r10[word]
            while y != 0 {
                positions[Int(next.y)] = cut(64 &* word &+ y.trailingZeroBitCount, j, k, axis: 1)
                next.y &+= 1
                y &= y &- 1
            }
            var z = base ^ row.r01[word]
            while z != 0 {
                positions[Int(next.z)] = cut(64 &* word &+ z.trailingZeroBitCount, j, k, axis: 2)
                next.z &+= 1
                z &= z &- 1
            }
        }
    }

    /// Writes the triangles of a row of cells, and the centres of its loops that need one.
    ///
    /// A cut along a row has only active cells beside it, so the numbers of the vertices on all twelve edges follow from
    /// eight counters that move on from cell to cell; no table of vertex numbers is needed.
    private func writeTriangles(
        _ j: Int, _ k: Int, to faces: UnsafeMutablePointer<SIMD3<UInt32>>,
        centres: UnsafeMutablePointer<SIMD3<Double>>
    ) {
        let row = bits.rowsOfCells(j, k)
        var output = faces + numbers(j, k).pointee.triangles
        var cell = CellVertices(
            numbers(j, k).pointee, numbers(j + 1, k).pointee, numbers(j, k + 1).pointee, numbers(j + 1, k + 1).pointee)
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 16) { buffer in
            guard let vertex = buffer.baseAddress else { return }
            for word in 0..<row.words {
                var active = row.activeCells(word)
                guard active != 0 else { continue }
                let cells = CellWord(row, word)
                while active != 0 {
                    let place = active.trailingZeroBitCount
                    active &= active &- 1
                    let pattern = cells.pattern(place)
                    cell.step(cuts: UInt32(tables.cutEdges[pattern]), into: vertex)
                    let variant = variant(pattern, 64 &* word &+ place, j, k)
                    if tables.centreCount[variant] > 0 {
                        writeCentres(variant, 64 &* word &+ place, j, k, vertex + 12, &cell.centre, centres)
                    }
                    var corner = tables.corners + 3 &* Int(tables.firstTriangle[variant])
                    let end = tables.corners + 3 &* Int(tables.firstTriangle[variant + 1])
                    while corner < end {
                        output.initialize(
                            to: SIMD3(vertex[Int(corner[0])], vertex[Int(corner[1])], vertex[Int(corner[2])]))
                        output += 1
                        corner += 3
                    }
                }
            }
        }
    }

    private func writeCentres(
        _ variant: Int, _ i: Int, _ j: Int, _ k: Int, _ vertices: UnsafeMutablePointer<UInt32>,
        _ next: inout UInt32, _ positions: UnsafeMutablePointer<SIMD3<Double>>
    ) {
        var loop = tables.centreLoops + Int(tables.firstCentre[variant])
        for place in 0..<Int(tables.centreCount[variant]) {
            let length = Int(loop[0])
            var sum = SIMD3<Double>.zero
            for index in 1...length {
                let (axis, low) = CellNumbering.ends(ofEdge: Int(loop[index]))
                sum += cut(i + low & 1, j + (low >> 1) & 1, k + low >> 2, axis: axis)
            }
            positions[Int(next)] = sum / Double(length)
            vertices[place] = next
            next += 1
            loop += length + 1
        }
    }
}

extension SurfaceExtractor {
    /// Where the surface cuts the edge that starts at a node (rim counted) and runs along `axis`.
    ///
    /// Linear between the two values, kept 1/1024 of the edge away from its ends so that no two vertices coincide. An
    /// edge that leaves the grid is cut 1/1024 outside it.
    @inline(__always)
    func cut(_ i: Int, _ j: Int, _ k: Int, axis: Int) -> SIMD3<Double> {
        let place = axis == 0 ? i : axis == 1 ? j : k
        let count = axis == 0 ? grid.counts.x : axis == 1 ? grid.counts.y : grid.counts.z
        let margin = 1.0 / 1024
        var t: Double
        if place == 0 {
            t = 1 - margin
        } else if place == count {
            t = margin
        } else {
            let low = difference(i, j, k)
            let high = difference(i &+ (axis == 0 ? 1 : 0), j &+ (axis == 1 ? 1 : 0), k &+ (axis == 2 ? 1 : 0))
            t = low / (low - high)
            t = t < margin ? margin : t > 1 - margin ? 1 - margin : t
        }
        var point = grid.position(i &- 1, j &- 1, k &- 1)
        switch axis {
        case 0: point.x += grid.spacing.x * t
        case 1: point.y += grid.spacing.y * t
        default: point.z += grid.spacing.z * t
        }
        return point
    }

    /// Value minus iso-level at a node (rim counted); infinities count as the largest finite values.
    @inline(__always)
    private func difference(_ i: Int, _ j: Int, _ k: Int) -> Double {
        let limit = Float.greatestFiniteMagnitude
        let value = values.value(i &- 1, j &- 1, k &- 1)
        return Double(value > limit ? limit : value < -limit ? -limit : value) - level
    }

    /// The variant to draw in a cell: its pattern and the decisions of its ambiguous faces.
    @inline(__always)
    func variant(_ pattern: Int, _ i: Int, _ j: Int, _ k: Int) -> Int {
        let ambiguous = Int(tables.ambiguousFaces[pattern])
        let first = Int(tables.firstVariant[pattern])
        return ambiguous == 0 ? first : first + decisions(pattern, ambiguous, i, j, k)
    }

    /// Asymptotic decider (Nielson and Hamann 1991): inside corners are joined when the bilinear interpolant is inside at
    /// its saddle, that is, when their product exceeds that of the outside corners.
    ///
    /// Products do not depend on the order of their factors, so both cells at a face decide alike. A face with a corner
    /// on the rim is never ambiguous.
    @inline(never)
    private func decisions(_ pattern: Int, _ ambiguous: Int, _ i: Int, _ j: Int, _ k: Int) -> Int {
        var result = 0
        var place = 0
        for face in 0..<6 where ambiguous >> face & 1 == 1 {
            // A diagonal of the face: its first corner and the one opposite; the other two likewise.
            let axis = face / 2
            let base = (face % 2) << axis
            let u = 1 << ((axis + 1) % 3)
            let v = 1 << ((axis + 2) % 3)
            let value = { (corner: Int) in
                self.difference(i + corner & 1, j + (corner >> 1) & 1, k + corner >> 2)
            }
            let main = value(base) * value(base + u + v)
            let other = value(base + u) * value(base + v)
            let joined = pattern >> base & 1 == 1 ? main > other : other > main
            if joined { result |= 1 << place }
            place += 1
        }
        return result
    }
}
