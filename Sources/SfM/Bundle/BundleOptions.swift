// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How far an observation may be off before it counts less.
public enum RobustLoss: Hashable, Sendable, Codable {
    /// Squared error: outliers count fully.
    case squared
    /// Grows linearly beyond `scale` pixels.
    case softL1(scale: Double)
    /// Grows logarithmically beyond `scale` pixels.
    case cauchy(scale: Double)
}

/// How bundle adjustment iterates.
public struct BundleOptions: Hashable, Sendable, Codable {
    /// Loss of one observation.
    ///
    /// Half a pixel is about twice the noise of SIFT keypoints.
    public var loss = RobustLoss.softL1(scale: 0.5)
    /// Largest number of Levenberg–Marquardt steps.
    public var maximumIterations = 50
    /// Ends when a step lowers the cost by less than this share.
    public var functionTolerance = 1e-5
    /// Ends when no component of the gradient exceeds this.
    public var gradientTolerance = 1e-10
    /// Ends when a step is shorter than this share of the parameters.
    public var parameterTolerance = 1e-8

    /// The defaults.
    public init() {}

    /// Throws when a value cannot work.
    public func validate() throws(OptionsError) {
        switch loss {
        case .squared: break
        case .softL1(let scale), .cauchy(let scale):
            try OptionsError.require(
                scale > 0 && scale.isFinite, "loss scale", scale, allowed: "greater than 0 pixels")
        }
        try OptionsError.require(
            (0...100_000).contains(maximumIterations), "maximumIterations", maximumIterations, allowed: "0 to 100000")
        for (name, value) in [
            ("functionTolerance", functionTolerance), ("gradientTolerance", gradientTolerance),
            ("parameterTolerance", parameterTolerance),
        ] { try OptionsError.require((0..<1).contains(value), name, value, allowed: "0 up to 1") }
    }
}
