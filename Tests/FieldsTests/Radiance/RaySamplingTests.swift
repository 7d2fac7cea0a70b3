// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Testing

@Suite struct RaySamplingTests {
    static let sampling = RaySampling()

    static func approach(_ random: inout RandomStream, in range: ClosedRange<Float>) -> RayApproach {
        let place = range.lowerBound + random.uniform() * (range.upperBound - range.lowerBound)
        let hits: [RayHit] = [
            .surface(distance: place), .undecided(distance: place), .startsInside, .nothing, .nothing,
        ]
        return RayApproach(
            hit: hits[random.index(below: hits.count)], nearestDistance: place,
            nearestValue: random.uniform(in: 0..<0.3), descent: random.uniform(in: -0.2..<1.2))
    }

    /// Layers follow each other within the cube, and reach from where the ray enters to where it leaves unless something
    /// hides the rest.
    @Test func edgesAscendAndCoverTheRange() {
        for seed in 0..<200 as Range<UInt64> {
            var random = RandomStream(seed: seed, label: "approaches")
            let near = random.uniform(in: 0..<2)
            let range = near...near + random.uniform(in: 0.01..<3)
            let approach = Self.approach(&random, in: range)
            let layers = Self.sampling.layers(of: range, approach: approach, beta: random.uniform(in: 0.001..<0.05))
            #expect(layers.edges.first == range.lowerBound)
            #expect(zip(layers.edges, layers.edges.dropFirst()).allSatisfy { $0 <= $1 }, "seed \(seed): \(layers)")
            #expect((layers.edges.last ?? 0) <= range.upperBound)
            #expect(layers.count > 0 && layers.count <= Self.sampling.surfaceLayers + Self.sampling.stratifiedLayers)
            if case .nothing = approach.hit {
                #expect(layers.edges.last == range.upperBound && !layers.isClosed && layers.hit == nil)
            }
        }
    }

    /// The surface lies within fine layers, with 4β before it and 5β behind it.
    @Test(arguments: [Float(0.02), 0.003]) func hitIsBracketed(beta: Float) {
        let approach = RayApproach(
            hit: .surface(distance: 1.5), nearestDistance: 1.5, nearestValue: 1e-4, descent: 1)
        let layers = Self.sampling.layers(of: 1...3, approach: approach, beta: beta)
        #expect(layers.isClosed && layers.hit == 1.5)
        let fine = layers.edges.suffix(Self.sampling.surfaceLayers + 1)
        #expect(abs((fine.first ?? 0) - (1.5 - 4 * beta)) < 1e-5 && abs((fine.last ?? 0) - (1.5 + 5 * beta)) < 1e-5)
        #expect(zip(fine, fine.dropFirst()).allSatisfy { $1 - $0 < 0.6 * beta })
    }

    /// A ray that looks along the surface crosses its matter on a longer way.
    @Test func grazingRaysHaveLongerLayers() {
        func length(_ descent: Float) -> Float {
            let approach = RayApproach(
                hit: .surface(distance: 1.5), nearestDistance: 1.5, nearestValue: 0, descent: descent)
            let edges = Self.sampling.layers(of: 1...3, approach: approach, beta: 0.01).edges
            return (edges.last ?? 0) - edges[edges.count - 1 - Self.sampling.surfaceLayers]
        }
        #expect(abs(length(0.5) / length(1) - 2) < 1e-3)
        #expect(abs(length(0.01) / length(1) - 4) < 1e-3)
    }

    @Test func optionsAreChecked() {
        for (surface, stratified) in [(1, 8), (129, 8), (16, 1), (16, 65)] {
            var sampling = RaySampling()
            sampling.surfaceLayers = surface
            sampling.stratifiedLayers = stratified
            #expect(throws: OptionsError.self) { try sampling.validate() }
        }
    }
}
