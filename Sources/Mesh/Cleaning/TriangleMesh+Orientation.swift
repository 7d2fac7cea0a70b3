// SPDX-License-Identifier: Apache-2.0

import Geometry

extension TriangleMesh {
    /// The mesh with every face turned over; normals turn with them.
    public func flipped() -> TriangleMesh {
        var result = self
        result.triangles = triangles.map { SIMD3($0.x, $0.z, $0.y) }
        result.normals = normals?.map { SIMD3<Float>.zero - $0 }
        return result
    }

    /// The mesh, turned over as a whole when its signed volume is negative.
    ///
    /// Cavities keep their opposite winding; a mesh of which only a part is inside out needs more than this.
    public func orientedOutward() -> TriangleMesh { volume < 0 ? flipped() : self }

    /// Area-weighted mean of the normals of the faces around each vertex, of unit length; zero where they cancel.
    public func areaWeightedNormals() -> [SIMD3<Float>] {
        var sums = [SIMD3<Double>](repeating: .zero, count: positions.count)
        for (index, face) in triangles.enumerated() {
            let (a, b, c) = corners(of: index)
            let doubled = (b - a).cross(c - a)
            for corner in 0..<3 { sums[Int(face[corner])] += doubled }
        }
        return sums.map { SIMD3<Float>($0.normalized) }
    }
}
