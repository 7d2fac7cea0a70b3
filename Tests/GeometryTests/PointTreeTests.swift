// SPDX-License-Identifier: Apache-2.0

import Geometry
import Testing

@Suite struct PointTreeTests {
    @Test(arguments: [0, 1, 2, 3, 100, 1000])
    func findsWhatTryingAllFinds(count: Int) {
        var random = RandomStream(seed: UInt64(count), label: "point tree")
        func point() -> SIMD3<Double> {
            SIMD3(random.uniformDouble(), random.uniformDouble(), 0.1 * random.uniformDouble())
        }
        let points = (0..<count).map { _ in point() }
        let tree = PointTree(points)
        for _ in 0..<200 {
            let query = 2 * point() - SIMD3(repeating: 0.5)
            let truth = points.map { ($0 - query).length }.min()
            let found = tree.nearest(to: query)
            #expect(found?.distance == truth)
            if let found { #expect((points[found.index] - query).length == found.distance) }
            let limit = random.uniformDouble() + 1e-9
            #expect(tree.nearest(to: query, within: limit)?.distance == truth.flatMap { $0 < limit ? $0 : nil })
        }
    }

    @Test func equalPointsGiveTheSameOneEachTime() {
        let tree = PointTree(Array(repeating: SIMD3(1, 2, 3), count: 50))
        let numbers = Set((0..<20).compactMap { _ in tree.nearest(to: SIMD3(1, 2, 4))?.index })
        #expect(numbers.count == 1)
    }
}
