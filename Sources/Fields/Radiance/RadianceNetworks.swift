// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A signed distance with colours, and what surrounds it: everything that volume rendering needs.
///
/// Must not be rendered while it is trained.
public final class RadianceNetworks: Sendable {
    /// Shapes of the networks of colour.
    public let architecture: RadianceArchitecture
    /// The signed distance, in the frame of its cube.
    public let distance: SDFNetwork
    /// From position, unit normal and view direction to colour, before the logistic function.
    public let color: GridNetwork
    /// From contracted position to colour and logarithm of density outside the cube.
    public let surroundings: GridNetwork?

    /// Adds untrained networks of colour to a signed distance.
    ///
    /// - Throws: `OptionsError` when `architecture` is not valid.
    public init(_ architecture: RadianceArchitecture, about distance: SDFNetwork, seed: UInt64) throws(OptionsError) {
        try architecture.validate()
        self.architecture = architecture
        self.distance = distance
        color = try GridNetwork(
            architecture.colorNetwork(halfExtent: distance.architecture.halfExtent), seed: seed)
        if let shape = architecture.surroundingNetwork {
            let network = try GridNetwork(shape, seed: seed &+ 1)
            Self.clear(network)
            surroundings = network
        } else {
            surroundings = nil
        }
    }

    /// Logarithm of the density outside the cube before training: nearly clear, or the first thing that is learnt is a fog
    /// before the cube that never lifts.
    private static let firstLogarithm: Float = -5

    private static func clear(_ surroundings: GridNetwork) {
        let parameters = surroundings.parameters
        guard let bias = parameters.tensor("mlp.layers.\(surroundings.shape.hiddenWidths.count).bias") else {
            preconditionFailure("the surroundings have no last layer")
        }
        var values = parameters.values(of: bias)
        values[3] = firstLogarithm
        parameters.set(bias, to: values)
        surroundings.refresh()
    }
}
