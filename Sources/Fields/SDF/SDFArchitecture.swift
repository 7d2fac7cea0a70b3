// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Shape of a neural signed distance: a hash grid and the point itself, then a perceptron with one hidden layer.
///
/// The layout of Level-S²fM (Xiao et al., CVPR 2023) with a smaller grid and without transcendental functions. Distances are
/// negative inside and in units of the cube that the field lives in.
public struct SDFArchitecture: Hashable, Sendable, Codable {
    /// What a field is before training.
    public enum Start: Hashable, Sendable, Codable {
        /// A solid ball of this radius about the origin: for objects seen from outside.
        case ball(radius: Float)
        /// A hollow of this radius in a solid world: for rooms seen from inside.
        case hollow(radius: Float)
    }

    /// Grid over the cube.
    public var grid = HashGridShape()
    /// Half the side of the cube that the grid covers; outside only the perceptron's own inputs change.
    public var halfExtent: Float = 1.02
    /// Width of the hidden layer, a multiple of 16.
    public var width = 64
    /// Nonlinearity of the hidden layer; smooth enough for gradients of gradients.
    public var activation = Activation.quadraticReLU(halfWidth: 0.02)
    /// Field before training.
    public var start = Start.ball(radius: 1)

    /// The default network: 1.1 million numbers.
    public init() {}

    /// Throws when the network cannot be built.
    public func validate() throws(OptionsError) {
        try grid.validate()
        try OptionsError.require(
            halfExtent > 0 && halfExtent.isFinite, "halfExtent", halfExtent, allowed: "positive and finite")
        try OptionsError.require(
            width > 0 && width % 16 == 0 && width <= 1024, "width", width, allowed: "a multiple of 16 up to 1024")
        let radius = startRadius
        try OptionsError.require(radius >= 0 && radius.isFinite, "start radius", radius, allowed: "0 or more")
        switch activation {
        case .leakyReLU: break
        case .softplus(let sharpness):
            try OptionsError.require(sharpness > 0, "sharpness", sharpness, allowed: "greater than 0")
        case .quadraticReLU(let halfWidth):
            try OptionsError.require(halfWidth > 0, "halfWidth", halfWidth, allowed: "greater than 0")
        }
    }

    /// Radius of ``start``.
    var startRadius: Float {
        switch start {
        case .ball(let radius), .hollow(let radius): radius
        }
    }

    /// Numbers that enter the perceptron: the point, then two features for each level, coarsest first.
    public var inputWidth: Int { 3 + grid.encodingWidth }

    /// Leading inputs that are in use when only the coarsest `levels` are open.
    func inputWidth(openLevels levels: Int) -> Int { 3 + HashGridShape.featuresPerLevel * levels }

    /// The perceptron.
    public var perceptron: PerceptronShape { PerceptronShape(widths: [inputWidth, width, 1], activation: activation) }
}
