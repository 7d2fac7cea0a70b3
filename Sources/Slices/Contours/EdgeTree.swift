// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A bounding-volume hierarchy over line segments in the plane.
///
/// Unlike a uniform grid it does not mind contours with edges of very different length, or queries far away.
struct EdgeTree: Sendable {
    struct Segment: Sendable {
        var start: SIMD2<Double>
        var end: SIMD2<Double>

        var lower: SIMD2<Double> { pointwiseMin(start, end) }
        var upper: SIMD2<Double> { pointwiseMax(start, end) }

        func squaredDistance(to point: SIMD2<Double>) -> Double {
            let along = end - start
            let offset = point - start
            let size = along.dot(along)
            let t = size > 0 ? min(max(offset.dot(along) / size, 0), 1) : 0
            let rest = offset - t * along
            return rest.dot(rest)
        }
    }

    private struct Node: Sendable {
        var lower: SIMD2<Double>
        var upper: SIMD2<Double>
        /// First place in `order` of a leaf; index of the second child of an inner node (the first one follows it).
        var link: Int32
        /// Number of segments of a leaf; 0 for an inner node.
        var count: Int32
    }

    private static let leafSize = 4
    private var nodes: [Node] = []
    /// Segments in the order of the leaves.
    private var segments: [Segment] = []
    /// Original index of each of `segments`.
    private var order: [Int32] = []

    /// - Complexity: O(n log² n).
    init(_ input: [Segment]) {
        guard !input.isEmpty else { return }
        var indices = Array(input.indices)
        build(input, &indices, 0..<input.count)
        segments = indices.map { input[$0] }
        order = indices.map(Int32.init)
    }

    private mutating func build(_ input: [Segment], _ indices: inout [Int], _ range: Range<Int>) {
        var lower = input[indices[range.lowerBound]].lower
        var upper = input[indices[range.lowerBound]].upper
        for place in range {
            lower = pointwiseMin(lower, input[indices[place]].lower)
            upper = pointwiseMax(upper, input[indices[place]].upper)
        }
        let node = nodes.count
        let isLeaf = range.count <= Self.leafSize
        nodes.append(
            Node(lower: lower, upper: upper, link: Int32(range.lowerBound), count: isLeaf ? Int32(range.count) : 0))
        guard !isLeaf else { return }
        let axis = upper.x - lower.x >= upper.y - lower.y ? 0 : 1
        // Twice the midpoint; ties by index, so that the tree does not depend on the sorting algorithm.
        let key = { (index: Int) in input[index].start[axis] + input[index].end[axis] }
        indices[range].sort { (key($0), $0) < (key($1), $1) }
        let middle = (range.lowerBound + range.upperBound) / 2
        build(input, &indices, range.lowerBound..<middle)
        nodes[node].link = Int32(nodes.count)
        build(input, &indices, middle..<range.upperBound)
    }

    /// Distance to the nearest segment; infinite when there is none.
    func distance(to point: SIMD2<Double>) -> Double { nearest(to: point).distance }

    /// The nearest segment and its distance; index −1 and infinity when there is none.
    func nearest(to point: SIMD2<Double>) -> (index: Int, distance: Double) {
        guard !nodes.isEmpty else { return (-1, .infinity) }
        var best = Double.infinity
        var index = -1
        search(0, point, &best, &index)
        return (index, best.squareRoot())
    }

    private func search(_ node: Int, _ point: SIMD2<Double>, _ best: inout Double, _ index: inout Int) {
        let current = nodes[node]
        if current.count > 0 {
            for place in Int(current.link)..<Int(current.link + current.count) {
                let distance = segments[place].squaredDistance(to: point)
                if distance < best {
                    best = distance
                    index = Int(order[place])
                }
            }
            return
        }
        var near = node + 1
        var far = Int(current.link)
        var nearBound = bound(near, point)
        var farBound = bound(far, point)
        if farBound < nearBound {
            swap(&near, &far)
            swap(&nearBound, &farBound)
        }
        if nearBound < best { search(near, point, &best, &index) }
        if farBound < best { search(far, point, &best, &index) }
    }

    /// Squared distance from `point` to the box of a node.
    private func bound(_ node: Int, _ point: SIMD2<Double>) -> Double {
        let gap = pointwiseMax(pointwiseMax(nodes[node].lower - point, point - nodes[node].upper), .zero)
        return gap.dot(gap)
    }

    /// Calls `body` with the index of every segment whose bounding box meets the given box.
    func forEachOverlapping(
        lower: SIMD2<Double>, upper: SIMD2<Double>, _ body: (Int) -> Void
    ) {
        guard !nodes.isEmpty else { return }
        var stack = [0]
        while let node = stack.popLast() {
            let current = nodes[node]
            guard all(current.lower .<= upper), all(current.upper .>= lower) else { continue }
            if current.count == 0 {
                stack.append(Int(current.link))
                stack.append(node + 1)
                continue
            }
            for place in Int(current.link)..<Int(current.link + current.count)
            where all(segments[place].lower .<= upper) && all(segments[place].upper .>= lower) {
                body(Int(order[place]))
            }
        }
    }
}
