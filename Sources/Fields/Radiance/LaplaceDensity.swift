// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#endif

/// Density of matter about a level set: the distribution function of a Laplace distribution of the negative distance.
///
/// VolSDF (Yariv et al., NeurIPS 2021), eqs. 2–3 with α = 1/β: `σ = Ψ_β(-f) / β`. Far inside it is `1/β`, on the surface
/// half of that.
package struct LaplaceDensity: Hashable, Sendable {
    /// Scale, in units of the field: matter begins this far before the surface.
    package var beta: Float
    private let inverse: Float

    /// - Precondition: `beta` is positive.
    package init(beta: Float) {
        precondition(beta > 0, "the scale of a density is positive, not \(beta)")
        self.beta = beta
        inverse = 1 / beta
    }

    /// Density at signed distance `value`, and its derivative by the distance.
    @inline(__always)
    package func callAsFunction(_ value: Float) -> (density: Float, slope: Float) {
        let tail = 0.5 * expf(-abs(value) * inverse)
        let density = (value > 0 ? tail : 1 - tail) * inverse
        return (density, -tail * inverse * inverse)
    }
}
