// SPDX-License-Identifier: Apache-2.0

import Geometry

extension TriangleMesh {
    /// The mesh without the components for which `keep` is false, and without vertices that no face uses.
    public func keepingComponents(where keep: (ComponentSummary) throws -> Bool) rethrows -> TriangleMesh {
        let components = ConnectedComponents(of: self)
        let kept = try components.summaries(of: self).map { try keep($0) }
        var result = self
        result.triangles = triangles.indices.filter { kept[components.componentOfFace[$0]] }.map { triangles[$0] }
        return result.removingUnreferencedVertices()
    }

    /// The mesh without components whose vertices all fail `isWanted`.
    public func keepingComponents(touching isWanted: (SIMD3<Double>) throws -> Bool) rethrows -> TriangleMesh {
        try keepingComponents { try $0.vertices.contains { try isWanted(positions[$0]) } }
    }

    /// The mesh without components that enclose less than `volume`, cavities included, in cubed units.
    public func keepingComponents(minimumVolume volume: Double) -> TriangleMesh {
        keepingComponents { abs($0.volume) >= volume }
    }

    /// The mesh without vertices that no face uses; the others keep their order.
    public func removingUnreferencedVertices() -> TriangleMesh {
        var used = [Bool](repeating: false, count: positions.count)
        for face in triangles { for corner in 0..<3 { used[Int(face[corner])] = true } }
        return keepingVertices { used[$0] }
    }

    /// Keeps vertices in order; the faces must use no others.
    private func keepingVertices(_ isKept: (Int) -> Bool) -> TriangleMesh {
        let kept = positions.indices.filter(isKept)
        guard kept.count < positions.count else { return self }
        var number = [UInt32](repeating: 0, count: positions.count)
        for (new, old) in kept.enumerated() { number[old] = UInt32(new) }
        return TriangleMesh(
            positions: kept.map { positions[$0] },
            triangles: triangles.map { SIMD3(number[Int($0.x)], number[Int($0.y)], number[Int($0.z)]) },
            normals: normals.map { normals in kept.map { normals[$0] } },
            colors: colors.map { colors in kept.map { colors[$0] } },
            confidences: confidences.map { confidences in kept.map { confidences[$0] } })
    }
}
