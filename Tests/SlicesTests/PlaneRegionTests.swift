// SPDX-License-Identifier: Apache-2.0

import Geometry
import Slices
import Testing

@Suite struct PlaneRegionTests {
    @Test(arguments: [1, 2, 5])
    func insideEqualsBruteForce(labels: Int) {
        for seed in 0..<10 as Range<UInt64> {
            let section = Samples.randomSection(seed: seed, labels: labels, corners: 5 + Int(seed) * 11)
            let region = PlaneRegion(section)
            var random = RandomStream(seed: seed, label: "queries")
            var wrong = 0
            for _ in 0..<3400 {
                let point = SIMD2(random.uniformDouble() * 8 - 2, random.uniformDouble() * 6 - 2)
                if region.contains(point) != BruteForce.contains(section, point) { wrong += 1 }
            }
            #expect(wrong == 0, "seed \(seed)")
        }
    }

    @Test func rayThroughCornersIsCountedOnce() {
        // A diamond: the corner at y = 0 is on the ray of every query below.
        let diamond = [SIMD2<Double>(-1, 0), SIMD2(0, -1), SIMD2(1, 0), SIMD2(0, 1)]
        let region = PlaneRegion(section([SlicePolygon(points: diamond, label: 1)]))
        #expect(region.contains(SIMD2<Double>(0, 0)))
        #expect(region.contains(SIMD2<Float>(0.5, 0)))
        for x in [-3.0, -1.5, 1.5, 3] { #expect(!region.contains(SIMD2(x, 0))) }
        for y in [-1.0, 1, 2, -2] { #expect(!region.contains(SIMD2(0.001, y))) }
        #expect(!region.contains(SIMD2<Double>(.nan, 0)))
        #expect(!region.contains(SIMD2<Double>(0, .infinity)))
    }

    @Test func windingAndStartingCornerDoNotMatter() {
        let plain = Samples.randomSection(seed: 3, labels: 3, corners: 40)
        var turned = plain
        for index in turned.polygons.indices {
            turned.polygons[index].points.reverse()
            let points = turned.polygons[index].points
            turned.polygons[index].points = Array(points[7...] + points[..<7])
        }
        let (a, b) = (PlaneRegion(plain), PlaneRegion(turned))
        var random = RandomStream(seed: 3, label: "queries")
        for _ in 0..<5000 {
            let point = SIMD2(random.uniformDouble() * 8 - 2, random.uniformDouble() * 6 - 2)
            #expect(a.contains(point) == b.contains(point))
        }
        #expect(abs(a.boundaryLength - b.boundaryLength) < 1e-9 * a.boundaryLength)
    }

    @Test func signedDistanceEqualsBruteForceForOneLabel() {
        for seed in 0..<5 as Range<UInt64> {
            // A star with a hole and no overlap: every contour edge is boundary.
            var section = Samples.randomSection(seed: seed, labels: 1, corners: 30)
            section.polygons.removeLast()
            let edges = section.polygons.flatMap { BruteForce.edges($0.points) }
            let region = PlaneRegion(section)
            #expect(region.boundaryEdges.count == edges.count)
            var random = RandomStream(seed: seed, label: "queries")
            for _ in 0..<500 {
                let point = SIMD2(random.uniformDouble() * 12 - 5, random.uniformDouble() * 12 - 5)
                let distance = BruteForce.distance(edges, point)
                let expected = BruteForce.contains(section, point) ? -distance : distance
                #expect(abs(region.signedDistance(point) - expected) < 1e-12)
                #expect(region.nearestEdge(to: point)?.distance == abs(region.signedDistance(point)))
            }
        }
    }

    @Test func sharedEdgeOfTouchingLabelsIsNoBoundary() throws {
        let (set, _) = try Samples.parse(Samples.mixed)
        let section = set.sections[3]
        let region = PlaneRegion(section)
        // Together the labels are a rectangle of 3 by 1.
        #expect(abs(region.boundaryLength - 8) < 1e-12)
        #expect(region.boundaryEdges.count == 6)
        let middle = section.plane.coordinates(of: SIMD3(1, 5, 0.5))
        #expect(abs(region.signedDistance(middle) + 0.5) < 1e-12)
        var alone = section
        alone.polygons.removeFirst()
        #expect(abs(PlaneRegion(alone).boundaryLength - 6) < 1e-12)
    }

    @Test func overlappingLabelsHaveTheOutlineOfTheirUnion() {
        func square(_ x: Double, _ label: Int) -> SlicePolygon {
            SlicePolygon(points: [SIMD2(x, 0), SIMD2(x + 2, 0), SIMD2(x + 2, 2), SIMD2(x, 2)], label: label)
        }
        // Overlap of 1; the horizontal sides run along one another.
        #expect(abs(PlaneRegion(section([square(0, 1), square(1, 2)])).boundaryLength - 10) < 1e-9)
        // The same square twice.
        #expect(abs(PlaneRegion(section([square(0, 1), square(0, 2)])).boundaryLength - 8) < 1e-9)
        // One within the other.
        let inner = SlicePolygon(points: [SIMD2(0.5, 0.5), SIMD2(1.5, 0.5), SIMD2(1, 1.5)], label: 2)
        #expect(abs(PlaneRegion(section([square(0, 1), inner])).boundaryLength - 8) < 1e-9)
    }

    @Test func boundarySeparatesInsideFromOutside() {
        for seed in 0..<10 as Range<UInt64> {
            let section = Samples.randomSection(seed: seed, labels: 3, corners: 25)
            let region = PlaneRegion(section)
            var total = 0.0
            for (index, edge) in region.boundaryEdges.enumerated() {
                total += edge.length
                #expect(abs(edge.cumulativeLength - total) < 1e-12 * total)
                #expect(abs(edge.outwardNormal.length - 1) < 1e-12)
                #expect(region.boundaryEdgeIndex(atArcLength: total - 0.5 * edge.length) == index)
                // Each piece is border over its whole length, not only at its middle.
                guard edge.length > 1e-4 else { continue }
                for t in [0.05, 0.31, 0.77, 0.95] {
                    let step = 1e-7 * edge.outwardNormal
                    #expect(!region.contains(edge.point(at: t) + step))
                    #expect(region.contains(edge.point(at: t) - step))
                }
            }
        }
    }

    private func section(_ polygons: [SlicePolygon]) -> CrossSection {
        CrossSection(plane: SlicePlane(origin: .zero, normal: SIMD3(0, 0, 1)), polygons: polygons, number: 1)
    }
}
