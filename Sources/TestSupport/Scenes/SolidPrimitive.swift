// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A closed piece of space with a signed distance, negative inside; positions and sizes in scene units.
///
/// All but the ellipsoid and the half space's far side are exact Euclidean distances; every one changes by at most the
/// distance walked (Lipschitz constant 1), which sphere tracing needs.
public enum SolidPrimitive: Hashable, Sendable {
    /// Ball around `center`.
    case sphere(center: SIMD3<Double>, radius: Double)
    /// Half axes along x, y and z. The value is a lower bound of the distance: exact only on the surface.
    case ellipsoid(center: SIMD3<Double>, radii: SIMD3<Double>)
    /// Hull of two balls.
    case cone(from: SIMD3<Double>, radius: Double, to: SIMD3<Double>, endRadius: Double)
    /// Box with half extents `half` (the rounding included), turned by `rotation` about its centre.
    case roundedBox(center: SIMD3<Double>, rotation: Quaternion, half: SIMD3<Double>, rounding: Double)
    /// Upright cylinder with rounded rims.
    case roundedCylinder(center: SIMD3<Double>, radius: Double, halfHeight: Double, rounding: Double)
    /// `major` from the centre to the tube's middle, `minor` the tube's radius; `axis` has unit length.
    case torus(center: SIMD3<Double>, axis: SIMD3<Double>, major: Double, minor: Double)
    /// Everything with `normal · point < offset`; `normal` has unit length.
    case halfSpace(normal: SIMD3<Double>, offset: Double)

    /// A ball swept along a segment.
    public static func capsule(from: SIMD3<Double>, to: SIMD3<Double>, radius: Double) -> SolidPrimitive {
        .cone(from: from, radius: radius, to: to, endRadius: radius)
    }

    /// Signed distance at `point`, in scene units.
    @inline(__always)
    func signedDistance(_ point: SIMD3<Double>) -> Double {
        switch self {
        case .sphere(let center, let radius): return (point - center).length - radius
        case .ellipsoid(let center, let radii):
            return (((point - center) / radii).length - 1) * min(radii.x, radii.y, radii.z)
        case .cone(let from, let radius, let to, let endRadius):
            return Self.coneDistance(point - from, axis: to - from, radius, endRadius)
        case .roundedBox(let center, let rotation, let half, let rounding):
            let local = rotation.inverse(point - center)
            let q = pointwiseMax(local, -local) - (half - rounding)
            let outside = pointwiseMax(q, .zero).length
            return outside + min(max(q.x, q.y, q.z), 0) - rounding
        case .roundedCylinder(let center, let radius, let halfHeight, let rounding):
            let local = point - center
            let side = (local.x * local.x + local.y * local.y).squareRoot() - radius + rounding
            let top = abs(local.z) - halfHeight + rounding
            let outside = SIMD2(max(side, 0), max(top, 0)).length
            return outside + min(max(side, top), 0) - rounding
        case .torus(let center, let axis, let major, let minor):
            let local = point - center
            let height = local.dot(axis)
            let ring = max(local.dot(local) - height * height, 0).squareRoot() - major
            return (ring * ring + height * height).squareRoot() - minor
        case .halfSpace(let normal, let offset): return point.dot(normal) - offset
        }
    }

    /// Distance to the hull of two balls: in the plane through the axis, the nearer ball or the tangent line.
    @inline(__always)
    private static func coneDistance(
        _ p: SIMD3<Double>, axis: SIMD3<Double>, _ radius: Double, _ endRadius: Double
    ) -> Double {
        let length2 = axis.dot(axis)
        let length = length2.squareRoot()
        let along = p.dot(axis) / length
        let across = max(p.dot(p) - along * along, 0).squareRoot()
        // The tangent line leans by the angle whose sine is this.
        let sine = (radius - endRadius) / length
        let cosine = max(1 - sine * sine, 0).squareRoot()
        // Coordinate along the tangent, from its touching point on the first ball.
        let s = along * cosine - across * sine
        if s <= 0 { return p.length - radius }
        if s >= length * cosine { return (p - axis).length - endRadius }
        return across * cosine + along * sine - radius
    }

    /// The signed distance grows at least by 1 over this for each unit away from the bounding ball.
    var stretch: Double {
        guard case .ellipsoid(_, let radii) = self else { return 1 }
        return max(radii.x, radii.y, radii.z) / min(radii.x, radii.y, radii.z)
    }

    /// A ball that holds the primitive; infinite for a half space.
    var boundingBall: (center: SIMD3<Double>, radius: Double) {
        switch self {
        case .sphere(let center, let radius): (center, radius)
        case .ellipsoid(let center, let radii): (center, max(radii.x, radii.y, radii.z))
        case .cone(let from, let radius, let to, let endRadius):
            (0.5 * (from + to), 0.5 * (to - from).length + max(radius, endRadius))
        case .roundedBox(let center, _, let half, _): (center, half.length)
        case .roundedCylinder(let center, let radius, let halfHeight, _):
            (center, SIMD2(radius, halfHeight).length)
        case .torus(let center, _, let major, let minor): (center, major + minor)
        case .halfSpace: (.zero, .infinity)
        }
    }
}
