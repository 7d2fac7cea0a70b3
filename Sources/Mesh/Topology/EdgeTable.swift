// SPDX-License-Identifier: Apache-2.0

/// All sides of all faces, grouped by undirected edge in ascending order of the two vertex indices.
///
/// Faces that name a vertex twice have no place in it. Built by counting, then by small sorts: linear time in practice,
/// and no order of a hash table reaches a result.
struct EdgeTable {
    /// One side of one face.
    struct Side {
        /// The larger vertex index of the edge; the smaller is the bucket.
        var upper: UInt32
        /// Three times the face plus the corner (0, 1, 2) where the side starts.
        var corner: UInt32
        /// Whether the face walks from the smaller index to the larger.
        var ascending: Bool
    }

    private let starts: [Int]
    private let sides: [Side]

    /// Sorts the sides of all faces; indices must be in range.
    init(_ mesh: TriangleMesh) {
        var starts = [Int](repeating: 0, count: mesh.positions.count + 1)
        Self.forEachSide(of: mesh) { lower, _ in starts[Int(lower) + 1] += 1 }
        for vertex in 0..<mesh.positions.count { starts[vertex + 1] += starts[vertex] }
        var next = starts
        let empty = Side(upper: 0, corner: 0, ascending: false)
        var sides = [Side](repeating: empty, count: starts[mesh.positions.count])
        Self.forEachSide(of: mesh) { lower, side in
            sides[next[Int(lower)]] = side
            next[Int(lower)] += 1
        }
        for vertex in 0..<mesh.positions.count where starts[vertex + 1] - starts[vertex] > 1 {
            sides[starts[vertex]..<starts[vertex + 1]].sort { ($0.upper, $0.corner) < ($1.upper, $1.corner) }
        }
        self.starts = starts
        self.sides = sides
    }

    private static func forEachSide(of mesh: TriangleMesh, _ body: (UInt32, Side) -> Void) {
        for (face, corners) in mesh.triangles.enumerated() {
            guard corners.x != corners.y, corners.y != corners.z, corners.z != corners.x else { continue }
            for start in 0..<3 {
                let from = corners[start]
                let to = corners[start == 2 ? 0 : start + 1]
                body(
                    min(from, to),
                    Side(upper: max(from, to), corner: UInt32(3 * face + start), ascending: from < to))
            }
        }
    }

    /// Calls `body` with the smaller vertex and all sides of each edge, in ascending order of the edges.
    func forEachEdge(_ body: (_ lower: Int, _ sides: ArraySlice<Side>) -> Void) {
        for lower in 0..<(starts.count - 1) {
            var first = starts[lower]
            while first < starts[lower + 1] {
                var last = first + 1
                while last < starts[lower + 1], sides[last].upper == sides[first].upper { last += 1 }
                body(lower, sides[first..<last])
                first = last
            }
        }
    }
}
