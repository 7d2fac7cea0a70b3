// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Planar cross-sections of one solid: at least two different planes carry contours, others may be empty.
public struct SliceSet: Hashable, Sendable {
    /// The planes with their contours, in the order of the file.
    public let sections: [CrossSection]
    /// Labels that occur, ascending.
    public let labels: [Int]
    /// Smallest axis-aligned box around all contour vertices, in world units.
    public let boundingBox: Box

    /// Collects sections after checking that they can determine a surface.
    ///
    /// - Throws: ``SliceSetError`` unless two planes that differ carry contours.
    public init(sections: [CrossSection]) throws(SliceSetError) {
        let filled = sections.filter { !$0.isEmpty }
        guard let box = Box(enclosing: filled.lazy.flatMap(\.vertices)), let first = filled.first else {
            throw .noContours(planes: sections.count)
        }
        guard filled.count > 1 else { throw .onlyOnePlane(number: first.number) }
        // A millionth of the size: far above rounding, far below any distance between planes that could be meant.
        let limit = 1e-6 * box.diagonal
        let differs = filled.contains { section in
            section.vertices.contains { abs(first.plane.signedDistance(to: $0)) > limit }
        }
        guard differs else { throw .allOnOnePlane }
        self.sections = sections
        labels = Set(filled.flatMap(\.labels)).sorted()
        boundingBox = box
    }

    /// The solid made of some labels only; planes that lose all contours stay as empty planes.
    ///
    /// Without a selection the solid is the union of all labels.
    ///
    /// - Throws: ``SliceSetError`` when a label does not occur, or when too few planes carry contours afterwards.
    public func selecting(labels wanted: some Sequence<Int>) throws(SliceSetError) -> SliceSet {
        let wanted = Set(wanted)
        for label in wanted.sorted() where !labels.contains(label) {
            throw .unknownLabel(label: label, available: labels)
        }
        return try SliceSet(sections: sections.map { $0.selecting(labels: wanted) })
    }

    /// The set as seen from frame B, given `similarity` from the present frame to B.
    public func transformed(by similarity: UniformSimilarity) -> SliceSet {
        SliceSet(
            unchecked: sections.map { section in
                CrossSection(
                    plane: section.plane.through(similarity(section.plane.origin)),
                    polygons: section.polygons.map { polygon in
                        SlicePolygon(
                            points: polygon.points.map { similarity.scale * $0 },
                            label: polygon.label, parent: polygon.parent)
                    },
                    number: section.number)
            },
            labels: labels, boundingBox: similarity(boundingBox))
    }

    private init(unchecked sections: [CrossSection], labels: [Int], boundingBox: Box) {
        self.sections = sections
        self.labels = labels
        self.boundingBox = boundingBox
    }

    /// Whether the planes that carry contours are parallel to within `angle` radians.
    public func isParallelStack(within angle: Double = 1e-3) -> Bool {
        let normals = sections.filter { !$0.isEmpty }.map(\.plane.normal)
        // For small angles |a × b| is the angle.
        return normals.allSatisfy { normals[0].cross($0).length <= angle }
    }

    /// Traps when an internal promise is broken; for tests.
    package func checkInvariants() {
        for section in sections {
            for polygon in section.polygons {
                precondition(polygon.points.count >= 3, "a contour has at least three corners")
                precondition(polygon.points.allSatisfy { $0.x.isFinite && $0.y.isFinite }, "coordinates are finite")
                guard let parent = polygon.parent else { continue }
                precondition(section.polygons.indices.contains(parent), "a hole's parent exists")
                precondition(!section.polygons[parent].isHole, "a hole's parent is no hole")
                precondition(section.polygons[parent].label == polygon.label, "a hole has its parent's label")
            }
            for point in section.vertices {
                precondition(boundingBox.expanded(by: 1e-9 * boundingBox.diagonal).contains(point), "box holds all")
            }
        }
    }
}
