// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import Slices

extension SceneContent {
    /// Contours, and the surface made of them.
    init(_ slices: SliceSet, mesh: TriangleMesh) {
        self.mesh = mesh
        contours = slices.sections.flatMap { section in
            section.polygons.map { polygon in polygon.points.map { section.plane.point(at: $0) } }
        }
    }
}
