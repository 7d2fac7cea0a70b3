// SPDX-License-Identifier: Apache-2.0

import Geometry

/// What a view's sparse points say about its depths: a range, and a first guess for each cell of 8 × 8 pixels.
struct DepthSeeds {
    /// Side of a cell in pixels.
    static let cellSize = 8

    /// Smallest and largest depth looked for, in world units.
    let range: ClosedRange<Float>
    private let columns: Int
    /// Depth by cell.
    private let cells: [Float]

    /// Share of the points at either end that may be blunders, and how far beyond the others depth may reach.
    private static let outlierShare = 0.02
    private static let margins = (near: 0.7, far: 1.5)

    /// Reads the seeds of a view.
    ///
    /// - Parameter points: Positions in world coordinates of the points that the view observes.
    /// - Returns: `nil` when none of them lies in the picture.
    init?(of view: StereoView, points: [SIMD3<Double>], seed: UInt64) {
        let (width, height) = (view.width, view.height)
        columns = (width + Self.cellSize - 1) / Self.cellSize
        let rows = (height + Self.cellSize - 1) / Self.cellSize
        var cells = [Float](repeating: 0, count: columns * rows)
        var depths: [Double] = []
        for point in points {
            let local = view.cameraFromWorld(point)
            guard local.z > 0, local.isFinite else { continue }
            let pixel = SIMD2(local.x, local.y) / local.z * view.level.focalLengths + view.level.principalPoint
            guard pixel.x >= 0, pixel.y >= 0, pixel.x < Double(width), pixel.y < Double(height) else { continue }
            depths.append(local.z)
            cells[Int(pixel.y) / Self.cellSize * columns + Int(pixel.x) / Self.cellSize] = Float(local.z)
        }
        guard !depths.isEmpty else { return nil }
        depths.sort()
        let skipped = Int(Self.outlierShare * Double(depths.count))
        let near = Float(Self.margins.near * depths[skipped])
        let far = Float(Self.margins.far * depths[depths.count - 1 - skipped])
        guard near > 0, far.isFinite else { return nil }
        range = near...far
        Self.spread(&cells, columns: columns, rows: rows, imageID: view.imageID, seed: seed)
        self.cells = cells
    }

    /// The guess for a pixel, in world units.
    func depth(column: Int, row: Int) -> Float { cells[row / Self.cellSize * columns + column / Self.cellSize] }

    /// Fills empty cells ring by ring with the depth of a neighbour, drawn at random so that no direction prevails.
    private static func spread(_ cells: inout [Float], columns: Int, rows: Int, imageID: ImageID, seed: UInt64) {
        var random = RandomStream(seed: seed, label: "depth seeds", UInt64(imageID))
        var front = cells.indices.filter { cells[$0] > 0 }
        while !front.isEmpty {
            var guesses: [Int: Float] = [:]
            var reached: [Int] = []
            for cell in front {
                let (column, row) = (cell % columns, cell / columns)
                for (x, y) in [(column - 1, row), (column + 1, row), (column, row - 1), (column, row + 1)] {
                    guard x >= 0, y >= 0, x < columns, y < rows, cells[y * columns + x] == 0 else { continue }
                    let other = y * columns + x
                    let bit = random.next() >> 63
                    if guesses[other] == nil { reached.append(other) }
                    if guesses[other] == nil || bit == 0 { guesses[other] = cells[cell] }
                }
            }
            for cell in reached { cells[cell] = guesses[cell] ?? 0 }
            front = reached
        }
    }
}
