// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A solid on a round table that can be photographed with exact truth: cameras, depth, masks, geometry.
///
/// The world is right-handed with z up; the table's top is the disc `z = 0` around the origin, and nothing lies below it.
/// Light is Lambertian, so that a point has one colour from everywhere; shadows and occlusion belong to the place, too.
public struct SyntheticPhotoScene: Sendable {
    /// What stands on the table.
    public let object: Solid
    let objectTable: SolidTable
    /// Textures of the object's materials, by number; a number beyond the end counts as the last.
    public var materials: [SurfaceTexture]
    /// Texture of the table.
    public var table: SurfaceTexture
    /// Radius of the table, in scene units.
    public var tableRadius: Double
    /// Where the light is and how strong.
    public var lighting = Lighting()

    /// Creates a scene.
    ///
    /// - Precondition: there is at least one material.
    public init(object: Solid, materials: [SurfaceTexture], table: SurfaceTexture, tableRadius: Double) {
        precondition(!materials.isEmpty, "an object without a texture")
        self.object = object
        objectTable = SolidTable(object)
        self.materials = materials
        self.table = table
        self.tableRadius = tableRadius
    }

    /// A lamp far away and light from all sides.
    public struct Lighting: Hashable, Sendable {
        /// Towards the lamp, unit length.
        public var direction = SIMD3<Double>(0.55, -0.6, 1.1).normalized
        /// Radiance that the lamp adds on a white surface facing it.
        public var lamp = 0.75
        /// Radiance of a white surface far from everything, without the lamp.
        public var ambient = 0.42
        /// Tangent of the half angle of the lamp: larger gives softer shadows.
        public var softness = 0.09
        /// Linear grey of the backdrop far below the horizon.
        public var backdropBelow = 0.36
        /// Linear grey of the backdrop high above the horizon.
        public var backdropAbove = 0.62

        /// Creates the default lighting.
        public init() {}
    }

    /// What a ray meets first.
    public struct Hit: Hashable, Sendable {
        /// Distance along the ray, in scene units.
        public let distance: Double
        /// The place, in world coordinates.
        public let point: SIMD3<Double>
        /// Whether it is the object, not the table.
        public let isObject: Bool
    }

    /// The first surface on the ray from `origin` along the unit vector `direction`, or `nil` for the backdrop.
    ///
    /// - Parameter tolerance: How near to the object's surface, in signed distance, a point counts as on it.
    public func firstHit(origin: SIMD3<Double>, direction: SIMD3<Double>, tolerance: Double = 1e-6) -> Hit? {
        var reach = Double.infinity
        if direction.z < 0, origin.z > 0 {
            let distance = -origin.z / direction.z
            let point = origin + distance * direction
            if point.x * point.x + point.y * point.y <= tableRadius * tableRadius { reach = distance }
        }
        if let distance = objectDistance(origin: origin, direction: direction, reach: reach, tolerance: tolerance) {
            return Hit(distance: distance, point: origin + distance * direction, isObject: true)
        }
        guard reach.isFinite else { return nil }
        var point = origin + reach * direction
        point.z = 0
        return Hit(distance: reach, point: point, isObject: false)
    }

    /// Sphere tracing (Hart 1996) within the object's bounding ball.
    private func objectDistance(
        origin: SIMD3<Double>, direction: SIMD3<Double>, reach: Double, tolerance: Double
    ) -> Double? {
        guard let (near, far) = ballInterval(origin: origin, direction: direction) else { return nil }
        let end = min(far, reach)
        var t = near
        // A ray that grazes the surface makes little progress; after this many steps it has come to within the tolerance
        // or to a place where one cannot tell.
        for _ in 0..<256 where t <= end {
            let distance = objectTable.distance(at: origin + t * direction, exactBelow: 0.01)
            if distance < tolerance { return t }
            t += distance
        }
        return nil
    }

    /// The part of the ray in front of its origin that lies in the object's bounding ball.
    @inline(__always)
    func ballInterval(origin: SIMD3<Double>, direction: SIMD3<Double>) -> (near: Double, far: Double)? {
        let toCenter = object.ballCenter - origin
        let middle = toCenter.dot(direction)
        let half2 = object.ballRadius * object.ballRadius - toCenter.dot(toCenter) + middle * middle
        guard half2 > 0 else { return nil }
        let half = half2.squareRoot()
        guard middle + half > 0 else { return nil }
        return (max(middle - half, 0), middle + half)
    }

    /// Reflectance of the surface at a hit, without light; linear, `0 ... 1` for each channel.
    public func albedo(at hit: Hit) -> SIMD3<Double> {
        guard hit.isObject else { return table.albedo(at: hit.point) }
        return materials[min(object.material(at: hit.point), materials.count - 1)].albedo(at: hit.point)
    }
}
