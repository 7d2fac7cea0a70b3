// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import Slices
import Testing

@Suite struct ContourSupportTests {
    /// An octahedron around `center`; its surface meets the planes near it.
    private static func octahedron(_ center: SIMD3<Double>, radius: Double) -> TriangleMesh {
        let axes = [
            SIMD3<Double>(1, 0, 0), SIMD3(-1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, -1, 0), SIMD3(0, 0, 1), SIMD3(0, 0, -1),
        ]
        let faces: [SIMD3<UInt32>] = [
            SIMD3(0, 2, 4), SIMD3(2, 1, 4), SIMD3(1, 3, 4), SIMD3(3, 0, 4),
            SIMD3(2, 0, 5), SIMD3(1, 2, 5), SIMD3(3, 1, 5), SIMD3(0, 3, 5),
        ]
        return TriangleMesh(positions: axes.map { center + radius * $0 }, triangles: faces)
    }

    private static func joined(_ meshes: [TriangleMesh]) -> TriangleMesh {
        meshes.dropFirst().reduce(meshes[0]) { sum, mesh in
            let offset = UInt32(sum.positions.count)
            return TriangleMesh(
                positions: sum.positions + mesh.positions,
                triangles: sum.triangles + mesh.triangles.map { $0 &+ SIMD3(repeating: offset) })
        }
    }

    /// The contours are unit squares at z = 0 and z = 2.
    @Test func onlyPartsWithContoursStay() throws {
        let slices = try Samples.parse(Samples.squareTower).0
        let support = ContourSupport(slices, tolerance: 0.05)
        let body = Self.octahedron(SIMD3(0.5, 0.5, 0), radius: 0.5)
        let floater = Self.octahedron(SIMD3(0.5, 0.5, 1), radius: 0.3)
        let speck = Self.octahedron(SIMD3(0.5, 0.02, 0), radius: 0.04)
        let (kept, dropped) = support.keepingSupported(Self.joined([body, floater, speck]))
        #expect(dropped == 2)
        #expect(kept == body)
    }

    /// The same speck stands for a contour when the contour is as small.
    @Test func smallPartsWithSmallContoursStay() throws {
        let similarity = UniformSimilarity(scale: 0.06, translation: .zero)
        let slices = try Samples.parse(Samples.squareTower).0.transformed(by: similarity)
        let support = ContourSupport(slices, tolerance: 0.05)
        let body = Self.octahedron(SIMD3(0.03, 0.03, 0), radius: 0.04)
        #expect(support.keepingSupported(body).dropped == 0)
    }
}
