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
    /// - Throws: ``OptionsError`` when `architecture` is not valid.
    public init(_ architecture: RadianceArchitecture, about distance: SDFNetwork, seed: UInt64) throws(OptionsError) {
        try architecture.validate()
        self.architecture = architecture
        self.distance = distance
        color = try GridNetwork(
            architecture.colorNetwork(halfExtent: distance.architecture.halfExtent), seed: seed)
        if let shape = architecture.surroundingNetwork {
            surroundings = try GridNetwork(shape, seed: seed &+ 1)
        } else {
            surroundings = nil
        }
    }
}
