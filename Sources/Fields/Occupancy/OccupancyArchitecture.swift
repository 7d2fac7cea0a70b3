// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Shape of the iterative occupancy network of OReX (Sawdayee, Vaxman, Bermano, CVPR 2023), section 4 of the paper.
///
/// One perceptron is applied `iterations` times: `(h, l) ← (h', l + Δl)` with `[h', Δl] = mlp([h + e_i, l, enc(x)])`,
/// where `e_i` is a fixed sinusoidal embedding of the iteration number and `enc` a sinusoidal encoding of the point with
/// learnable frequencies. Initial state `h₀`, `l₀` is learnable too. Positive logits are inside.
public struct OccupancyArchitecture: Hashable, Sendable, Codable {
    /// Frequencies of the encoding, for sine and cosine each; 1 to 5. They start at 1, 2, 4, 8, … radians per unit.
    public var frequencies = 4
    /// Length of the hidden state handed from one iteration to the next.
    public var stateWidth = 32
    /// Width of the hidden layers; a multiple of 16.
    public var width = 64
    /// Number of hidden layers.
    public var hiddenLayers = 4
    /// Times that the perceptron is applied, K in the paper; at least 2 to be iterative at all.
    public var iterations = 2
    /// Nonlinearity of the hidden layers. Smooth, so that the gradient penalty has useful second derivatives.
    public var activation = Activation.softplus(sharpness: 20)

    /// The default network: about 19,000 parameters.
    public init() {}

    /// Throws when the network cannot be built.
    public func validate() throws(OptionsError) {
        try OptionsError.require((1...5).contains(frequencies), "frequencies", frequencies, allowed: "1 to 5")
        try OptionsError.require((1...256).contains(stateWidth), "stateWidth", stateWidth, allowed: "1 to 256")
        try OptionsError.require(
            width > 0 && width % 16 == 0 && width <= 1024, "width", width, allowed: "a multiple of 16 up to 1024")
        try OptionsError.require((1...14).contains(hiddenLayers), "hiddenLayers", hiddenLayers, allowed: "1 to 14")
        try OptionsError.require((1...32).contains(iterations), "iterations", iterations, allowed: "1 to 32")
    }

    /// Width of the encoded point: itself, then a cosine and a sine per frequency and axis.
    public var encodingWidth: Int { 3 + 6 * frequencies }
    /// The perceptron's input: state, logit, encoded point.
    public var inputWidth: Int { stateWidth + 1 + encodingWidth }
    /// The perceptron's output: new state, logit increment.
    public var outputWidth: Int { stateWidth + 1 }

    /// The perceptron.
    public var perceptron: PerceptronShape {
        PerceptronShape(
            widths: [inputWidth] + Array(repeating: width, count: hiddenLayers) + [outputWidth], activation: activation)
    }
}
