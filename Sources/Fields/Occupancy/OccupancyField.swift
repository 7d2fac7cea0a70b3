// SPDX-License-Identifier: Apache-2.0

import Geometry
import Synchronization

/// A trained occupancy network as a scalar field: the logit of being inside, positive inside, in the normalised cube.
public final class OccupancyField: ScalarField {
    /// The network behind the field; must not be trained while the field is in use.
    public let network: OccupancyNetwork
    private let free: Mutex<[Tile]>

    /// Moves between threads only through the pool, which hands each tile to one caller at a time.
    private struct Tile: @unchecked Sendable { let tile: OccupancyTile }

    /// Wraps `network`.
    public init(_ network: OccupancyNetwork) {
        self.network = network
        free = Mutex([])
    }

    /// Writes logits after the last iteration.
    public func evaluate(at points: UnsafeBufferPointer<SIMD3<Float>>, into values: UnsafeMutableBufferPointer<Float>) {
        let tile = free.withLock { $0.popLast() } ?? Tile(tile: OccupancyTile(for: network, purpose: .inference))
        let last = network.architecture.iterations - 1
        var start = 0
        while start < points.count {
            let rows = min(OccupancyTile.rows, points.count - start)
            for row in 0..<rows {
                let point = points[start + row]
                for axis in 0..<3 { tile.tile.points[4 * row + axis] = point[axis] }
            }
            network.forward(rows: rows, tile: tile.tile)
            for row in 0..<rows { values[start + row] = tile.tile.logits(last)[row] }
            start += rows
        }
        free.withLock { $0.append(tile) }
    }
}
