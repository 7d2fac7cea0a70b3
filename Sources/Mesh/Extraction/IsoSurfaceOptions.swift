// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Which surface of a field is extracted.
public struct IsoSurfaceOptions: Hashable, Sendable, Codable {
    /// Which values lie inside.
    public enum Inside: String, Hashable, Sendable, Codable {
        /// Values greater than the iso-level: occupancy, density.
        case above
        /// Values smaller than the iso-level: signed distance.
        case below
    }

    /// The value on the surface. A node with exactly this value counts as outside.
    public var isoLevel: Float
    /// The side of the iso-level that is inside.
    public var inside: Inside

    /// Creates options; the defaults are those of ``signedDistance``.
    public init(isoLevel: Float = 0, inside: Inside = .below) {
        self.isoLevel = isoLevel
        self.inside = inside
    }

    /// The zero set of a signed distance, negative inside.
    public static let signedDistance = IsoSurfaceOptions(isoLevel: 0, inside: .below)
    /// The 0.5 set of an occupancy, larger inside.
    public static let occupancy = IsoSurfaceOptions(isoLevel: 0.5, inside: .above)

    /// Throws unless the iso-level is finite.
    public func validate() throws(OptionsError) {
        try OptionsError.require(isoLevel.isFinite, "isoLevel", isoLevel, allowed: "finite")
    }

    /// +1 when larger values are inside, −1 when smaller values are.
    var insideSign: Float { inside == .above ? 1 : -1 }
}
