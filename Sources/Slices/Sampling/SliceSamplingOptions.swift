// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Which points of the sections, and of the space around them, a field is trained on.
public struct SliceSamplingOptions: Hashable, Sendable, Codable {
    /// Refinement levels, coarsest first. Each trains on its own radius and those of the two levels before it.
    public var levels = RefinementLevel.standard
    /// Share of samples near a contour. The rest, but for the exterior ones, is uniform on the planes.
    public var nearShare = 0.5
    /// Share of samples outside the hull of all contours, where nothing else says that space is empty.
    public var exteriorShare = 0.1
    /// Among the exterior samples: share that lies close around the hull instead of anywhere in the cube.
    public var exteriorNearShare = 0.5
    /// Among the samples near a contour: share that lies on it, with label one half.
    public var onContourShare = 0.25
    /// Among the samples near a contour: share drawn plane by plane instead of by arc length, so that the small sections
    /// at the tips of a shape are not forgotten.
    public var balancedShare = 0.3
    /// The hull is scaled by this much about its centre before a point counts as exterior.
    public var hullScale = 1.06

    /// The defaults.
    public init() {}

    /// Throws when no sample could be drawn with these values.
    public func validate() throws(OptionsError) {
        try OptionsError.require(!levels.isEmpty, "levels", levels.count, allowed: "at least one level")
        for level in levels {
            try OptionsError.require(
                level.radius > 0 && level.radius < 1, "radius", level.radius, allowed: "between 0 and 1")
            try OptionsError.require(level.duration > 0, "duration", level.duration, allowed: "greater than 0")
        }
        try OptionsError.require((0...1).contains(nearShare), "nearShare", nearShare, allowed: "0 to 1")
        try OptionsError.require(
            exteriorShare >= 0 && nearShare + exteriorShare <= 1, "exteriorShare", exteriorShare,
            allowed: "0 up to what nearShare leaves")
        try OptionsError.require(
            (0...1).contains(exteriorNearShare), "exteriorNearShare", exteriorNearShare, allowed: "0 to 1")
        try OptionsError.require((0...1).contains(onContourShare), "onContourShare", onContourShare, allowed: "0 to 1")
        try OptionsError.require((0...1).contains(balancedShare), "balancedShare", balancedShare, allowed: "0 to 1")
        try OptionsError.require((1...2).contains(hullScale), "hullScale", hullScale, allowed: "1 to 2")
    }
}
