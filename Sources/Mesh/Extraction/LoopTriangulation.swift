// SPDX-License-Identifier: Apache-2.0

/// Triangles that fill one loop of cut edges.
package struct LoopTriangulation {
    /// Cut edges, or ``centre`` for the middle of the loop.
    package let triangles: [[Int]]
    /// Whether a vertex in the middle of the loop is needed.
    package var hasCentre: Bool { triangles.contains { $0.contains(Self.centre) } }
    /// Stands for the middle of the loop.
    package static let centre = 12

    /// Fills `loop` without a diagonal between two edges of one cell face.
    ///
    /// The neighbour beyond such a face could draw the same diagonal, which would give an edge with four triangles. Among
    /// the permitted triangulations the one with the smallest sum of squared diagonals (edges cut in their middles) is
    /// taken; when there is none, a fan around the middle of the loop.
    package init(_ loop: [Int]) {
        var search = Search(loop: loop)
        if search.cost(0, loop.count - 1) < Search.impossible {
            var found: [[Int]] = []
            search.collect(0, loop.count - 1, into: &found)
            triangles = found
        } else {
            triangles = loop.indices.map { [Self.centre, loop[$0], loop[($0 + 1) % loop.count]] }
        }
    }

    /// Dynamic programme over the parts `first ... last` of the loop.
    private struct Search {
        static let impossible = 1 << 20
        let loop: [Int]
        private var memory: [Int: (cost: Int, apex: Int)] = [:]

        init(loop: [Int]) { self.loop = loop }

        mutating func cost(_ first: Int, _ last: Int) -> Int { best(first, last).cost }

        mutating func best(_ first: Int, _ last: Int) -> (cost: Int, apex: Int) {
            if last - first < 2 { return (0, first) }
            let key = first * 16 + last
            if let known = memory[key] { return known }
            var result = (cost: Self.impossible, apex: first)
            for apex in (first + 1)..<last {
                let sum = side(first, apex) + side(apex, last) + cost(first, apex) + cost(apex, last)
                if sum < result.cost { result = (sum, apex) }
            }
            memory[key] = result
            return result
        }

        mutating func collect(_ first: Int, _ last: Int, into triangles: inout [[Int]]) {
            guard last - first >= 2 else { return }
            let apex = best(first, last).apex
            triangles.append([loop[first], loop[apex], loop[last]])
            collect(first, apex, into: &triangles)
            collect(apex, last, into: &triangles)
        }

        /// Squared length of a diagonal in half cell sides, or ``impossible`` when it is forbidden.
        private func side(_ a: Int, _ b: Int) -> Int {
            if b - a == 1 || b - a == loop.count - 1 { return 0 }
            if CellNumbering.faces(ofEdge: loop[a]) & CellNumbering.faces(ofEdge: loop[b]) != 0 {
                return Self.impossible
            }
            let p = Self.middle(loop[a])
            let q = Self.middle(loop[b])
            return (p &- q).x * (p &- q).x + (p &- q).y * (p &- q).y + (p &- q).z * (p &- q).z
        }

        private static func middle(_ edge: Int) -> SIMD3<Int> {
            let (axis, low) = CellNumbering.ends(ofEdge: edge)
            var point = SIMD3(low & 1, low >> 1 & 1, low >> 2) &* 2
            point[axis] = 1
            return point
        }
    }
}
