// SPDX-License-Identifier: Apache-2.0

import Geometry

extension TriangleMesh {
    /// Box around all vertices, or `nil` when there are none.
    public var bounds: Box? { Box(enclosing: positions) }

    /// Sum of the face areas, in squared units.
    public var area: Double {
        var sum = 0.0
        for index in triangles.indices {
            let (a, b, c) = corners(of: index)
            sum += 0.5 * (b - a).cross(c - a).length
        }
        return sum
    }

    /// Enclosed volume by the divergence theorem, in cubed units: positive when faces look outwards.
    ///
    /// Meaningful for closed meshes only. Moments are taken about the middle of the bounds, so that an offset of the
    /// whole mesh costs no digits.
    public var volume: Double {
        guard let center = bounds?.center else { return 0 }
        var sum = 0.0
        for index in triangles.indices {
            let (a, b, c) = corners(of: index)
            sum += (a - center).dot((b - center).cross(c - center))
        }
        return sum / 6
    }
}
