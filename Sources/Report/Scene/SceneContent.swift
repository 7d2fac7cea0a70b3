// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// What the 3D view of a report shows, in the frame of the result.
package struct SceneContent {
    /// One registered photo.
    package struct Camera {
        /// Path of the photo.
        package var name: String
        /// Where the photo is in ``ModelQuality/photos``, and in the table of the page.
        package var row: Int
        /// Centre of projection.
        package var center: SIMD3<Double>
        /// Through the corners of the picture, from the top left one clockwise, at unit depth.
        package var corners: [SIMD3<Double>]
    }

    /// Verified matches of two cameras.
    package struct Link {
        /// Positions in ``cameras``.
        package var first: Int
        /// See ``first``.
        package var second: Int
        /// Share of the most that any pair has, in `0 ... 1`.
        package var strength: Double
    }

    /// Registered photos.
    package var cameras: [Camera] = []
    /// Pairs of them.
    package var links: [Link] = []
    /// Sparse points.
    package var points: [SIMD3<Double>] = []
    /// Their colours.
    package var pointColors: [SIMD3<UInt8>] = []
    /// The surface.
    package var mesh: TriangleMesh?
    /// Closed contours of cross-sections.
    package var contours: [[SIMD3<Double>]] = []
    /// Direction that is shown upright.
    package var up = SIMD3<Double>(0, 0, 1)
    /// What of the above is a part only, one sentence each.
    package var notes: [String] = []

    /// Nothing to show.
    package init() {}
}
