// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Finds the signs of all nodes of a grid, and the values near the surface, from few values of a field.
///
/// Coarse cells are split into eight. A part is looked at further while the surface can pass through it, or while it holds
/// a seed. With values that change by at most `bound` per length, a point of the surface is at least
/// |value − iso-level| / `bound` away from each corner of the cell; a part that lies wholly closer to some corner has the
/// sign of the corner it contains, and its nodes are not asked. At full resolution the surface is then followed: an active
/// cell with a corner that was not asked is asked, until there is none.
struct SparseSurfaceSearch<Field: ScalarField> {
    /// A cell of a lattice whose corners are known.
    private struct Cell {
        var x, y, z: Int32
        /// Largest change of the field per unit length that is expected in it.
        var bound: Float
    }

    private(set) var sampler: SparseSampler<Field>
    let options: IsoSurfaceOptions
    let search: SparseSearchOptions
    /// Signs of all nodes.
    let bits: SignBits
    /// Nodes whose value the finest lattice holds.
    private let known: SignBits

    init(sampler: SparseSampler<Field>, options: IsoSurfaceOptions, search: SparseSearchOptions) {
        self.sampler = sampler
        self.options = options
        self.search = search
        bits = SignBits(counts: sampler.grid.counts)
        known = SignBits(counts: sampler.grid.counts)
    }

    private var finest: SparseLattice { sampler.lattices[sampler.lattices.count - 1] }

    /// Runs the search.
    mutating func run() throws(ExtractionError) {
        var cells = try coarseCells()
        for level in 0..<(sampler.lattices.count - 1) { cells = try refine(cells, level: level) }
        for lattice in sampler.lattices {
            mark(lattice)
            lattice.fresh = []
        }
        try follow()
    }

    /// Values at the nodes of active cells, once ``run()`` is done.
    func nodeValues() -> BrickNodeValues { finest.nodeValues() }

    @inline(__always)
    private func isInside(_ value: Float) -> Bool {
        options.inside == .above ? value > options.isoLevel : value < options.isoLevel
    }

    // MARK: From coarse to fine

    private mutating func coarseCells() throws(ExtractionError) -> [Cell] {
        let lattice = sampler.lattices[0]
        let size = lattice.cells
        for z in 0...size.z { for y in 0...size.y { for x in 0...size.x { sampler.request(x, y, z, level: 0) } } }
        try sampler.flush(0)
        guard sampler.lattices.count > 1 else { return [] }
        let bounds = search.gradientBound == nil ? CoarseGradient.bounds(size) { slope(of: $0, lattice) } : []
        var cells: [Cell] = []
        cells.reserveCapacity(size.x * size.y * size.z)
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    let bound = search.gradientBound.map { Float($0) } ?? bounds[x + size.x * (y + size.y * z)]
                    cells.append(Cell(x: Int32(x), y: Int32(y), z: Int32(z), bound: bound))
                }
            }
        }
        return cells
    }

    /// Returns the parts of cells that the surface may cut, with known corners; the others lend their sign to their nodes.
    private mutating func refine(_ cells: [Cell], level: Int) throws(ExtractionError) -> [Cell] {
        let lattice = sampler.lattices[level]
        let finer = sampler.lattices[level + 1]
        let seeded = seededCells(finer)
        var children: [Cell] = []
        for var cell in cells {
            let place = SIMD3(Int(cell.x), Int(cell.y), Int(cell.z))
            if search.gradientBound == nil { cell.bound = max(cell.bound, slope(of: place, lattice)) }
            let corners = CornerDistances(of: place, in: lattice, field: self, bound: cell.bound)
            for part in 0..<8 {
                let child = 2 &* place &+ SIMD3(part & 1, (part >> 1) & 1, part >> 2)
                // The last cell along an axis may have one part only.
                guard all(child .< finer.cells) else { continue }
                guard corners.reach(extent(of: child, finer), part: part) || seeded.contains(child) else {
                    if corners.isInside(part) { fill(child, finer) }
                    continue
                }
                for corner in 0..<8 {
                    sampler.request(
                        child.x + corner & 1, child.y + (corner >> 1) & 1, child.z + corner >> 2, level: level + 1)
                }
                children.append(Cell(x: Int32(child.x), y: Int32(child.y), z: Int32(child.z), bound: cell.bound))
            }
        }
        try sampler.flush(level + 1)
        return children
    }

    /// How far the surface is at least from the corners of a cell.
    private struct CornerDistances {
        private var squares = SIMD8<Double>()
        private var inside = SIMD8<UInt8>()
        private let sides: SIMD3<Double>

        init(of place: SIMD3<Int>, in lattice: SparseLattice, field: SparseSurfaceSearch, bound: Float) {
            sides = field.extent(of: place, lattice)
            for corner in 0..<8 {
                let value = lattice.value(place.x + corner & 1, place.y + (corner >> 1) & 1, place.z + corner >> 2)
                let distance = Double(abs(value - field.options.isoLevel)) / Double(bound)
                squares[corner] = distance.isNaN ? 0 : distance * distance
                inside[corner] = field.isInside(value) ? 1 : 0
            }
        }

        /// Whether corner `corner` is inside.
        func isInside(_ corner: Int) -> Bool { inside[corner] == 1 }

        /// Whether the surface may be in the part at corner `part`, a box of size `size`.
        func reach(_ size: SIMD3<Double>, part: Int) -> Bool {
            let near = size * size
            let far = sides * sides
            for corner in 0..<8 {
                // Farthest point of the part: across it along axes on whose side the corner is, across the cell along
                // the others.
                let other = corner ^ part
                let x = other & 1 == 0 ? near.x : far.x
                let y = other & 2 == 0 ? near.y : far.y
                let z = other & 4 == 0 ? near.z : far.z
                if squares[corner] > (x + y + z) * (1 + 1e-6) { return false }
            }
            return true
        }
    }

    /// Side lengths of a cell; the last one along an axis may be shorter.
    private func extent(of place: SIMD3<Int>, _ lattice: SparseLattice) -> SIMD3<Double> {
        var sides = SIMD3<Double>.zero
        for axis in 0..<3 {
            sides[axis] = Double(lattice.gridIndex(place[axis] + 1, axis) - lattice.gridIndex(place[axis], axis))
        }
        return sides * sampler.grid.spacing
    }

    /// Estimate of the gradient's length in a cell, times the safety factor: the largest difference along each axis.
    private func slope(of place: SIMD3<Int>, _ lattice: SparseLattice) -> Float {
        let sides = extent(of: place, lattice)
        var squares = 0.0
        for axis in 0..<3 {
            var steepest = 0.0
            for corner in 0..<8 where corner >> axis & 1 == 0 {
                let far = corner | 1 << axis
                let a = lattice.value(place.x + corner & 1, place.y + (corner >> 1) & 1, place.z + corner >> 2)
                let b = lattice.value(place.x + far & 1, place.y + (far >> 1) & 1, place.z + far >> 2)
                let difference = abs(Double(b) - Double(a))
                if difference > steepest { steepest = difference }
            }
            squares += steepest / sides[axis] * (steepest / sides[axis])
        }
        return Float(squares.squareRoot() * search.estimateSafety)
    }

    private func seededCells(_ lattice: SparseLattice) -> Set<SIMD3<Int>> {
        var places: Set<SIMD3<Int>> = []
        for seed in search.seeds {
            let relative = (SIMD3<Double>(seed) - sampler.grid.origin) / (sampler.grid.spacing * Double(lattice.step))
            let limits = SIMD3<Double>(lattice.cells)
            guard all(relative .>= 0), all(relative .<= limits) else { continue }
            places.insert(pointwiseMin(SIMD3<Int>(relative), lattice.cells &- 1))
        }
        return places
    }

    private func fill(_ place: SIMD3<Int>, _ lattice: SparseLattice) {
        for k in lattice.gridIndex(place.z, 2)...lattice.gridIndex(place.z + 1, 2) {
            for j in lattice.gridIndex(place.y, 1)...lattice.gridIndex(place.y + 1, 1) {
                bits.fill(lattice.gridIndex(place.x, 0), through: lattice.gridIndex(place.x + 1, 0), j, k)
            }
        }
    }

    // MARK: Along the surface

    /// Enters the signs of the fresh nodes of a lattice.
    private func mark(_ lattice: SparseLattice) {
        for node in lattice.fresh {
            let i = lattice.gridIndex(Int(node.x), 0)
            let j = lattice.gridIndex(Int(node.y), 1)
            let k = lattice.gridIndex(Int(node.z), 2)
            bits.set(i, j, k, to: isInside(lattice.values[node.slot]))
            if lattice.step == 1 { known.set(i, j, k, to: true) }
        }
    }

    /// Asks for the corners of active cells until all are known.
    private mutating func follow() throws(ExtractionError) {
        let width = bits.rowsPerPlane
        let level = sampler.lattices.count - 1
        markRim()
        var rows = (0..<(width - 1) * (bits.planes - 1)).map { $0 % (width - 1) + width * ($0 / (width - 1)) }
        while !rows.isEmpty {
            for row in rows { requestCorners(row % width, row / width) }
            try sampler.flush(level)
            mark(finest)
            var touched = [Bool](repeating: false, count: width * bits.planes)
            for node in finest.fresh {
                // A node is row (j + 1, k + 1) with the rim: it belongs to the cells of four rows.
                let row = Int(node.y) + width * Int(node.z)
                for neighbour in [row, row + 1, row + width, row + width + 1] { touched[neighbour] = true }
            }
            finest.fresh.removeAll(keepingCapacity: true)
            rows = touched.indices.filter { touched[$0] }
        }
    }

    /// The rim outside the grid needs no values.
    private func markRim() {
        for k in 0..<known.planes {
            for j in 0..<known.rowsPerPlane {
                let row = known.row(j, k)
                let isRim = j == 0 || k == 0 || j == known.rowsPerPlane - 1 || k == known.planes - 1
                if isRim { for word in 0..<known.wordsPerRow { row[word] = ~0 } }
                let last = sampler.grid.counts.x + 1
                row[0] |= 1
                row[last >> 6] |= 1 << UInt64(last & 63)
            }
        }
    }

    private func requestCorners(_ j: Int, _ k: Int) {
        let cells = bits.rowsOfCells(j, k)
        let certain = known.rowsOfCells(j, k)
        let counts = sampler.grid.counts
        let level = sampler.lattices.count - 1
        for word in 0..<cells.words {
            var open = cells.activeCells(word) & ~certain.fullCells(word)
            while open != 0 {
                let i = 64 * word + open.trailingZeroBitCount
                open &= open - 1
                for corner in 0..<8 {
                    let x = i + corner & 1 - 1
                    let y = j + (corner >> 1) & 1 - 1
                    let z = k + corner >> 2 - 1
                    guard x >= 0, y >= 0, z >= 0, x < counts.x, y < counts.y, z < counts.z else { continue }
                    sampler.request(x, y, z, level: level)
                }
            }
        }
    }
}

extension CellRow {
    /// Cells of word `index` whose eight bits are all set.
    func fullCells(_ index: Int) -> UInt64 {
        let all = r00[index] & r10[index] & r01[index] & r11[index]
        guard index + 1 < words else { return all & all >> 1 }
        return all & (all >> 1 | (r00[index + 1] & r10[index + 1] & r01[index + 1] & r11[index + 1]) << 63)
    }
}
