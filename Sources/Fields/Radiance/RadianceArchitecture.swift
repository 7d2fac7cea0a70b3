// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Shapes of the networks that colour a signed distance and its surroundings.
public struct RadianceArchitecture: Hashable, Sendable, Codable {
    /// Grid of the colour network, over the cube of the signed distance.
    public var grid = HashGridShape()
    /// Widths of the hidden layers of the colour network.
    public var hiddenWidths = [32, 32]
    /// What lies outside the cube; `nil` for nothing but ``backdrop``.
    public var surroundings: Surroundings? = Surroundings()
    /// Colour of what lies behind everything, where there are no ``surroundings``.
    public var backdrop = SIMD3<Float>.zero

    /// Shape of the network of density and colour outside the cube. Space is contracted to a ball-like cube of half side 2:
    /// `x ↦ (2 - 1/‖x‖) x/‖x‖` with the largest coordinate as norm (Barron et al., CVPR 2022, eq. 10 with another norm).
    public struct Surroundings: Hashable, Sendable, Codable {
        /// Grid over the contracted space.
        public var grid = HashGridShape()
        /// Widths of the hidden layers.
        public var hiddenWidths = [32]
        /// Samples before and behind the cube.
        public var samplesBefore = 4
        /// See ``samplesBefore``.
        public var samplesBehind = 10

        /// The default surroundings.
        public init() {
            grid.levels = 7
            grid.coarsestResolution = 16
            grid.finestResolution = 1024
            grid.log2TableSize = 18
        }
    }

    /// The default networks.
    public init() {
        grid.levels = 6
        grid.coarsestResolution = 16
        grid.finestResolution = 512
        grid.log2TableSize = 18
    }

    /// Position, normal, view direction.
    static let colorInputs = 6 + DirectionBasis.count
    /// Position alone: few photos see a place outside the cube, and a colour for each direction would be learnt by heart.
    static let surroundingInputs = 3
    /// Half the side of the contracted space.
    static let contractedExtent: Float = 2

    /// The colour network over a cube of half side `halfExtent`.
    func colorNetwork(halfExtent: Float) -> GridNetworkShape {
        GridNetworkShape(
            suppliedInputs: Self.colorInputs, grid: grid, halfExtent: halfExtent, hiddenWidths: hiddenWidths,
            outputs: 3)
    }

    /// The network of ``surroundings``.
    var surroundingNetwork: GridNetworkShape? {
        surroundings.map {
            GridNetworkShape(
                suppliedInputs: Self.surroundingInputs, grid: $0.grid, halfExtent: Self.contractedExtent,
                hiddenWidths: $0.hiddenWidths, outputs: 4)
        }
    }

    /// Throws when a network cannot be built.
    public func validate() throws(OptionsError) {
        try colorNetwork(halfExtent: 1).validate()
        try surroundingNetwork?.validate()
        guard let surroundings else { return }
        for (name, count) in [
            ("samplesBefore", surroundings.samplesBefore), ("samplesBehind", surroundings.samplesBehind),
        ] { try OptionsError.require((1...32).contains(count), name, count, allowed: "1 to 32") }
    }
}
