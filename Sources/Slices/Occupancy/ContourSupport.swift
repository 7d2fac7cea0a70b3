// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// Tells which parts of a surface the sections bear witness to.
///
/// A true part of the solid is cut by some plane, and there its surface runs along a contour. A closed component that meets
/// no contour is an invention of the field between or beyond the slices, where nothing constrains it.
struct ContourSupport {
    private let regions: [PlaneRegion]
    private let tolerance: Double

    /// Prepares the test.
    ///
    /// - Parameter tolerance: Distance from plane and contour, in world units, that still counts as meeting; about the
    ///   cells of the extraction grid.
    init(_ slices: SliceSet, tolerance: Double) {
        regions = slices.sections.filter { !$0.isEmpty }.map { PlaneRegion($0) }
        self.tolerance = tolerance
    }

    /// Whether `point` is close to a contour.
    func reaches(_ point: SIMD3<Double>) -> Bool {
        regions.contains { region in
            guard abs(region.plane.signedDistance(to: point)) <= tolerance else { return false }
            return abs(region.signedDistance(region.plane.coordinates(of: point))) <= 2 * tolerance
        }
    }

    /// `mesh` without the components that meet no contour, and the number of these.
    func keepingSupported(_ mesh: TriangleMesh) -> (mesh: TriangleMesh, dropped: Int) {
        var dropped = 0
        let kept = mesh.keepingComponents { component in
            let supported = component.vertices.contains { reaches(mesh.positions[$0]) }
            if !supported { dropped += 1 }
            return supported
        }
        return (kept, dropped)
    }
}
