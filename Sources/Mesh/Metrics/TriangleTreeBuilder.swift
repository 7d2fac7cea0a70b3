// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Splits faces into a hierarchy of boxes by the surface area heuristic over sixteen bins (Wald 2007).
struct TriangleTreeBuilder {
    private static let leafSize = 4
    private static let bins = 16
    /// From this depth on ranges are halved by number, which ends after 32 more levels at most.
    private static let halvingDepth = TriangleTree.depthLimit - 32

    private(set) var nodes: [TriangleTree.Node] = []
    /// Numbers of faces; a leaf holds a range of them.
    private(set) var order: [Int32]
    private let boxes: [(minimum: SIMD3<Double>, maximum: SIMD3<Double>)]
    private let centers: [SIMD3<Double>]

    init(_ mesh: TriangleMesh) {
        boxes = mesh.triangles.indices.map { face in
            let (a, b, c) = mesh.corners(of: face)
            return (pointwiseMin(a, pointwiseMin(b, c)), pointwiseMax(a, pointwiseMax(b, c)))
        }
        centers = boxes.map { 0.5 * $0.minimum + 0.5 * $0.maximum }
        order = mesh.triangles.indices.map { Int32($0) }
        nodes.reserveCapacity(mesh.triangles.count)
    }

    mutating func build() {
        guard !order.isEmpty else { return }
        build(order.indices, depth: 0)
    }

    private mutating func build(_ range: Range<Int>, depth: Int) {
        let place = nodes.count
        let box = bounds(range)
        nodes.append(
            TriangleTree.Node(
                minimum: box.minimum, maximum: box.maximum, first: Int32(range.lowerBound), count: Int32(range.count)))
        guard range.count > Self.leafSize else { return }
        let middle = split(range, depth: depth)
        nodes[place].count = 0
        build(range.lowerBound..<middle, depth: depth + 1)
        nodes[place].first = Int32(nodes.count)
        build(middle..<range.upperBound, depth: depth + 1)
    }

    private func bounds(_ range: Range<Int>) -> (minimum: SIMD3<Double>, maximum: SIMD3<Double>) {
        var lower = SIMD3<Double>(repeating: .infinity)
        var upper = SIMD3<Double>(repeating: -.infinity)
        for place in range {
            let box = boxes[Int(order[place])]
            lower = pointwiseMin(lower, box.minimum)
            upper = pointwiseMax(upper, box.maximum)
        }
        return (lower, upper)
    }

    /// Sorts `range` into two parts, neither empty, and says where the second starts.
    private mutating func split(_ range: Range<Int>, depth: Int) -> Int {
        let half = (range.lowerBound + range.upperBound) / 2
        var lower = SIMD3<Double>(repeating: .infinity)
        var upper = SIMD3<Double>(repeating: -.infinity)
        for place in range {
            lower = pointwiseMin(lower, centers[Int(order[place])])
            upper = pointwiseMax(upper, centers[Int(order[place])])
        }
        let extent = upper - lower
        let axis = extent.x >= extent.y && extent.x >= extent.z ? 0 : extent.y >= extent.z ? 1 : 2
        let scale = Double(Self.bins) / extent[axis]
        guard depth < Self.halvingDepth, extent[axis] > 0, scale.isFinite else { return half }
        let bin = { (center: SIMD3<Double>) in min(Int((center[axis] - lower[axis]) * scale), Self.bins - 1) }
        let border = cheapestBorder(range, bin: bin)
        var middle = range.lowerBound
        for place in range where bin(centers[Int(order[place])]) < border {
            order.swapAt(place, middle)
            middle += 1
        }
        return middle > range.lowerBound && middle < range.upperBound ? middle : half
    }

    /// The bin at which the second part should start: least sum over both parts of box surface times number of faces.
    private func cheapestBorder(_ range: Range<Int>, bin: (SIMD3<Double>) -> Int) -> Int {
        let nothing = Part()
        var parts = [Part](repeating: nothing, count: Self.bins)
        for place in range {
            let face = Int(order[place])
            parts[bin(centers[face])].add(boxes[face].minimum, boxes[face].maximum, count: 1)
        }
        var costs = [Double](repeating: 0, count: Self.bins)
        var (left, right) = (nothing, nothing)
        for border in 1..<Self.bins {
            left.add(parts[border - 1].minimum, parts[border - 1].maximum, count: parts[border - 1].count)
            costs[border] += left.cost
        }
        for border in (1..<Self.bins).reversed() {
            right.add(parts[border].minimum, parts[border].maximum, count: parts[border].count)
            costs[border] += right.cost
        }
        return (1..<Self.bins).min { (costs[$0], $0) < (costs[$1], $1) } ?? 1
    }

    private struct Part {
        var minimum = SIMD3<Double>(repeating: .infinity)
        var maximum = SIMD3<Double>(repeating: -.infinity)
        var count = 0

        mutating func add(_ lower: SIMD3<Double>, _ upper: SIMD3<Double>, count: Int) {
            minimum = pointwiseMin(minimum, lower)
            maximum = pointwiseMax(maximum, upper)
            self.count += count
        }

        var cost: Double {
            guard count > 0 else { return 0 }
            let e = maximum - minimum
            return Double(count) * (e.x * e.y + e.y * e.z + e.z * e.x)
        }
    }
}
