// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A field given by its values on the nodes of a grid, smooth between them.
///
/// Between nodes it is the tensor product of Catmull-Rom splines: it takes the given values on the nodes, has continuous
/// slopes, and reproduces polynomials of degree 2. Outside the grid the nearest point of the grid counts.
public struct GridField: ScalarField {
    /// Where the nodes are; at least 2 along each axis.
    public let grid: RegularGrid
    /// One value for each node, x fastest.
    public let values: [Float]

    /// Wraps values.
    ///
    /// - Precondition: `values` has `grid.nodeCount` entries, and each axis two nodes or more.
    public init(grid: RegularGrid, values: [Float]) {
        precondition(values.count == grid.nodeCount, "\(values.count) values for \(grid.nodeCount) nodes")
        precondition(grid.counts.min() >= 2, "a field needs two nodes along each axis, got \(grid.counts)")
        self.grid = grid
        self.values = values
    }

    /// Interpolates; NaN points give NaN.
    public func evaluate(at points: UnsafeBufferPointer<SIMD3<Float>>, into values: UnsafeMutableBufferPointer<Float>) {
        self.values.withUnsafeBufferPointer { nodes in
            for (index, point) in points.enumerated() { values[index] = value(nodes, at: point) }
        }
    }

    private func value(_ nodes: UnsafeBufferPointer<Float>, at point: SIMD3<Float>) -> Float {
        let x = GridPlace(point, axis: 0, grid).spline
        let y = GridPlace(point, axis: 1, grid).spline
        let z = GridPlace(point, axis: 2, grid).spline
        var sum: Float = 0
        for c in 0..<4 {
            var layer: Float = 0
            for b in 0..<4 {
                let row = grid.counts.x * (y.nodes[b] + grid.counts.y * z.nodes[c])
                var along: Float = 0
                for a in 0..<4 { along += x.weights[a] * nodes[row + x.nodes[a]] }
                layer += y.weights[b] * along
            }
            sum += z.weights[c] * layer
        }
        return sum
    }

    /// Values at the nodes of another grid.
    package func sampled(on other: RegularGrid, threads: Int) -> [Float] { other.sample(self, threads: threads) }
}

/// Where a coordinate lies among the nodes along one axis.
struct GridPlace {
    /// The node at or before it, at most the last but one.
    let node: Int
    /// Share of the way to the next node, 0...1.
    let share: Float
    private let last: Int

    @inline(__always)
    init(_ point: SIMD3<Float>, axis: Int, _ grid: RegularGrid) {
        let place = (Double(point[axis]) - grid.origin[axis]) / grid.spacing[axis]
        last = grid.counts[axis] - 1
        // Written so that NaN takes node 0 and stays NaN in the share.
        node = place > 0 ? min(Int(min(place, Double(last))), last - 1) : 0
        share = place < 0 ? 0 : place > Double(last) ? 1 : Float(place - Double(node))
    }

    /// Four nodes, repeated at the ends of the axis, and their weights.
    @inline(__always)
    var spline: (nodes: SIMD4<Int>, weights: SIMD4<Float>) {
        let t = share
        let outer = -0.5 * t * (1 - t)
        var weights = SIMD4(outer * (1 - t), 1 + t * t * (1.5 * t - 2.5), t * (0.5 + t * (2 - 1.5 * t)), outer * t)
        // Beyond the ends the field goes on straight.
        if node == 0 { weights = SIMD4(0, weights.y + 2 * weights.x, weights.z - weights.x, weights.w) }
        if node + 1 == last { weights = SIMD4(weights.x, weights.y - weights.w, weights.z + 2 * weights.w, 0) }
        return (SIMD4(max(node - 1, 0), node, node + 1, min(node + 2, last)), weights)
    }
}
