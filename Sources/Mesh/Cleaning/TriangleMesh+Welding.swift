// SPDX-License-Identifier: Apache-2.0

extension TriangleMesh {
    /// The mesh with vertices at exactly equal positions made one: the first of them, with its attributes.
    ///
    /// Faces that collapse to an edge or a point are dropped, as are vertices without a face. +0 and −0 are equal.
    public func weldingEqualPositions() -> TriangleMesh {
        var first: [SIMD3<Double>: UInt32] = [:]
        first.reserveCapacity(positions.count)
        let target = positions.indices.map { vertex -> UInt32 in
            let number = UInt32(vertex)
            if let known = first[positions[vertex]] { return known }
            first[positions[vertex]] = number
            return number
        }
        var result = self
        result.triangles = triangles.map { SIMD3(target[Int($0.x)], target[Int($0.y)], target[Int($0.z)]) }
            .filter { $0.isProper }
        return result.removingUnreferencedVertices()
    }
}
