// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct CompositingTests {
    static func weigh(_ depths: [Double]) -> (weights: [Double], remaining: [Double], light: Double) {
        var weights = [Double](repeating: 0, count: depths.count)
        var remaining = weights
        let light = Compositing.weigh(
            depths.map { exp(-$0) }, count: depths.count, weights: &weights, remaining: &remaining)
        return (weights, remaining, light)
    }

    /// A slab of one density passes `exp(-σ L)`, however it is cut.
    @Test(arguments: [1, 2, 7, 64]) func slabPassesTheClosedForm(layers: Int) {
        var random = RandomStream(seed: 2, label: "cuts", UInt64(layers))
        let cuts = [0] + (1..<layers).map { _ in random.uniformDouble() }.sorted() + [1]
        let (density, length) = (3.7, 0.6)
        let result = Self.weigh(zip(cuts, cuts.dropFirst()).map { density * length * ($1 - $0) })
        #expect(abs(result.light - exp(-density * length)) < 1e-12)
        #expect(abs(result.weights.reduce(result.light, +) - 1) < 1e-12)
    }

    @Test func nothingIsSeenBehindAnOpaqueLayer() {
        let result = Self.weigh([0.5, .infinity, 0.3])
        #expect(result.light == 0 && result.weights[2] == 0)
        #expect(abs(result.weights[1] - exp(-0.5)) < 1e-15)
        #expect(Self.weigh([]).light == 1)
    }

    /// A loss with terms of second order in the weights and the remainder.
    static func loss(_ depths: [Double], _ factors: [Double]) -> Double {
        let result = weigh(depths)
        let sum = zip(result.weights, factors).reduce(0) { $0 + $1.0 * $1.1 }
        return sum * sum + sum + 0.7 * result.light * result.light
    }

    @Test func derivativesMatchCentralDifferences() {
        for seed in 0..<200 as Range<UInt64> {
            var random = RandomStream(seed: seed, label: "layers")
            let count = 1 + random.index(below: 12)
            let depths = (0..<count).map { _ in 2 * random.uniformDouble() }
            let factors = (0..<count).map { _ in 2 * random.uniformDouble() - 1 }
            let result = Self.weigh(depths)
            let sum = zip(result.weights, factors).reduce(0) { $0 + $1.0 * $1.1 }
            var adjoints = [Double](repeating: 0, count: count)
            Compositing.differentiate(
                weights: result.weights, remaining: result.remaining, count: count,
                weightAdjoints: factors.map { (2 * sum + 1) * $0 }, remainderAdjoint: 1.4 * result.light,
                depthAdjoints: &adjoints)
            let scale = adjoints.map(abs).max() ?? 0
            for place in 0..<count {
                var (more, less) = (depths, depths)
                more[place] += 1e-5
                less[place] -= 1e-5
                let numeric = (Self.loss(more, factors) - Self.loss(less, factors)) / 2e-5
                #expect(
                    abs(numeric - adjoints[place]) <= 1e-4 * max(scale, 1e-3),
                    "seed \(seed), layer \(place): \(adjoints[place]), differences \(numeric)")
            }
        }
    }
}
