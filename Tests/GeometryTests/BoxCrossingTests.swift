// SPDX-License-Identifier: Apache-2.0

import Geometry
import Testing

@Suite struct BoxCrossingTests {
    static let box = Box(minimum: SIMD3(-1, -2, -3), maximum: SIMD3(1, 2, 3))

    @Test func raysCrossWhereTheyShould() {
        #expect(Self.box.crossing(from: SIMD3(-3, 0, 0), along: SIMD3(1, 0, 0)) == 2...4)
        #expect(Self.box.crossing(from: SIMD3(0, 0, 0), along: SIMD3(0, -2, 0)) == 0...1)
        #expect(Self.box.crossing(from: SIMD3(3, 0, 0), along: SIMD3(1, 0, 0)) == nil, "behind")
        #expect(Self.box.crossing(from: SIMD3(-3, 2.5, 0), along: SIMD3(1, 0, 0)) == nil, "beside, along an axis")
        #expect(Self.box.crossing(from: SIMD3(-3, 0, 0), along: SIMD3(1, 5, 0)) == nil)
    }

    @Test func endsLieOnTheSurface() throws {
        var random = RandomStream(seed: 3, label: "box")
        func point(_ reach: Double) -> SIMD3<Double> {
            reach * (2 * SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble()) - 1)
        }
        for _ in 0..<200 {
            let (origin, target) = (point(8), point(0.9))
            let range = try #require(Self.box.crossing(from: origin, along: target - origin))
            for distance in [range.lowerBound, range.upperBound] where distance > 0 {
                let place = origin + distance * (target - origin)
                #expect(Self.box.expanded(by: 1e-9).contains(place) && !Self.box.expanded(by: -1e-9).contains(place))
            }
            #expect(range.contains(1) && (range.lowerBound == 0) == Self.box.contains(origin))
        }
    }
}
