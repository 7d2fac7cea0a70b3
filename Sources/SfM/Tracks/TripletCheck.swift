// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Finds verified pairs whose relative rotation contradicts the others.
///
/// Around three images that are paired with each other, true relative rotations cancel (Zach, Klopschitz and Pollefeys 2010,
/// "Disambiguating visual relations using loop constraints"). A repeated motif or a mirror image can give a pair many
/// inliers and a wrong rotation; it then closes no triangle.
package struct TripletCheck {
    /// Relative rotation of one pair.
    package struct Edge {
        /// Dense image indices, `first < second`.
        package var first: Int
        package var second: Int
        package var secondFromFirst: Quaternion

        package init(first: Int, second: Int, secondFromFirst: Quaternion) {
            self.first = first
            self.second = second
            self.secondFromFirst = secondFromFirst
        }
    }

    /// By edge: triangles that close.
    package private(set) var closed: [Int]
    /// By edge: triangles that do not close although both other edges close others.
    package private(set) var open: [Int]
    /// By edge: the rotation that the open triangle with the best supported other edges asks for.
    package private(set) var expected: [Quaternion?]
    /// Largest angle at which a triangle counts as closed, in radians.
    package private(set) var limit: Double

    /// Triangles with a wrong edge that an edge must be in to be rejected: one alone may be another edge's fault.
    private static let minimumOpen = 2
    /// Bounds of ``limit`` in degrees. Guessed focal lengths bend all rotations, so that the limit follows the median.
    private static let limits = 5.0...20.0

    /// - Parameter edges: At most one for each pair of images.
    package init(_ edges: [Edge], imageCount: Int) {
        var edgeOfPair: [Int: Int] = [:]
        var neighbours = [[Int]](repeating: [], count: imageCount)
        for (index, edge) in edges.enumerated() {
            precondition(edge.first < edge.second, "the images of an edge ascend")
            edgeOfPair[edge.first * imageCount + edge.second] = index
            neighbours[edge.first].append(edge.second)
        }
        for image in neighbours.indices { neighbours[image].sort() }
        var triangles: [(edges: SIMD3<Int32>, angle: Double)] = []
        for (ab, edge) in edges.enumerated() {
            for third in neighbours[edge.second] {
                guard let bc = edgeOfPair[edge.second * imageCount + third],
                    let ac = edgeOfPair[edge.first * imageCount + third]
                else { continue }
                let loop =
                    edges[ac].secondFromFirst.inverse * edges[bc].secondFromFirst * edge.secondFromFirst
                triangles.append((SIMD3(Int32(ab), Int32(bc), Int32(ac)), loop.angle))
            }
        }
        let angles = triangles.map(\.angle).sorted()
        let median = angles.isEmpty ? 0 : angles[angles.count / 2]
        let bounds = (Self.limits.lowerBound * .pi / 180, Self.limits.upperBound * .pi / 180)
        limit = min(max(3 * median, bounds.0), bounds.1)
        closed = Array(repeating: 0, count: edges.count)
        open = closed
        expected = Array(repeating: nil, count: edges.count)
        var support = closed
        for triangle in triangles where triangle.angle <= limit {
            for side in 0..<3 { closed[Int(triangle.edges[side])] += 1 }
        }
        for triangle in triangles where triangle.angle > limit {
            for side in 0..<3 {
                let edge = Int(triangle.edges[side])
                let others = (0..<3).filter { $0 != side }.map { closed[Int(triangle.edges[$0])] }
                guard let weakest = others.min(), weakest > 0 else { continue }
                open[edge] += 1
                if weakest > support[edge] {
                    support[edge] = weakest
                    expected[edge] = Self.rotation(closing: triangle.edges, side: side, edges)
                }
            }
        }
    }

    /// The rotation of one side of the triangle (a, b), (b, c), (a, c) from those of the other two.
    private static func rotation(closing triangle: SIMD3<Int32>, side: Int, _ edges: [Edge]) -> Quaternion {
        let (ab, bc, ac) = (
            edges[Int(triangle.x)].secondFromFirst, edges[Int(triangle.y)].secondFromFirst,
            edges[Int(triangle.z)].secondFromFirst
        )
        switch side {
        case 0: return bc.inverse * ac
        case 1: return ac * ab.inverse
        default: return bc * ab
        }
    }

    /// Whether an edge closes no triangle, and at least two show that the fault is its own.
    package func rejects(_ edge: Int) -> Bool { closed[edge] == 0 && open[edge] >= Self.minimumOpen }
}
