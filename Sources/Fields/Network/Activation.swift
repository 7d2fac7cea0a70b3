// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The nonlinearity between two linear layers.
public enum Activation: Hashable, Sendable, Codable {
    /// `z` above zero, `slope · z` below; `slope` 0 is the plain ReLU. Its second derivative vanishes.
    case leakyReLU(slope: Float)
    /// `log(1 + exp(β z)) / β`: a smooth ramp that bends over about `4/β`.
    case softplus(sharpness: Float)

    var kernelCode: Int32 {
        switch self {
        case .leakyReLU: Int32(ZK_ACTIVATION_LEAKY_RELU)
        case .softplus: Int32(ZK_ACTIVATION_SOFTPLUS)
        }
    }

    var kernelParameter: Float {
        switch self {
        case .leakyReLU(let slope): slope
        case .softplus(let sharpness): sharpness
        }
    }
}
