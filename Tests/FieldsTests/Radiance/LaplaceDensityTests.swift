// SPDX-License-Identifier: Apache-2.0

import Fields
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct LaplaceDensityTests {
    static let betas: [Float] = [0.3, 0.02, 0.001]

    @Test(arguments: betas) func isHalfOnTheSurfaceAndFullInside(beta: Float) {
        let density = LaplaceDensity(beta: beta)
        #expect(density(0).density == 0.5 / beta)
        #expect(abs(density(-50 * beta).density * beta - 1) < 1e-6)
        #expect(density(200 * beta).density == 0)
    }

    /// Yariv et al. 2021, eqs. 2–3, in Double.
    @Test(arguments: betas) func valueAndSlopeAreThoseOfTheFormula(beta: Float) {
        let (density, scale) = (LaplaceDensity(beta: beta), Double(beta))
        var previous = Float.infinity
        for step in -60...60 {
            let value = 0.1 * Float(step) * beta
            let tail = 0.5 * exp(-abs(Double(value)) / scale)
            let result = density(value)
            #expect(abs(Double(result.density) * scale - (value > 0 ? tail : 1 - tail)) < 1e-6)
            #expect(abs(Double(result.slope) * scale * scale + tail) < 1e-6)
            #expect(result.density < previous, "does not fall at \(value)")
            previous = result.density
        }
    }
}
