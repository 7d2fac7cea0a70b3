// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// Tells which parts of a surface the sections bear witness to.
///
/// A true part of the solid is cut by some plane, and there its surface runs along a contour. A closed component that meets
/// no contour is an invention of the field between or beyond the slices, where nothing constrains it. So is a speck of a
/// few cells beside a larger contour: a part that small is cut in a contour that small.
package struct ContourSupport {
    /// Components up to this many tolerances across are specks.
    private static let speckSize = 4.0
    private let regions: [PlaneRegion]
    private let contourBoxes: [Box]
    private let tolerance: Double

    /// Prepares the test.
    ///
    /// - Parameter tolerance: Distance from plane and contour, in world units, that still counts as meeting; about the
    ///   cells of the extraction grid.
    package init(_ slices: SliceSet, tolerance: Double) {
        regions = slices.sections.filter { !$0.isEmpty }.map { PlaneRegion($0) }
        contourBoxes = slices.sections.flatMap { section in
            section.polygons.compactMap { polygon in
                Box(enclosing: polygon.points.map { section.plane.point(at: $0) })
            }
        }
        self.tolerance = tolerance
    }

    /// Whether `point` is close to a contour.
    func reaches(_ point: SIMD3<Double>) -> Bool {
        regions.contains { region in
            guard abs(region.plane.signedDistance(to: point)) <= tolerance else { return false }
            return abs(region.signedDistance(region.plane.coordinates(of: point))) <= 2 * tolerance
        }
    }

    /// Whether a component is small and no contour fits into it.
    private func isSpeck(_ bounds: Box) -> Bool {
        guard bounds.diagonal <= Self.speckSize * tolerance else { return false }
        let room = bounds.expanded(by: 2 * tolerance)
        return !contourBoxes.contains { room.contains($0.minimum) && room.contains($0.maximum) }
    }

    /// `mesh` without the components that no contour bears witness to, and the number of these.
    package func keepingSupported(_ mesh: TriangleMesh) -> (mesh: TriangleMesh, dropped: Int) {
        var dropped = 0
        let kept = mesh.keepingComponents { component in
            let supported =
                !isSpeck(component.bounds) && component.vertices.contains { reaches(mesh.positions[$0]) }
            if !supported { dropped += 1 }
            return supported
        }
        return (kept, dropped)
    }
}
