// SPDX-License-Identifier: Apache-2.0

import Geometry

/// What is known of a solid in each cell of a grid over the box around its ball, so that distances come quickly.
///
/// Far from the surface one look-up replaces the solid; near it, the few parts that can matter in the cell are evaluated.
struct SolidTable: Sendable {
    private struct Cell {
        /// At most the signed distance anywhere in the cell.
        var bound: Double
        /// The parts that can change the signed distance somewhere in the cell, as bits.
        var parts: UInt64
    }

    private static let side = 40
    private static let tetrahedron = [SIMD3<Double>(1, -1, -1), SIMD3(-1, -1, 1), SIMD3(-1, 1, -1), SIMD3(1, 1, 1)]
    private let solid: Solid
    private let origin: SIMD3<Double>
    private let cellsPerUnit: Double
    /// `[side³]`, x fastest.
    private let cells: [Cell]

    init(_ solid: Solid) {
        self.solid = solid
        let size = 2 * max(solid.ballRadius, 1e-9) / Double(Self.side)
        origin = solid.ballCenter - solid.ballRadius
        cellsPerUnit = 1 / size
        // Half of a cell's diagonal, and a little for rounding.
        let reach = 0.5 * size * 3.0.squareRoot() + 1e-9
        var cells: [Cell] = []
        cells.reserveCapacity(Self.side * Self.side * Self.side)
        for k in 0..<Self.side {
            for j in 0..<Self.side {
                for i in 0..<Self.side {
                    let middle = origin + size * (SIMD3(Double(i), Double(j), Double(k)) + 0.5)
                    let (distance, parts) = solid.relevantParts(within: reach, of: middle)
                    cells.append(Cell(bound: distance - reach, parts: parts))
                }
            }
        }
        self.cells = cells
    }

    /// The signed distance at `point`, or some number between `limit` and it.
    @inline(__always)
    func distance(at point: SIMD3<Double>, exactBelow limit: Double) -> Double {
        let place = (point - origin) * cellsPerUnit
        guard place.min() >= 0, place.max() < Double(Self.side) else { return solid.signedDistance(point) }
        let cell = cells[Int(place.x) + Self.side * (Int(place.y) + Self.side * Int(place.z))]
        return cell.bound > limit ? cell.bound : solid.signedDistance(point, parts: cell.parts)
    }

    /// Unit vector along which the signed distance grows, by differences at the corners of a tetrahedron of size 1e-4.
    func normal(at point: SIMD3<Double>) -> SIMD3<Double> {
        var sum = SIMD3<Double>.zero
        for corner in Self.tetrahedron {
            sum += corner * distance(at: point + 1e-4 * corner, exactBelow: .infinity)
        }
        return sum.normalized
    }
}
