// SPDX-License-Identifier: Apache-2.0

import Geometry

/// When rays of several cameras make a point.
public struct TriangulationOptions: Hashable, Sendable, Codable {
    /// Largest reprojection error of an observation that belongs to a point, in pixels.
    public var maximumReprojectionError = 4.0
    /// Smallest largest angle between two viewing rays, in degrees. Below about 1.5 depth is mostly noise.
    public var minimumAngle = 1.5

    /// The defaults.
    public init() {}

    /// Throws when a value cannot work.
    public func validate() throws(OptionsError) {
        try OptionsError.require(
            maximumReprojectionError > 0 && maximumReprojectionError.isFinite, "maximumReprojectionError",
            maximumReprojectionError, allowed: "greater than 0 pixels")
        try OptionsError.require(
            minimumAngle > 0 && minimumAngle < 90, "minimumAngle", minimumAngle, allowed: "between 0 and 90 degrees")
    }
}
