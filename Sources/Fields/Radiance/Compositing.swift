// SPDX-License-Identifier: Apache-2.0

/// Light along one ray through layers of matter, front to back (Max 1995).
///
/// A layer of optical depth τ lets `exp(-τ)` pass. What leaves layer i towards the eye counts with the weight
/// `wᵢ = (1 - exp(-τᵢ)) · Π exp(-τⱼ)` over the layers before it.
package enum Compositing {
    /// Computes weights from transparencies `exp(-τ)`.
    ///
    /// - Parameters:
    ///   - transparencies: `[count]`, in 0...1.
    ///   - weights: `[count]`, written.
    ///   - remaining: `[count]`, written: the share of light that is left behind each layer.
    /// - Returns: The share that is left behind all layers; 1 without any.
    @inline(__always) @discardableResult
    package static func weigh<Scalar: BinaryFloatingPoint>(
        _ transparencies: UnsafePointer<Scalar>, count: Int, weights: UnsafeMutablePointer<Scalar>,
        remaining: UnsafeMutablePointer<Scalar>
    ) -> Scalar {
        var light: Scalar = 1
        for index in 0..<count {
            let next = light * transparencies[index]
            weights[index] = light - next
            light = next
            remaining[index] = light
        }
        return light
    }

    /// Derivatives of a loss by the optical depths.
    ///
    /// With `gᵢ = ∂L/∂wᵢ`: `∂L/∂τᵢ = Tᵢ gᵢ - Σ wⱼ gⱼ - T g` over the layers j behind i, where `Tᵢ` is what is left behind
    /// layer i and `T` behind all.
    ///
    /// - Parameters:
    ///   - weightAdjoints: `[count]`, derivatives by the weights.
    ///   - remainderAdjoint: Derivative by what is left behind all layers.
    ///   - depthAdjoints: `[count]`, written.
    @inline(__always)
    package static func differentiate<Scalar: BinaryFloatingPoint>(
        weights: UnsafePointer<Scalar>, remaining: UnsafePointer<Scalar>, count: Int,
        weightAdjoints: UnsafePointer<Scalar>, remainderAdjoint: Scalar, depthAdjoints: UnsafeMutablePointer<Scalar>
    ) {
        guard count > 0 else { return }
        var behind = remaining[count - 1] * remainderAdjoint
        for index in stride(from: count - 1, through: 0, by: -1) {
            depthAdjoints[index] = remaining[index] * weightAdjoints[index] - behind
            behind += weights[index] * weightAdjoints[index]
        }
    }
}
