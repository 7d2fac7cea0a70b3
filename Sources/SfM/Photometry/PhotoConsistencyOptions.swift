// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How a surface is made to look alike from all pictures that show it.
public struct PhotoConsistencyOptions: Hashable, Sendable, Codable {
    /// Rays of a step; about half of them meet a surface that other pictures show.
    public var rays = 768
    /// Share of the steps after which comparing begins: the surface must lie within a few pixels of the true one by then.
    public var start = 0.22
    /// Share of the steps with comparison after which pictures of half instead of quarter size are used.
    public var halfSizeStart = 0.25
    /// Share of the steps with comparison after which pictures of full size are used.
    public var fullSizeStart = 0.55
    /// Other views that a patch can be compared with.
    public var sources = 4
    /// Comparisons of a ray that count: the best ones, since the others may be hidden from their view.
    public var bestSources = 2
    /// Weight of the comparisons of a step, each with a cost from 0 to 2.
    public var weight: Float = 30
    /// Cost at which a ray's pull is halved.
    public var robustScale: Float = 0.5
    /// Whether comparisons turn the surface's normal, not only move its points.
    public var usesNormals = true
    /// Whether a patch without texture gives way to one of a smaller picture, which covers more.
    public var usesCoarserPatches = true
    /// Variance of greys (0 to 255) of a patch below which it is not compared; at least three times that of the noise.
    public var leastVariance: Float = 4
    /// Difference of greys at which a pixel of a patch counts half.
    public var similarity: Float = 30
    /// Emptying of places that no other view confirms; `nil` does without.
    public var carving: Carving? = Carving()

    /// Weight of the push outwards at a surface outside the outlines that masks draw.
    public var outlineWeight: Float = 100

    /// Surfaces that look different from everywhere are not there.
    public struct Carving: Hashable, Sendable, Codable {
        /// Share of the steps with comparison after which carving begins. Earlier it digs holes where the surface is still
        /// off.
        public var start = 0.6
        /// Cost that even the best comparison must exceed.
        public var cost: Float = 0.75
        /// Weight of the push outwards.
        public var weight: Float = 100

        /// The default carving.
        public init() {}
    }

    /// The default comparison.
    public init() {}

    /// Throws when a value makes no sense.
    public func validate() throws(OptionsError) {
        try OptionsError.require((1...1_000_000).contains(rays), "rays", rays, allowed: "1 to 1,000,000")
        for (name, share) in [
            ("start", start), ("halfSizeStart", halfSizeStart), ("fullSizeStart", fullSizeStart),
            ("carving.start", carving?.start ?? 0),
        ] {
            try OptionsError.require((0...1).contains(share), name, share, allowed: "0 to 1")
        }
        try OptionsError.require((1...64).contains(sources), "sources", sources, allowed: "1 to 64")
        try OptionsError.require(
            (1...sources).contains(bestSources), "bestSources", bestSources, allowed: "1 to the number of sources")
        for (name, value) in [
            ("weight", weight), ("outlineWeight", outlineWeight), ("leastVariance", leastVariance),
            ("carving.cost", carving?.cost ?? 0),
            ("carving.weight", carving?.weight ?? 0),
        ] {
            try OptionsError.require(value >= 0 && value.isFinite, name, value, allowed: "0 or more")
        }
        for (name, value) in [("robustScale", robustScale), ("similarity", similarity)] {
            try OptionsError.require(value > 0 && value.isFinite, name, value, allowed: "greater than 0")
        }
    }

    /// Level of the pictures' pyramid, 0 the finest, for a share of the steps with comparison.
    func pyramidLevel(progress: Double) -> Int {
        progress < halfSizeStart ? 2 : progress < fullSizeStart ? 1 : 0
    }
}
