// SPDX-License-Identifier: Apache-2.0

import Geometry

/// The inside of one section, prepared for many questions.
///
/// A point is inside when it is inside an odd number of contours of any one label; a hole counts for the label of its
/// parent. Direction of contours does not matter. A value may be asked from several threads at once.
public struct PlaneRegion: Sendable {
    /// The plane whose coordinates the questions are in.
    public let plane: SlicePlane
    /// The border between inside and outside. Edges between touching labels are not part of it.
    public let boundaryEdges: [BoundaryEdge]
    private let rows: EdgeRows
    private let tree: EdgeTree

    /// Prepares the union of all labels of `section`.
    ///
    /// - Complexity: O(n log n) for contours that do not overlap; memory O(n).
    public init(_ section: CrossSection) {
        plane = section.plane
        rows = EdgeRows(section.polygons)
        boundaryEdges = BoundaryEdges.find(section.polygons, rows)
        tree = EdgeTree(boundaryEdges.map { EdgeTree.Segment(start: $0.start, end: $0.end) })
    }

    /// Whether the plane is outside everywhere.
    public var isEmpty: Bool { boundaryEdges.isEmpty }

    /// Total length of ``boundaryEdges``, in world units.
    public var boundaryLength: Double { boundaryEdges.last?.cumulativeLength ?? 0 }

    /// Whether plane coordinates `point` are inside. Points on the boundary may go either way; NaN is outside.
    public func contains(_ point: SIMD2<Double>) -> Bool { rows.contains(point) }

    /// Whether plane coordinates `point` are inside; see ``contains(_:)-(SIMD2<Double>)``.
    public func contains(_ point: SIMD2<Float>) -> Bool { rows.contains(SIMD2<Double>(point)) }

    /// Distance to the nearest boundary edge within the plane, negative inside, in world units.
    ///
    /// Exact to rounding. `+infinity` when the plane is empty.
    public func signedDistance(_ point: SIMD2<Double>) -> Double {
        let distance = tree.distance(to: point)
        return contains(point) ? -distance : distance
    }

    /// Index into ``boundaryEdges`` of the edge nearest to plane coordinates `point`, and the distance to it.
    ///
    /// - Returns: `nil` when the plane is empty.
    public func nearestEdge(to point: SIMD2<Double>) -> (index: Int, distance: Double)? {
        let (index, distance) = tree.nearest(to: point)
        return index < 0 ? nil : (index, distance)
    }

    /// The boundary edge at `arcLength` along the list, clamped to the list, by binary search.
    ///
    /// - Precondition: the region is not empty.
    public func boundaryEdgeIndex(atArcLength arcLength: Double) -> Int {
        precondition(!boundaryEdges.isEmpty, "an empty region has no boundary")
        var low = 0
        var high = boundaryEdges.count - 1
        while low < high {
            let middle = (low + high) / 2
            if boundaryEdges[middle].cumulativeLength > arcLength { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
