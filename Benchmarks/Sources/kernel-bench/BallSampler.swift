// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// Random points of a ball-shaped solid; drawing them costs next to nothing, so the figure is the network's.
struct BallSampler: OccupancySampler {
    func fill(
        step: Int, tile: Int, progress: Double, rows: Int, nearRows: Int, points: UnsafeMutablePointer<Float>,
        labels: UnsafeMutablePointer<Float>
    ) {
        var random = RandomStream(seed: 1, label: "ball", UInt64(step), UInt64(tile))
        for row in 0..<rows {
            var square: Float = 0
            for axis in 0..<3 {
                let x = random.uniform(in: -1..<1)
                points[4 * row + axis] = x
                square += x * x
            }
            labels[row] = square < 0.25 ? 1 : 0
        }
    }
}
