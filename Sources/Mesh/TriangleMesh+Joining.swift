// SPDX-License-Identifier: Apache-2.0

import Geometry

extension TriangleMesh {
    /// Several meshes as one, without shared vertices; what vertices carry is kept when it is there in all.
    ///
    /// - Precondition: together they have at most 2³² vertices.
    public init(joining meshes: [TriangleMesh]) {
        self.init()
        for mesh in meshes {
            let first = UInt32(positions.count)
            positions += mesh.positions
            triangles += mesh.triangles.map { $0 &+ SIMD3(repeating: first) }
        }
        normals = Self.joined(meshes.map(\.normals))
        colors = Self.joined(meshes.map(\.colors))
        confidences = Self.joined(meshes.map(\.confidences))
    }

    private static func joined<Value>(_ parts: [[Value]?]) -> [Value]? {
        let present = parts.compactMap { $0 }
        return parts.isEmpty || present.count < parts.count ? nil : Array(present.joined())
    }

    /// The mesh in another frame: positions and normals are mapped, winding stays, as the scale is positive.
    public func transformed(by map: Similarity) -> TriangleMesh {
        var result = self
        result.positions = positions.map { map($0) }
        result.normals = normals?.map { SIMD3<Float>(map.rotation(SIMD3<Double>($0))) }
        return result
    }
}
