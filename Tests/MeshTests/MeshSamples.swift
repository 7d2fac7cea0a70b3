// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// Meshes small enough to count by hand.
enum MeshSamples {
    /// Corners at the origin and at 1 on each axis.
    static let tetrahedron = TriangleMesh(
        positions: [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)],
        triangles: [SIMD3(0, 2, 1), SIMD3(0, 1, 3), SIMD3(0, 3, 2), SIMD3(1, 2, 3)])

    /// Two triangles over the unit square, seen from above.
    static let square = TriangleMesh(
        positions: [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(1, 1, 0), SIMD3(0, 1, 0)],
        triangles: [SIMD3(0, 1, 2), SIMD3(0, 2, 3)])

    /// The boundary of an axis-aligned box, faces outwards.
    static func box(_ minimum: SIMD3<Double>, _ maximum: SIMD3<Double>) -> TriangleMesh {
        let positions = (0..<8).map { corner in
            SIMD3(
                corner & 1 == 0 ? minimum.x : maximum.x, corner & 2 == 0 ? minimum.y : maximum.y,
                corner & 4 == 0 ? minimum.z : maximum.z)
        }
        let quads: [[UInt32]] = [
            [0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6],
        ]
        let triangles = quads.flatMap { [SIMD3($0[0], $0[1], $0[2]), SIMD3($0[0], $0[2], $0[3])] }
        return TriangleMesh(positions: positions, triangles: triangles)
    }

    /// A strip of five triangles whose ends are joined with a half turn.
    static let moebius = TriangleMesh(
        positions: momentCurve(5),
        triangles: [SIMD3(0, 1, 2), SIMD3(2, 1, 3), SIMD3(2, 3, 4), SIMD3(4, 3, 0), SIMD3(4, 0, 1)])

    /// Points of which no four lie in a plane.
    static func momentCurve(_ count: Int) -> [SIMD3<Double>] {
        (0..<count).map { index in
            let t = Double(index)
            return SIMD3(t, t * t, t * t * t)
        }
    }

    /// The meshes as one, without shared vertices.
    static func together(_ meshes: TriangleMesh...) -> TriangleMesh {
        var result = TriangleMesh()
        for mesh in meshes {
            let first = UInt32(result.positions.count)
            result.positions += mesh.positions
            result.triangles += mesh.triangles.map { $0 &+ SIMD3(repeating: first) }
        }
        return result
    }

    /// A box with normals and colours, each different; positions exact in 32 bits.
    static let decorated: TriangleMesh = {
        var mesh = box(SIMD3(-1, 0.25, 2), SIMD3(1.5, 3, 4))
        mesh.normals = mesh.areaWeightedNormals()
        mesh.colors = (0..<8).map { (index: UInt8) in SIMD4<UInt8>(30 * index, 255 - 30 * index, index, 255) }
        mesh.confidences = (0..<8).map { Float($0) / 7 }
        return mesh
    }()

    /// A millimetre-sized detail five thousand kilometres from the origin, as in survey coordinates.
    static let faraway: TriangleMesh = {
        let corner = SIMD3<Double>(4_500_000, 5_250_000, 120)
        var mesh = box(corner, corner + SIMD3(0.001, 0.0025, 0.125))
        mesh.positions[0].x += 1e-9
        return mesh
    }()
}
