// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How a surface is looked for without asking the field everywhere.
public struct SparseSearchOptions: Hashable, Sendable {
    /// Largest change of the field per unit length of the grid's frame (1 for a signed distance), or `nil` to estimate it
    /// around each coarse cell from differences between its corners.
    ///
    /// With a true bound nothing is missed. With an estimate a component thinner than a coarse cell may be.
    public var gradientBound: Double?
    /// Factor on the estimated bound, greater than 0.
    public var estimateSafety = 1.25
    /// Cells on the longest side that are evaluated before anything is known, at least 1. The coarse cell's side is the
    /// smallest power of two (in nodes) that needs no more.
    public var coarseCells = 32
    /// Points, in the grid's frame, whose cells are looked at in full resolution; those outside the grid do nothing.
    public var seeds: [SIMD3<Float>] = []
    /// Times that the field is asked again on each cut edge to bring the vertex onto its surface. 0 leaves the vertices
    /// where linear interpolation puts them, as in dense extraction; 2 suffice for smooth fields.
    public var crossingRounds = 0

    /// Creates the default options.
    public init() {}

    /// Throws when a value makes no sense.
    public func validate() throws(OptionsError) {
        if let bound = gradientBound {
            try OptionsError.require(
                bound > 0 && bound.isFinite, "gradientBound", bound, allowed: "positive and finite")
        }
        try OptionsError.require(
            estimateSafety > 0 && estimateSafety.isFinite, "estimateSafety", estimateSafety,
            allowed: "positive and finite")
        try OptionsError.require(coarseCells >= 1, "coarseCells", coarseCells, allowed: "at least 1")
        try OptionsError.require(
            (0...16).contains(crossingRounds), "crossingRounds", crossingRounds, allowed: "0 to 16")
    }
}

/// A surface and what it cost to find it.
public struct SparseExtraction: Sendable {
    /// The surface.
    public let mesh: TriangleMesh
    /// Field values that were asked for.
    public let queries: Int
    /// Field values that a dense extraction asks for.
    public let denseNodes: Int
}
