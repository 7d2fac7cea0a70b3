// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A hierarchy of boxes over the faces of a mesh: nearest points and rays in logarithmic time.
///
/// Answers do not depend on how the tree is built, except that of equally near faces any may be named, always the same one.
public struct TriangleTree: Sendable {
    /// A box with either faces or two further boxes in it.
    struct Node {
        var minimum: SIMD3<Double>
        var maximum: SIMD3<Double>
        /// First face of a leaf, or the second child; the first child follows its parent.
        var first: Int32
        /// Faces of a leaf; 0 for an inner node.
        var count: Int32
    }

    /// Depth that no path of the tree exceeds; see ``TriangleTreeBuilder``.
    static let depthLimit = 96

    var nodes: [Node]
    /// In the order of the leaves.
    var corners: [TriangleCorners]
    /// Number of each of them in the mesh.
    var faces: [Int32]

    /// Builds the tree.
    ///
    /// - Precondition: indices are in range, positions finite, and there are fewer than 2³¹ faces.
    /// - Complexity: O(n log n).
    public init(_ mesh: TriangleMesh) {
        var builder = TriangleTreeBuilder(mesh)
        builder.build()
        nodes = builder.nodes
        corners = builder.order.map { face in
            let (a, b, c) = mesh.corners(of: Int(face))
            return TriangleCorners(a: a, b: b, c: c)
        }
        faces = builder.order
    }

    /// The point of a surface nearest to another point.
    public struct Nearest: Sendable {
        /// Number of the face it lies on.
        public var face: Int
        /// On the surface.
        public var point: SIMD3<Double>
        /// From the point that was asked for.
        public var distance: Double
    }

    /// The point of the surface nearest to `query`, or `nil` when there are no faces or none is within `limit`.
    public func nearest(to query: SIMD3<Double>, within limit: Double = .infinity) -> Nearest? {
        var best = (face: -1, point: SIMD3<Double>.zero, squared: limit * limit)
        walk(
            { Self.squaredDistance(query, $0) }, bound: { best.squared },
            visit: { triangle, face in
                let point = triangle.closestPoint(to: query)
                let squared = (point - query).dot(point - query)
                if squared < best.squared { best = (face, point, squared) }
                return true
            })
        return best.face < 0 ? nil : Nearest(face: best.face, point: best.point, distance: best.squared.squareRoot())
    }

    /// The smallest `t` in `range` at which the ray `origin + t · direction` meets the surface, from either side.
    public func firstHit(origin: SIMD3<Double>, direction: SIMD3<Double>, in range: ClosedRange<Double>) -> Double? {
        var best: Double?
        var bound = range.upperBound
        let inverse = 1 / direction
        walk(
            { Self.entry(origin, inverse, $0, range.lowerBound, bound) }, bound: { bound.nextUp },
            visit: { triangle, _ in
                if let t = triangle.hit(origin: origin, direction: direction), t >= range.lowerBound, t <= bound {
                    (best, bound) = (t, t)
                }
                return true
            })
        return best
    }

    /// Whether anything lies on the ray `origin + t · direction` within `range`.
    public func isHit(origin: SIMD3<Double>, direction: SIMD3<Double>, in range: ClosedRange<Double>) -> Bool {
        var isFound = false
        let inverse = 1 / direction
        walk(
            { Self.entry(origin, inverse, $0, range.lowerBound, range.upperBound) }, bound: { .infinity },
            visit: { triangle, _ in
                if let t = triangle.hit(origin: origin, direction: direction), range.contains(t) { isFound = true }
                return !isFound
            })
        return isFound
    }

    /// Visits the faces of all boxes whose `key` is below `bound`, boxes with a smaller key first, until `visit` says no.
    @inline(__always)
    private func walk(
        _ key: (Node) -> Double, bound: () -> Double, visit: (TriangleCorners, Int) -> Bool
    ) {
        guard !nodes.isEmpty else { return }
        withUnsafeTemporaryAllocation(of: (node: Int32, key: Double).self, capacity: Self.depthLimit + 2) { stack in
            nodes.withUnsafeBufferPointer { nodes in
                corners.withUnsafeBufferPointer { corners in
                    var height = 1
                    stack[0] = (0, key(nodes[0]))
                    while height > 0 {
                        height -= 1
                        let top = stack[height]
                        guard top.key < bound() else { continue }
                        let node = nodes[Int(top.node)]
                        if node.count > 0 {
                            for place in Int(node.first)..<Int(node.first + node.count) {
                                guard visit(corners[place], Int(faces[place])) else { return }
                            }
                            continue
                        }
                        let near = (node: top.node + 1, key: key(nodes[Int(top.node) + 1]))
                        let far = (node: node.first, key: key(nodes[Int(node.first)]))
                        stack[height] = near.key <= far.key ? far : near
                        stack[height + 1] = near.key <= far.key ? near : far
                        height += 2
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func squaredDistance(_ point: SIMD3<Double>, _ node: Node) -> Double {
        let outside = pointwiseMax(pointwiseMax(node.minimum - point, point - node.maximum), .zero)
        return outside.dot(outside)
    }

    /// Where the ray enters the box, at least `from`; infinite when it misses or enters after `to`.
    @inline(__always)
    private static func entry(
        _ origin: SIMD3<Double>, _ inverse: SIMD3<Double>, _ node: Node, _ from: Double, _ to: Double
    ) -> Double {
        let (t0, t1) = ((node.minimum - origin) * inverse, (node.maximum - origin) * inverse)
        let (near, far) = (pointwiseMin(t0, t1), pointwiseMax(t0, t1))
        // Rounding must not lose a hit on the border of a box. A ray within a side of the box gives 0 · ∞: `max` and `min`
        // then keep the other operand.
        var (enter, leave) = (from, to)
        for axis in 0..<3 {
            if near[axis] > enter { enter = near[axis] }
            if far[axis] < leave { leave = far[axis] }
        }
        return enter <= leave + abs(leave) * 4 * Double.ulpOfOne ? enter : .infinity
    }
}
