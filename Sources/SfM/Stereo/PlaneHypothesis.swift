// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// The geometry of planes as one pinhole camera sees them: inverse depth `w(x, y) = 1/z` is affine in the pixel.
///
/// With focal lengths f, a pixel at (x, y) from the principal point, ray r = (x/fx, y/fy, 1) and the plane n · X = δ:
/// w = n · r / δ, so its slopes are n_x / (fx δ) and n_y / (fy δ), and the normal is that of
/// m = (fx · slope_x, fy · slope_y, w - x · slope_x - y · slope_y), for which m · r = w.
struct PlaneGeometry {
    let focalX: Float
    let focalY: Float

    /// `m`, which points away from the camera.
    @inline(__always)
    func direction(_ plane: zk_stereo_plane, x: Float, y: Float) -> SIMD3<Float> {
        SIMD3(
            focalX * plane.slope_x, focalY * plane.slope_y,
            plane.inverse_depth - x * plane.slope_x - y * plane.slope_y)
    }

    /// The plane through the ray's point at `inverseDepth` whose normal has the direction of `normal`, of any length.
    @inline(__always)
    func plane(inverseDepth: Float, normal: SIMD3<Float>, x: Float, y: Float) -> zk_stereo_plane {
        // n · r times the factor 1 / w.
        let scale = inverseDepth / (normal.x * (x / focalX) + normal.y * (y / focalY) + normal.z)
        return zk_stereo_plane(
            inverse_depth: inverseDepth, slope_x: normal.x * scale / focalX, slope_y: normal.y * scale / focalY)
    }

    /// Cosine of the angle between ray and normal, both away from the camera: 1 for a plane seen face on.
    @inline(__always)
    func incidence(_ plane: zk_stereo_plane, x: Float, y: Float) -> Float {
        let m = direction(plane, x: x, y: y)
        let ray = SIMD3(x / focalX, y / focalY, 1)
        return plane.inverse_depth / (m.dot(m) * ray.dot(ray)).squareRoot()
    }
}

extension zk_stereo_plane {
    /// The same plane seen from a pixel `columns` to the right and `rows` below.
    @inline(__always)
    func moved(columns: Float, rows: Float) -> zk_stereo_plane {
        zk_stereo_plane(
            inverse_depth: inverse_depth + columns * slope_x + rows * slope_y, slope_x: slope_x, slope_y: slope_y)
    }
}
