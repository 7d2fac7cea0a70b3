// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// What the 3D view of a report shows, in the frame of the result.
struct SceneContent {
    /// One registered photo.
    struct Camera {
        /// Path of the photo.
        var name: String
        /// Where the photo is in ``ModelQuality/photos``, and in the table of the page.
        var row: Int
        /// Centre of projection.
        var center: SIMD3<Double>
        /// Through the corners of the picture, from the top left one clockwise, at unit depth.
        var corners: [SIMD3<Double>]
    }

    /// Verified matches of two cameras.
    struct Link {
        /// Positions in ``cameras``.
        var first: Int
        /// See ``first``.
        var second: Int
        /// Share of the most that any pair has, in `0 ... 1`.
        var strength: Double
    }

    /// Registered photos.
    var cameras: [Camera] = []
    /// Pairs of them.
    var links: [Link] = []
    /// Sparse points.
    var points: [SIMD3<Double>] = []
    /// Their colours.
    var pointColors: [SIMD3<UInt8>] = []
    /// The surface.
    var mesh: TriangleMesh?
    /// Closed contours of cross-sections.
    var contours: [[SIMD3<Double>]] = []
    /// Direction that is shown upright.
    var up = SIMD3<Double>(0, 0, 1)
    /// What of the above is a part only, one sentence each.
    var notes: [String] = []
}
