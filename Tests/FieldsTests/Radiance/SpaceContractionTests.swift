// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Testing

@Suite struct SpaceContractionTests {
    @Test func cubeStaysAndAllSpaceFits() {
        var random = RandomStream(seed: 1, label: "places")
        for _ in 0..<200 {
            let direction = RadianceSamples.direction(&random)
            let side = max(abs(direction.x), abs(direction.y), abs(direction.z))
            var previous: Float = 0
            for distance: Float in [0, 0.3, 0.99, 1, 1.01, 2, 10, 1e3, 1e6] {
                let point = SpaceContraction.contract(direction * distance / side)
                if distance <= 1 { #expect(point == direction * distance / side) }
                let norm = max(abs(point.x), abs(point.y), abs(point.z))
                #expect(norm <= 2 && norm >= previous)
                // Points stay on their line through the origin.
                #expect((point.normalized - direction).length < 1e-5 || distance == 0)
                previous = norm
            }
            #expect(abs(previous - 2) < 1e-5)
        }
    }

    /// `2 - 1/3`, by hand.
    @Test func followsTheFormula() {
        #expect((SpaceContraction.contract(SIMD3(3, -1.5, 0)) - SIMD3(5 / 3, -5 / 6, 0)).length < 1e-6)
    }
}
