// SPDX-License-Identifier: Apache-2.0

/// A straight piece of the border between inside and outside of a section, in plane coordinates.
public struct BoundaryEdge: Hashable, Sendable {
    /// First end.
    public let start: SIMD2<Double>
    /// Second end.
    public let end: SIMD2<Double>
    /// Unit vector across the edge, towards the outside.
    public let outwardNormal: SIMD2<Double>
    /// Distance from `start` to `end`, in world units; positive.
    public let length: Double
    /// Summed length of this edge and all before it in the list: draw a point by arc length with a binary search.
    public let cumulativeLength: Double

    /// The point a share `t`, in `0...1`, of the way from `start` to `end`.
    public func point(at t: Double) -> SIMD2<Double> { start + t * (end - start) }
}
