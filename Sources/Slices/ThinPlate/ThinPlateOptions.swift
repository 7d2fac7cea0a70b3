// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How the thin-plate field is made from sections. Lengths are in the normalised cube, whose slices span ±0.85.
public struct ThinPlateOptions: Hashable, Sendable, Codable {
    /// Cells along the longest side of the finest grid. Two grids of half and a quarter as many come before it.
    public var resolution = 160
    /// Weight of the bending energy: the length, in cells of the finest grid, below which the field smooths the contours.
    public var smoothing = 0.25
    /// Within this in-plane distance of a contour the field should be a distance; further away only its sign counts.
    ///
    /// In-plane distance has a crease on the medial axis, which the bending energy would blur between slices.
    public var band = 0.02
    /// In-plane distance at which a sample has lost half of its weight.
    public var falloff = 0.15
    /// Times that the targets are corrected by the distance to the surface so far: that within the plane is too large
    /// where the surface runs obliquely through it.
    public var redistancingPasses = 3
    /// Times that the field is drawn towards the distance from its own surface, on the last grid but one; a fifth as
    /// often on the last. Without it the field is flat between slices, and bending it costs next to nothing there.
    public var fairingPasses = 10
    /// Weight of that pull per volume, relative to that of the samples per area.
    public var fairingWeight = 1e-3
    /// The hull of all contours, scaled by this much about its centre; what lies outside it is outside the solid.
    public var hullScale = 1.05
    /// Weight of the space outside the hull per volume, relative to that of the samples per area.
    public var exteriorWeight = 0.02

    /// The defaults.
    public init() {}

    /// Throws when a value makes no sense.
    public func validate() throws(OptionsError) {
        try OptionsError.require((32...400).contains(resolution), "resolution", resolution, allowed: "32 to 400")
        try OptionsError.require((0.01...10).contains(smoothing), "smoothing", smoothing, allowed: "0.01 to 10")
        try OptionsError.require(band > 0 && band <= 1, "band", band, allowed: "greater than 0, up to 1")
        try OptionsError.require(falloff > 0 && falloff <= 10, "falloff", falloff, allowed: "greater than 0, up to 10")
        try OptionsError.require(
            (0...100).contains(redistancingPasses), "redistancingPasses", redistancingPasses, allowed: "0 to 100")
        try OptionsError.require(
            (0...1000).contains(fairingPasses), "fairingPasses", fairingPasses, allowed: "0 to 1000")
        try OptionsError.require(
            fairingWeight > 0 && fairingWeight <= 100, "fairingWeight", fairingWeight,
            allowed: "greater than 0, up to 100")
        try OptionsError.require((1...2).contains(hullScale), "hullScale", hullScale, allowed: "1 to 2")
        try OptionsError.require(
            exteriorWeight > 0 && exteriorWeight <= 100, "exteriorWeight", exteriorWeight,
            allowed: "greater than 0, up to 100")
    }
}
