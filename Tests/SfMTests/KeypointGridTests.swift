// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

@Suite struct KeypointGridTests {
    private static func points(_ count: Int, seed: UInt64) -> [SIMD2<Double>] {
        var random = RandomStream(seed: seed, label: "points")
        return (0..<count).map { _ in SIMD2(20 + 700 * random.uniformDouble(), -5 + 300 * random.uniformDouble()) }
    }

    @Test(arguments: 0..<200) func allPointsNearALineAreFoundOnce(seed: UInt64) {
        let points = Self.points(Int(seed) * 3, seed: seed)
        let grid = KeypointGrid(points)
        var random = RandomStream(seed: seed, label: "line")
        let angle = 2 * Double.pi * random.uniformDouble()
        let direction = seed % 10 == 0 ? SIMD2(0.0, 1.0) : seed % 10 == 1 ? SIMD2(1.0, 0.0) : SIMD2(angle, 3 - angle)
        let through = SIMD2(800 * random.uniformDouble(), 400 * random.uniformDouble())
        let line = 0.01 * SIMD3(direction.x, direction.y, -direction.dot(through))
        var seen: [Int32] = []
        grid.visit(near: line, distance: 7) { seen += grid.order[$0] }
        #expect(Set(seen).count == seen.count)
        let near = points.indices.filter { index in
            abs(line.dot(SIMD3(points[index].x, points[index].y, 1))) <= 7 * SIMD2(line.x, line.y).length
        }
        #expect(Set(near.map(Int32.init)).isSubset(of: Set(seen)))
        if points.count > 300 { #expect(seen.count < points.count / 2) }
    }

    @Test(arguments: 0..<100) func allPointsNearAPlaceAreFoundOnce(seed: UInt64) {
        let points = Self.points(Int(seed) * 5, seed: seed)
        let grid = KeypointGrid(points)
        var random = RandomStream(seed: seed, label: "place")
        let place = SIMD2(-50 + 900 * random.uniformDouble(), -50 + 500 * random.uniformDouble())
        var seen: [Int32] = []
        grid.visit(near: place, distance: 20) { seen += grid.order[$0] }
        #expect(Set(seen).count == seen.count)
        let near = points.indices.filter { (points[$0] - place).length <= 20 }
        #expect(Set(near.map(Int32.init)).isSubset(of: Set(seen)))
    }

    @Test func pointsAtOnePlaceOrOnALineAreNoTrouble() {
        for points in [Array(repeating: SIMD2(3.0, 4.0), count: 50), (0..<50).map { SIMD2(Double($0) * 1e4, 0) }] {
            let grid = KeypointGrid(points)
            var seen: [Int32] = []
            grid.visit(near: SIMD3(0, 1, 0), distance: 5) { seen += grid.order[$0] }
            #expect(seen.count == 50)
        }
    }
}
