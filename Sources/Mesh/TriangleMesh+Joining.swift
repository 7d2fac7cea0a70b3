// SPDX-License-Identifier: Apache-2.0

import Geometry

extension TriangleMesh {
    /// Several meshes as one, without shared vertices; normals and colours are kept when all have them.
    ///
    /// - Precondition: together they have at most 2³² vertices.
    public init(joining meshes: [TriangleMesh]) {
        self.init()
        for mesh in meshes {
            let first = UInt32(positions.count)
            positions += mesh.positions
            triangles += mesh.triangles.map { $0 &+ SIMD3(repeating: first) }
        }
        let (normals, colors) = (meshes.compactMap(\.normals), meshes.compactMap(\.colors))
        if !meshes.isEmpty, normals.count == meshes.count { self.normals = Array(normals.joined()) }
        if !meshes.isEmpty, colors.count == meshes.count { self.colors = Array(colors.joined()) }
    }

    /// The mesh in another frame: positions and normals are mapped, winding stays, as the scale is positive.
    public func transformed(by map: Similarity) -> TriangleMesh {
        var result = self
        result.positions = positions.map { map($0) }
        result.normals = normals?.map { SIMD3<Float>(map.rotation(SIMD3<Double>($0))) }
        return result
    }
}
