// SPDX-License-Identifier: Apache-2.0

extension TriangleMesh {
    /// The mesh with vertices at exactly equal positions made one: the first of them, with its attributes.
    ///
    /// Faces that collapse to an edge are dropped. +0 and −0 are equal.
    public func weldingEqualPositions() -> TriangleMesh {
        let order = positions.indices.sorted { a, b in
            let (p, q) = (positions[a], positions[b])
            if p.x != q.x { return p.x < q.x }
            if p.y != q.y { return p.y < q.y }
            if p.z != q.z { return p.z < q.z }
            return a < b
        }
        var first = Array(0..<UInt32(positions.count))
        for (place, vertex) in order.enumerated().dropFirst() where positions[order[place - 1]] == positions[vertex] {
            first[vertex] = first[order[place - 1]]
        }
        var result = self
        result.triangles = triangles.map { SIMD3(first[Int($0.x)], first[Int($0.y)], first[Int($0.z)]) }
            .filter { $0.isProper }
        return result.removingUnreferencedVertices()
    }
}
