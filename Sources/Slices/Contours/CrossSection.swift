// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A closed contour in plane coordinates; the closing edge from last to first is implicit.
public struct SlicePolygon: Hashable, Sendable, Codable {
    /// Corners, at least three, in world units. Counter-clockwise for an outer contour and clockwise for a hole when they
    /// come from a reader of this library; nothing relies on it.
    public var points: [SIMD2<Double>]
    /// What the contour encloses, in 1 ... 2³¹ − 1. A hole has the label of the contour it is cut from.
    public var label: Int
    /// Index, within the section, of the contour that this one is a hole of; `nil` for an outer contour.
    public var parent: Int?

    /// Creates a contour.
    public init(points: [SIMD2<Double>], label: Int, parent: Int? = nil) {
        self.points = points
        self.label = label
        self.parent = parent
    }

    /// Whether the contour is cut out of another one.
    public var isHole: Bool { parent != nil }

    /// Enclosed area in square world units, positive when counter-clockwise.
    public var signedArea: Double {
        guard let first = points.first else { return 0 }
        var sum = 0.0
        for index in points.indices {
            let next = points[index + 1 == points.count ? 0 : index + 1]
            sum += (points[index] - first).cross(next - first)
        }
        return 0.5 * sum
    }
}

/// What one plane says about the solid: everything on it is outside except the regions of its contours.
///
/// A section without contours is information, too: the whole plane is outside.
public struct CrossSection: Hashable, Sendable, Codable {
    /// The plane and its frame.
    public var plane: SlicePlane
    /// Contours in the frame of the plane.
    public var polygons: [SlicePolygon]
    /// Number of the plane in the file it came from, from 1.
    public var number: Int

    /// Creates a section.
    public init(plane: SlicePlane, polygons: [SlicePolygon], number: Int) {
        self.plane = plane
        self.polygons = polygons
        self.number = number
    }

    /// Whether the plane is outside everywhere.
    public var isEmpty: Bool { polygons.isEmpty }

    /// Labels that occur, ascending.
    public var labels: [Int] { Set(polygons.map(\.label)).sorted() }

    /// World positions of all contour corners, polygon after polygon.
    public var vertices: [SIMD3<Double>] {
        polygons.flatMap { polygon in polygon.points.map { plane.point(at: $0) } }
    }

    /// Adds contours that are numbered among themselves.
    mutating func append(_ added: [SlicePolygon]) {
        let first = polygons.count
        polygons += added.map { polygon in
            SlicePolygon(points: polygon.points, label: polygon.label, parent: polygon.parent.map { first + $0 })
        }
    }

    /// Only the contours with one of `labels`; parents are renumbered.
    func selecting(labels: Set<Int>) -> CrossSection {
        var renumbered: [Int: Int] = [:]
        for (index, polygon) in polygons.enumerated() where labels.contains(polygon.label) {
            renumbered[index] = renumbered.count
        }
        var kept: [SlicePolygon] = []
        for polygon in polygons where labels.contains(polygon.label) {
            var copy = polygon
            copy.parent = polygon.parent.flatMap { renumbered[$0] }
            kept.append(copy)
        }
        return CrossSection(plane: plane, polygons: kept, number: number)
    }
}
