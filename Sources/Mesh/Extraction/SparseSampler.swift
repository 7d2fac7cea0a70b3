// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Lattices of one grid, coarsest first, that ask a field for each node at most once.
struct SparseSampler<Field: ScalarField> {
    /// Points in one call of the field.
    static var blockSize: Int { 4096 }

    let field: Field
    let grid: RegularGrid
    /// Steps fall by two from one lattice to the next; the last has step 1.
    let lattices: [SparseLattice]
    let threads: Int
    let progress: ProgressHandler?
    let cancellation: CancellationCheck?
    /// Values asked for so far.
    private(set) var queries = 0

    init(
        field: Field, grid: RegularGrid, coarseCells: Int, threads: Int, progress: ProgressHandler?,
        cancellation: CancellationCheck?
    ) {
        self.field = field
        self.grid = grid
        self.threads = threads
        self.progress = progress
        self.cancellation = cancellation
        // A grid without cells along an axis has nothing to halve: it is asked everywhere.
        var steps = [1]
        while grid.counts.min() > 1, (grid.counts.max() - 2) / steps[0] + 1 > coarseCells {
            steps.insert(2 * steps[0], at: 0)
        }
        lattices = steps.map { SparseLattice(gridCounts: grid.counts, step: $0) }
    }

    /// Makes a node of lattice `level` known: at once when a coarser lattice knows it, else at the next ``flush(_:)``.
    func request(_ x: Int, _ y: Int, _ z: Int, level: Int) {
        let lattice = lattices[level]
        guard let node = lattice.claim(x, y, z) else { return }
        var (a, b, c) = (x, y, z)
        for coarser in stride(from: level - 1, through: 0, by: -1) {
            let finer = lattices[coarser + 1].cells
            guard let p = half(a, finer.x), let q = half(b, finer.y), let r = half(c, finer.z) else { break }
            (a, b, c) = (p, q, r)
            if let slot = lattices[coarser].slot(a, b, c) {
                lattice.store(lattices[coarser].values[slot], at: node)
                return
            }
        }
        lattice.pending.append(node)
    }

    /// Index in the next coarser lattice of node `q` of a lattice with `cells` cells, if it is there.
    private func half(_ q: Int, _ cells: Int) -> Int? {
        if q & 1 == 0 { return q / 2 }
        return q == cells ? (q + 1) / 2 : nil
    }

    /// Asks the field for the pending nodes of lattice `level`, in blocks spread over threads.
    mutating func flush(_ level: Int) throws(ExtractionError) {
        let lattice = lattices[level]
        let chunk = Self.blockSize * 8 * threads
        for start in stride(from: 0, to: lattice.pending.count, by: chunk) {
            if cancellation?() == true { throw .cancelled }
            let nodes = Array(lattice.pending[start..<min(start + chunk, lattice.pending.count)])
            let points = nodes.map { node in
                grid.queryPoint(
                    lattice.gridIndex(Int(node.x), 0), lattice.gridIndex(Int(node.y), 1),
                    lattice.gridIndex(Int(node.z), 2))
            }
            for (node, value) in zip(nodes, evaluate(points)) {
                guard !value.isNaN else { throw .notANumber(node: gridNode(node, lattice)) }
                lattice.store(value, at: node)
            }
            queries += nodes.count
            progress?(StageProgress(stage: "extracting", completed: queries, total: nil))
        }
        lattice.pending.removeAll(keepingCapacity: true)
    }

    /// Values of the field at any points, in blocks spread over threads.
    func values(at points: [SIMD3<Float>]) throws(ExtractionError) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(points.count)
        let chunk = Self.blockSize * 8 * threads
        for start in stride(from: 0, to: points.count, by: chunk) {
            if cancellation?() == true { throw .cancelled }
            result += evaluate(Array(points[start..<min(start + chunk, points.count)]))
        }
        return result
    }

    private func gridNode(_ node: SparseLattice.Node, _ lattice: SparseLattice) -> SIMD3<Int> {
        SIMD3(
            lattice.gridIndex(Int(node.x), 0), lattice.gridIndex(Int(node.y), 1), lattice.gridIndex(Int(node.z), 2))
    }

    private func evaluate(_ points: [SIMD3<Float>]) -> [Float] {
        let size = Self.blockSize
        let field = field
        return [Float](unsafeUninitializedCapacity: points.count) { buffer, count in
            let output = UnsafeMutableBufferPointer(rebasing: buffer[..<points.count])
            points.withUnsafeBufferPointer { input in
                nonisolated(unsafe) let (input, output) = (input, output)
                Parallel.forEach(count: (points.count + size - 1) / size, threads: threads) { block, _ in
                    let range = block * size..<min((block + 1) * size, input.count)
                    field.evaluate(
                        at: UnsafeBufferPointer(rebasing: input[range]),
                        into: UnsafeMutableBufferPointer(rebasing: output[range]))
                }
            }
            count = points.count
        }
    }
}
