// SPDX-License-Identifier: Apache-2.0

/// One kind of defect that a reader found and worked around, with the planes concerned.
public struct SliceRepair: Hashable, Sendable, Codable, CustomStringConvertible {
    /// What was wrong.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// The stated plane misses its vertices by over a thousandth of their extent; the plane was fitted to them.
        case equationDisagrees
        /// The stated normal is not a unit vector.
        case normalNotUnit
        /// Vertices lie off the plane by over a thousandth of their extent; they were projected onto it.
        case verticesOffPlane
        /// Outer contours run clockwise, or holes counter-clockwise; they were turned round.
        case windingReversed
        /// The header's label count does not match the labels that occur; the latter were used.
        case labelCountWrong
        /// Planes are not numbered 1, 2, 3 …; the order in the file was used.
        case planeNumbering
        /// Corners that repeat their predecessor were dropped.
        case repeatedCorners
        /// Contours without area were dropped.
        case flatContours
        /// Holes were dropped because the contour around them was.
        case orphanedHoles
        /// Vertices that no contour uses were ignored.
        case unusedVertices
        /// Planes without contours were kept: they say that everything on them is outside.
        case emptyPlanes
    }

    /// What was wrong.
    public let kind: Kind
    /// Numbers of the planes concerned, from 1, ascending; empty when the defect is not tied to planes.
    public let planes: [Int]
    /// What was found and done, for people.
    public let detail: String

    /// For example "planes 1-7, 9-15: the equation disagrees with the vertices; fitted to the vertices".
    public var description: String {
        guard let first = planes.first else { return detail }
        var ranges: [ClosedRange<Int>] = []
        for plane in planes {
            if let last = ranges.last, last.upperBound + 1 == plane {
                ranges[ranges.count - 1] = last.lowerBound...plane
            } else {
                ranges.append(plane...plane)
            }
        }
        let list = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
        return planes.count == 1
            ? "plane \(first): \(detail)" : "planes \(list.joined(separator: ", ")): \(detail)"
    }
}
