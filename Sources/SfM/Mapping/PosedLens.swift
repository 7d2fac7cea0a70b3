// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A camera at a place, laid out for loops over many points: all numbers inline, no arrays.
///
/// Every model that `CameraModel` knows is a special case of `OPENCV`, so one formula serves them all.
package struct PosedLens {
    private var row0 = SIMD3<Double>(1, 0, 0)
    private var row1 = SIMD3<Double>(0, 1, 0)
    private var row2 = SIMD3<Double>(0, 0, 1)
    private var translation = SIMD3<Double>.zero
    private var focal = SIMD2<Double>(1, 1)
    private var principal = SIMD2<Double>.zero
    private var k1 = 0.0
    private var k2 = 0.0
    private var p1 = 0.0
    private var p2 = 0.0
    /// Where the camera is, in world coordinates.
    package private(set) var center = SIMD3<Double>.zero

    package init() {}

    package init(camera: Camera, cameraFromWorld pose: RigidTransform) {
        let m = pose.rotation.matrix
        row0 = SIMD3(m[0, 0], m[0, 1], m[0, 2])
        row1 = SIMD3(m[1, 0], m[1, 1], m[1, 2])
        row2 = SIMD3(m[2, 0], m[2, 1], m[2, 2])
        translation = pose.translation
        center = pose.cameraCenterInWorld
        focal = camera.focalLengths
        principal = camera.principalPoint
        let d = Array(camera.distortion) + [0, 0, 0, 0]
        (k1, k2, p1, p2) = (d[0], d[1], d[2], d[3])
    }

    /// Focal length in pixels, the mean of both directions.
    var meanFocalLength: Double { 0.5 * (focal.x + focal.y) }

    /// World to camera coordinates.
    @inline(__always)
    package func cameraPoint(_ point: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3((row0 * point).sum(), (row1 * point).sum(), (row2 * point).sum()) + translation
    }

    /// Turns a direction from camera into world coordinates.
    @inline(__always)
    func worldDirection(_ v: SIMD3<Double>) -> SIMD3<Double> { row0 * v.x + row1 * v.y + row2 * v.z }

    @inline(__always)
    private func pixel(_ x: SIMD2<Double>) -> SIMD2<Double> {
        let r2 = (x * x).sum()
        let xy = 2 * x.x * x.y
        let tangential = SIMD2(p1 * xy + p2 * (r2 + 2 * x.x * x.x), p1 * (r2 + 2 * x.y * x.y) + p2 * xy)
        return focal * (x * (1 + r2 * (k1 + r2 * k2)) + tangential) + principal
    }

    /// Squared pixel distance between the projected point and `observed`; infinite behind the camera.
    @inline(__always)
    package func squaredError(of point: SIMD3<Double>, observed: SIMD2<Double>) -> Double {
        let p = cameraPoint(point)
        guard p.z > 1e-9 else { return .infinity }
        let difference = pixel(SIMD2(p.x, p.y) / p.z) - observed
        let squared = (difference * difference).sum()
        return squared.isFinite ? squared : .infinity
    }

    /// Pixel difference (projected minus observed) and its derivative by the point, with distortion left out of the
    /// derivative; `nil` behind the camera.
    @inline(__always)
    func linearized(_ point: SIMD3<Double>, observed: SIMD2<Double>)
        -> (difference: SIMD2<Double>, byX: SIMD3<Double>, byY: SIMD3<Double>)?
    {
        let p = cameraPoint(point)
        guard p.z > 1e-9 else { return nil }
        let x = SIMD2(p.x, p.y) / p.z
        let scale = focal / p.z
        return (pixel(x) - observed, scale.x * (row0 - x.x * row2), scale.y * (row1 - x.y * row2))
    }

    /// Unit vector in world coordinates from the camera through `pixel`.
    ///
    /// Distortion is undone by Newton's method; beyond the radius where a model folds over, the last iterate is returned,
    /// and the reprojection test rejects what comes of it.
    package func ray(through pixel: SIMD2<Double>) -> SIMD3<Double> {
        let x = direction(ofPixel: pixel)
        return worldDirection(SIMD3(x.x, x.y, 1)).normalized
    }

    /// The direction `(x, y, 1)` in camera coordinates that `pixel` sees, as `(x, y)`.
    func direction(ofPixel pixel: SIMD2<Double>) -> SIMD2<Double> {
        let target = (pixel - principal) / focal
        guard k1 != 0 || k2 != 0 || p1 != 0 || p2 != 0 else { return target }
        var x = target
        for _ in 0..<20 {
            let r2 = (x * x).sum()
            let radial = 1 + r2 * (k1 + r2 * k2)
            let slope = 2 * (k1 + 2 * r2 * k2)
            let xy = 2 * x.x * x.y
            let tangential = SIMD2(p1 * xy + p2 * (r2 + 2 * x.x * x.x), p1 * (r2 + 2 * x.y * x.y) + p2 * xy)
            let error = x * radial + tangential - target
            let xx = radial + slope * x.x * x.x + 2 * p1 * x.y + 6 * p2 * x.x
            let mixed = slope * x.x * x.y + 2 * (p1 * x.x + p2 * x.y)
            let yy = radial + slope * x.y * x.y + 6 * p1 * x.y + 2 * p2 * x.x
            let determinant = xx * yy - mixed * mixed
            guard abs(determinant) > 1e-12 else { break }
            let step = SIMD2(yy * error.x - mixed * error.y, xx * error.y - mixed * error.x) / determinant
            x -= step
            if (step * step).sum() < 1e-22 { break }
        }
        return x
    }
}
