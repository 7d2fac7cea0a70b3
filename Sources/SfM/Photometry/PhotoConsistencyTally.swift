// SPDX-License-Identifier: Apache-2.0

/// What became of rays that were followed to the surface to compare what pictures show there.
public struct PhotoConsistencyTally: Hashable, Sendable, Codable {
    /// Rays that cross the cube.
    public var rays = 0
    /// Rays that met the surface from outside.
    public var hits = 0
    /// Hits that other views confirm enough to say where the surface should go.
    public var compared = 0
    /// Hits that no view confirms and that were emptied.
    public var carved = 0
    /// Other views that showed all of a patch, over all hits with texture.
    public var sourcesSeen = 0
    /// Sum over compared hits of their mean cost, each 0 (alike) to 1 (unlike).
    public var cost = 0.0

    /// Mean cost of the compared hits: 1 minus the correlation.
    public var meanCost: Double { compared > 0 ? cost / Double(compared) : 0 }

    static func += (sum: inout Self, other: Self) {
        sum.rays += other.rays
        sum.hits += other.hits
        sum.compared += other.compared
        sum.carved += other.carved
        sum.sourcesSeen += other.sourcesSeen
        sum.cost += other.cost
    }
}
