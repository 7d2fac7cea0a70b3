// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A plane in space with a frame of its own.
///
/// `axisU`, `axisV` and `normal` are unit vectors and right-handed (`axisU × axisV = normal`). Plane coordinates `(u, v)`
/// have the units of the world.
public struct SlicePlane: Hashable, Sendable, Codable {
    /// The point with plane coordinates (0, 0), in world units.
    public let origin: SIMD3<Double>
    /// Unit normal.
    public let normal: SIMD3<Double>
    /// Unit vector of the first plane coordinate.
    public let axisU: SIMD3<Double>
    /// Unit vector of the second plane coordinate.
    public let axisV: SIMD3<Double>

    /// Creates the plane through `origin` across `normal`.
    ///
    /// The axes depend on the normal alone: `axisU` is the normal crossed with the coordinate axis it is least along.
    ///
    /// - Precondition: `normal` is finite and not zero.
    public init(origin: SIMD3<Double>, normal: SIMD3<Double>) {
        let size = normal.length
        precondition(size > 0 && size.isFinite, "a plane needs a normal that is finite and not zero, got \(normal)")
        let unit = normal / size
        let share = pointwiseMax(unit, -unit)
        var least = SIMD3<Double>(1, 0, 0)
        if share.y < share.x && share.y <= share.z { least = SIMD3(0, 1, 0) }
        if share.z < share.x && share.z < share.y { least = SIMD3(0, 0, 1) }
        let first = unit.cross(least).normalized
        self.origin = origin
        self.normal = unit
        axisU = first
        axisV = unit.cross(first)
    }

    private init(origin: SIMD3<Double>, like other: SlicePlane) {
        self.origin = origin
        normal = other.normal
        axisU = other.axisU
        axisV = other.axisV
    }

    /// The same orientation through another point.
    public func through(_ point: SIMD3<Double>) -> SlicePlane { SlicePlane(origin: point, like: self) }

    /// Plane coordinates of the orthogonal projection of `point`.
    public func coordinates(of point: SIMD3<Double>) -> SIMD2<Double> {
        let offset = point - origin
        return SIMD2(offset.dot(axisU), offset.dot(axisV))
    }

    /// World position of plane coordinates.
    public func point(at coordinates: SIMD2<Double>) -> SIMD3<Double> {
        origin + coordinates.x * axisU + coordinates.y * axisV
    }

    /// Distance from the plane, positive on the side of the normal, in world units.
    public func signedDistance(to point: SIMD3<Double>) -> Double { (point - origin).dot(normal) }
}
