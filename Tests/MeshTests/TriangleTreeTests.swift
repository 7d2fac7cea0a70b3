// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import Testing

@Suite struct TriangleTreeTests {
    /// Loose random triangles; every seventh has no area.
    private static func soup(_ count: Int, seed: UInt64) -> TriangleMesh {
        var random = RandomStream(seed: seed, label: "soup")
        var mesh = TriangleMesh()
        for face in 0..<count {
            let center = vector(&random)
            let corners = (0..<3).map { _ in center + 0.2 * vector(&random) }
            mesh.positions += face % 7 == 0 ? [corners[0], corners[1], 0.5 * (corners[0] + corners[1])] : corners
            mesh.triangles.append(SIMD3(0, 1, 2) &+ SIMD3(repeating: UInt32(3 * face)))
        }
        return mesh
    }

    private static func vector(_ random: inout RandomStream) -> SIMD3<Double> {
        SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble()) * 2 - 1
    }

    /// Nearest point by dense search over one face: rounds of a finer grid about the best place so far.
    private static func searchedDistance(_ p: SIMD3<Double>, _ mesh: TriangleMesh, face: Int) -> Double {
        let (a, b, c) = mesh.corners(of: face)
        var (best, u0, v0, width) = (Double.infinity, 0.0, 0.0, 1.0)
        for _ in 0..<30 {
            let (middleU, middleV) = (u0, v0)
            for i in -4...4 {
                for j in -4...4 {
                    let u = min(max(middleU + width * Double(i) / 4, 0), 1)
                    let v = min(max(middleV + width * Double(j) / 4, 0), 1 - u)
                    let distance = (a + u * (b - a) + v * (c - a) - p).length
                    if distance < best { (best, u0, v0) = (distance, u, v) }
                }
            }
            width *= 0.6
        }
        return best
    }

    @Test func nearestPointIsTheNearestOfAllFaces() throws {
        let mesh = Self.soup(60, seed: 1)
        let tree = TriangleTree(mesh)
        var random = RandomStream(seed: 2, label: "queries")
        for _ in 0..<40 {
            let query = 1.5 * Self.vector(&random)
            let found = try #require(tree.nearest(to: query))
            let searched = mesh.triangles.indices.map { Self.searchedDistance(query, mesh, face: $0) }
            let best = try #require(searched.min())
            #expect(abs(found.distance - best) < 1e-5, "\(found.distance) against \(best)")
            #expect(abs((found.point - query).length - found.distance) < 1e-12)
            #expect(searched[found.face] < best + 1e-5)
            #expect(tree.nearest(to: query, within: 0.999 * found.distance) == nil)
        }
    }

    @Test func raysMeetTheFirstFace() {
        let mesh = Self.soup(300, seed: 3)
        let tree = TriangleTree(mesh)
        var random = RandomStream(seed: 4, label: "rays")
        var hits = 0
        for _ in 0..<500 {
            let origin = 2 * Self.vector(&random)
            let direction = (Self.vector(&random) - origin).normalized
            // Plane first, then the signs of three areas: another formula than the one under test.
            let expected = mesh.triangles.indices.compactMap { face -> Double? in
                let (a, b, c) = mesh.corners(of: face)
                let normal = (b - a).cross(c - a)
                guard normal.dot(direction) != 0 else { return nil }
                let t = normal.dot(a - origin) / normal.dot(direction)
                let p = origin + t * direction
                let isInside = [(a, b), (b, c), (c, a)].allSatisfy { ($0.1 - $0.0).cross(p - $0.0).dot(normal) >= 0 }
                return t >= 0 && isInside ? t : nil
            }.min()
            let found = tree.firstHit(origin: origin, direction: direction, in: 0...10)
            #expect((found == nil) == (expected == nil))
            guard let found, let expected else { continue }
            hits += 1
            #expect(abs(found - expected) < 1e-9)
            #expect(tree.isHit(origin: origin, direction: direction, in: 0...(found + 1e-9)))
            #expect(!tree.isHit(origin: origin, direction: direction, in: 0...(found - 1e-9)))
        }
        #expect(hits > 50)
    }

    @Test func raysAlongTheSidesOfBoxesAreNotLost() {
        let tree = TriangleTree(MeshSamples.box(.zero, SIMD3(1, 1, 1)))
        for axis in 0..<3 {
            var (origin, direction) = (SIMD3<Double>(0.25, 0.5, 0.25), SIMD3<Double>.zero)
            (origin[axis], direction[axis]) = (-1, 1)
            #expect(tree.firstHit(origin: origin, direction: direction, in: 0...9) == 1)
            #expect(tree.firstHit(origin: origin, direction: direction, in: 1.5...9) == 2)
        }
    }

    @Test func manyEqualFacesAndNoneAreFine() {
        let one = TriangleMesh(
            positions: [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0)],
            triangles: Array(repeating: SIMD3(0, 1, 2), count: 5000))
        #expect(TriangleTree(one).nearest(to: SIMD3(0.25, 0.25, 3))?.distance == 3)
        #expect(TriangleTree(TriangleMesh()).nearest(to: .zero) == nil)
        #expect(TriangleTree(TriangleMesh()).firstHit(origin: .zero, direction: SIMD3(1, 0, 0), in: 0...1) == nil)
    }
}
