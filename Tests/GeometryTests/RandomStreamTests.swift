// SPDX-License-Identifier: Apache-2.0

import Geometry
import Testing

@Suite struct RandomStreamTests {
    @Test func sameNameGivesTheSameNumbers() {
        var first = RandomStream(seed: 5, label: "batch", 3, 9)
        var second = RandomStream(seed: 5, label: "batch", 3, 9)
        for _ in 0..<100 { #expect(first.next() == second.next()) }
    }

    @Test func everyPartOfTheNameMatters() {
        var streams = [
            RandomStream(seed: 5, label: "batch", 3, 9), RandomStream(seed: 6, label: "batch", 3, 9),
            RandomStream(seed: 5, label: "match", 3, 9), RandomStream(seed: 5, label: "batch", 9, 3),
            RandomStream(seed: 5, label: "batch", 3), RandomStream(seed: 5, label: "batch"),
            RandomStream(seed: 5, label: "batch", 3, 9, 0), RandomStream(seed: 5, label: "batc", 3, 9),
            RandomStream(seed: 0, label: ""), RandomStream(seed: 0, label: "", 0),
        ]
        var seen: Set<UInt64> = []
        for index in streams.indices { for _ in 0..<100 { seen.insert(streams[index].next()) } }
        #expect(seen.count == 100 * streams.count)
    }

    @Test(arguments: [UInt64(0), 1, 2024, .max])
    func uniformNumbersHaveTheRightMoments(seed: UInt64) {
        var random = RandomStream(seed: seed, label: "moments")
        let count = 100_000
        let values = (0..<count).map { _ in Double(random.uniform()) }
        let mean = values.reduce(0, +) / Double(count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
        #expect(values.allSatisfy { (0..<1).contains($0) })
        // Five standard deviations: of the mean √(1/12n), of the variance √(1/180n).
        #expect(abs(mean - 0.5) < 5 / (12 * Double(count)).squareRoot())
        #expect(abs(variance - 1.0 / 12) < 5 / (180 * Double(count)).squareRoot())
    }

    @Test func neighbouringStreamsAreUncorrelated() {
        let count = 50_000
        var sum = 0.0
        for index in 0..<count {
            var first = RandomStream(seed: 1, label: "item", UInt64(index))
            var second = RandomStream(seed: 1, label: "item", UInt64(index + 1))
            sum += (first.uniformDouble() - 0.5) * (second.uniformDouble() - 0.5)
        }
        // The product has the standard deviation 1/12.
        #expect(abs(sum / Double(count)) < 5 / (12 * Double(count).squareRoot()))
    }

    @Test func indicesAreEvenlySpread() {
        var random = RandomStream(seed: 3, label: "indices")
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[random.index(below: 7)] += 1 }
        let squares = counts.reduce(0.0) { $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 10_000 }
        // χ² with six degrees of freedom exceeds 27.9 once in ten thousand.
        #expect(squares < 27.9, "\(counts)")
        #expect(random.index(below: 1) == 0)
    }

    /// The spacing of floats at 10⁸ is 8, so that half of all draws round up to the bound.
    @Test func upperBoundIsNeverReached() {
        var random = RandomStream(seed: 8, label: "bound")
        for _ in 0..<1000 {
            #expect((1e8..<1e8 + 8).contains(random.uniform(in: 1e8..<1e8 + 8)))
            #expect((-1..<1).contains(random.uniform(in: -1..<1)))
        }
    }
}
