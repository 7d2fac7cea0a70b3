// SPDX-License-Identifier: Apache-2.0

import Geometry
import Slices
import TestSupport
import Testing

@Suite struct ConvexHullTests {
    @Test(arguments: 0..<200 as Range<UInt64>)
    func hullIsClosedSupportedAndHoldsAllPoints(seed: UInt64) {
        let points = points(seed: seed)
        let extent = Box(enclosing: points)?.diagonal ?? 0
        let hull = ConvexHull(points: points)
        for point in points { #expect(hull.contains(point, margin: 1e-12 * extent)) }
        for side in hull.halfSpaces {
            let touching = points.count { abs(side.normal.dot($0) - side.offset) < 1e-6 * extent }
            // A facet rests on three corners, also after the displacement against degeneracy.
            #expect(touching >= 3)
        }
        // A closed surface of genus 0, each edge used once in each direction.
        var edges: Set<SIMD2<UInt32>> = []
        for triangle in hull.triangles {
            for (a, b) in [(triangle.x, triangle.y), (triangle.y, triangle.z), (triangle.z, triangle.x)] {
                #expect(edges.insert(SIMD2(a, b)).inserted)
            }
        }
        #expect(edges.allSatisfy { edges.contains(SIMD2($0.y, $0.x)) })
        #expect(hull.vertices.count - edges.count / 2 + hull.triangles.count == 2)
        #expect(hull.contains(hull.centroid, margin: -1e-3 * extent))
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func sidesEqualBruteForce(seed: UInt64) {
        var random = RandomStream(seed: seed, label: "few")
        let points = (0..<14).map { _ in
            SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble())
        }
        // In general position every supporting triple is one side.
        var sides = 0
        for a in 0..<points.count {
            for b in 0..<a {
                for c in 0..<b {
                    let normal = (points[b] - points[a]).cross(points[c] - points[a])
                    let heights = points.map { normal.dot($0 - points[a]) }
                    let isSide = heights.allSatisfy { $0 < 1e-14 } || heights.allSatisfy { $0 > -1e-14 }
                    sides += isSide ? 1 : 0
                }
            }
        }
        let hull = ConvexHull(points: points)
        #expect(hull.triangles.count == sides)
        #expect(hull.halfSpaces.count == sides)
    }

    @Test func gridOfPointsGivesItsBox() {
        var points: [SIMD3<Double>] = []
        for x in 0...6 { for y in 0...6 { for z in 0...6 { points.append(SIMD3(Double(x), Double(y), Double(z))) } } }
        let hull = ConvexHull(points: points)
        #expect((hull.centroid - 3).length < 1e-6)
        #expect(abs(hull.signedDistanceBound(SIMD3(3, 3, 3)) + 3) < 1e-6)
        #expect(abs(hull.signedDistanceBound(SIMD3(3, 3, 8)) - 2) < 1e-6)
        let grown = hull.scaled(by: 2)
        #expect(grown.contains(SIMD3(8.9, 8.9, 8.9)))
        #expect(!grown.contains(SIMD3(9.1, 3, 3)))
    }

    @Test func degenerateInputFallsBackToTheBox() {
        let flat = (0..<20).map { SIMD3(Double($0 % 5), Double($0 / 5), 2) }
        let line = (0..<5).map { SIMD3(Double($0), Double($0), Double($0)) }
        let single = [SIMD3<Double>](repeating: SIMD3(1, 2, 3), count: 4)
        for points in [flat, line, single] {
            let hull = ConvexHull(points: points)
            #expect(hull.triangles.isEmpty)
            #expect(hull.halfSpaces.count == 6)
            #expect(points.allSatisfy { hull.contains($0, margin: 1e-12) })
            #expect(!hull.contains(SIMD3(9, 9, 9)))
        }
    }

    @Test(
        .enabled(if: SharedData.path("data/slices/rose.csl") != nil, "shared data absent"),
        arguments: ["armadillo", "rose", "Horsers", "eight_20", "Heart-simplified", "thin/helix_mixed"])
    func hullOfContoursHoldsThem(name: String) throws {
        let (set, _) = try CSLReader.read(path: try #require(SharedData.path("data/slices/\(name).csl")))
        let hull = ConvexHull(of: set)
        #expect(!hull.triangles.isEmpty)
        for point in set.sections.flatMap(\.vertices) {
            #expect(hull.contains(point, margin: 1e-9 * set.boundingBox.diagonal))
        }
        #expect(hull.halfSpaces.count <= hull.triangles.count)
    }

    /// Random clouds, some snapped to a few planes or to a coarse grid, to be degenerate.
    private func points(seed: UInt64) -> [SIMD3<Double>] {
        var random = RandomStream(seed: seed, label: "cloud")
        let count = 8 + random.index(below: 120)
        return (0..<count).map { index in
            var point = SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble()) * 4 - 1
            if seed % 4 == 1 { point.z = Double(index % 3) }
            if seed % 4 == 2 { point = (point * 2).rounded(.down) + SIMD3(0, 0, Double(index)) * 1e-3 }
            if seed % 4 == 3 { point = point.normalized }
            return point * (seed % 5 == 0 ? 1e-6 : 1) + (seed % 7 == 0 ? 1000 : 0)
        }
    }
}
