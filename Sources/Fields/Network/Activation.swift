// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The nonlinearity between two linear layers.
public enum Activation: Hashable, Sendable, Codable {
    /// `z` above zero, `slope · z` below; `slope` 0 is the plain ReLU. Its second derivative vanishes.
    case leakyReLU(slope: Float)
    /// `log(1 + exp(β z)) / β`: a smooth ramp that bends over about `4/β`.
    case softplus(sharpness: Float)
    /// A ramp with a rounded corner: `(z + h)² / 4h` for `|z| ≤ h`, 0 below and `z` above. Once differentiable, no
    /// transcendental functions: a forward pass through a small network is several times faster than with softplus.
    case quadraticReLU(halfWidth: Float)

    var kernelCode: Int32 {
        switch self {
        case .leakyReLU: Int32(ZK_ACTIVATION_LEAKY_RELU)
        case .softplus: Int32(ZK_ACTIVATION_SOFTPLUS)
        case .quadraticReLU: Int32(ZK_ACTIVATION_QUADRATIC_RELU)
        }
    }

    var kernelParameter: Float {
        switch self {
        case .leakyReLU(let slope): slope
        case .softplus(let sharpness): sharpness
        case .quadraticReLU(let halfWidth): halfWidth
        }
    }
}
