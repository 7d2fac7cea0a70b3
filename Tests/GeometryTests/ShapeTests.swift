// SPDX-License-Identifier: Apache-2.0

import Geometry
import Testing

@Suite struct BoxTests {
    @Test func boxEnclosesItsPoints() throws {
        let points = [SIMD3<Double>(1, -2, 3), SIMD3(-1, 5, 3), SIMD3(0, 0, 7)]
        let box = try #require(Box(enclosing: points))
        #expect(box == Box(minimum: SIMD3(-1, -2, 3), maximum: SIMD3(1, 5, 7)))
        #expect(points.allSatisfy { box.contains($0) })
        #expect(!box.contains(SIMD3(1.001, 0, 5)) && !box.contains(SIMD3(.nan, 0, 5)))
        #expect(box.extent == SIMD3(2, 7, 4) && box.center == SIMD3(0, 1.5, 5))
        #expect(box.diagonal == 69.0.squareRoot())
    }

    @Test func noPointsGiveNoBoxAndOnePointABoxOfNoSize() throws {
        #expect(Box(enclosing: []) == nil)
        let box = try #require(Box(enclosing: [SIMD3(4, 5, 6)]))
        #expect(box.extent == .zero && box.contains(SIMD3(4, 5, 6)))
    }

    @Test func expandedBoxGrowsOnAllSides() {
        let box = Box(minimum: .zero, maximum: SIMD3(1, 2, 3)).expanded(by: 0.5)
        #expect(box == Box(minimum: SIMD3(repeating: -0.5), maximum: SIMD3(1.5, 2.5, 3.5)))
    }

    @Test func centerOfAHugeBoxIsFinite() {
        let box = Box(minimum: SIMD3(repeating: 1e308), maximum: SIMD3(repeating: 1.5e308))
        #expect(box.center == SIMD3(repeating: 1.25e308))
    }
}

@Suite struct UniformSimilarityTests {
    @Test func inverseUndoesTheMap() {
        for seed in 0..<200 {
            var random = RandomStream(seed: UInt64(seed), label: "similarity")
            let value = { (size: Double) in size * (random.uniformDouble() - 0.5) }
            let map = UniformSimilarity(
                scale: 0.001 + random.uniformDouble() * 1000, translation: SIMD3(value(1e4), value(1e4), value(1e4)))
            let point = SIMD3(value(100), value(100), value(100))
            // Rounding of the largest number on the way, seen from the start.
            let limit = 8 * Double.ulpOfOne * (map(point).length + map.translation.length) / map.scale
            #expect((map.inverse(map(point)) - point).length <= limit, "seed \(seed)")
        }
        let power = UniformSimilarity(scale: 4, translation: SIMD3(1, -8, 0.5))
        #expect(power.inverse.inverse == power)
        #expect(UniformSimilarity.identity(SIMD3(1, 2, 3)) == SIMD3(1, 2, 3))
    }

    @Test func boxIsCentredAndItsLongestSideScaled() {
        let box = Box(minimum: SIMD3(10, 20, 30), maximum: SIMD3(14, 28, 31))
        let map = UniformSimilarity(centering: box, halfExtent: 0.5)
        #expect(map(box) == Box(minimum: SIMD3(-0.25, -0.5, -0.0625), maximum: SIMD3(0.25, 0.5, 0.0625)))
    }
}

@Suite struct VectorTests {
    @Test func productsFollowTheRightHand() {
        #expect(SIMD3(1.0, 0, 0).cross(SIMD3(0, 1, 0)) == SIMD3(0, 0, 1))
        #expect(SIMD2(1.0, 0).cross(SIMD2(0, 1)) == 1)
        #expect(SIMD3(1.0, 2, 3).dot(SIMD3(4, -5, 6)) == 12)
        #expect(SIMD3(3.0, 0, 4).normalized == SIMD3(0.6, 0, 0.8))
        #expect(SIMD3<Double>.zero.normalized == .zero)
    }
}
