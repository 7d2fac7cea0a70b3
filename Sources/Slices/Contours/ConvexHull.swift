// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A convex body around points in space, as the intersection of half-spaces.
///
/// All points are inside to rounding, and every half-space touches the points. Where points are nearly coplanar the body
/// may be larger than the true hull by about 1e-4 of the extent: rounded contours are thinned before facets are made.
public struct ConvexHull: Sendable {
    /// `normal · x ≤ offset`, with a unit normal that points outwards.
    public struct HalfSpace: Hashable, Sendable {
        /// Unit vector towards the outside.
        public let normal: SIMD3<Double>
        /// Distance of the bounding plane from the origin along `normal`, in world units.
        public let offset: Double

        /// Distance to the bounding plane, positive outside the half-space.
        @inline(__always)
        func signedDistance(_ point: SIMD3<Double>) -> Double { normal.dot(point) - offset }
    }

    /// The half-spaces; at least six.
    public let halfSpaces: [HalfSpace]
    /// Corners that `triangles` index, in world units.
    public let vertices: [SIMD3<Double>]
    /// A closed surface, counter-clockwise from outside. Empty when the points lie in a plane or worse: then
    /// `halfSpaces` are the sides of their bounding box.
    public let triangles: [SIMD3<UInt32>]
    /// Centre of gravity of the body.
    public let centroid: SIMD3<Double>

    /// The hull of all contour vertices of `set`.
    public init(of set: SliceSet) {
        var support: [SIMD3<Double>] = []
        var corners: [SIMD3<Double>] = []
        let tolerance = 1e-4 * set.boundingBox.diagonal
        for section in set.sections where !section.isEmpty {
            // The corners of the hull in space are among the corners of the hulls in the planes.
            let flat = PlanarHull.corners(section.polygons.flatMap(\.points))
            support += flat.map { section.plane.point(at: $0) }
            corners += PlanarHull.simplified(flat, tolerance: tolerance).map { section.plane.point(at: $0) }
        }
        self.init(corners: corners, support: support)
    }

    /// The hull of `points`.
    ///
    /// - Precondition: there is at least one point, and all are finite.
    public init(points: [SIMD3<Double>]) {
        self.init(corners: points, support: points)
    }

    /// Facets are made from `corners` alone, then moved outwards until all of `support` is inside.
    private init(corners: [SIMD3<Double>], support: [SIMD3<Double>]) {
        guard let box = Box(enclosing: support) else { preconditionFailure("a hull needs at least one point") }
        if let facets = HullBuilder.facets(of: corners) {
            var used: [Int: UInt32] = [:]
            for facet in facets {
                for corner in [facet.a, facet.b, facet.c] where used[corner] == nil {
                    used[corner] = UInt32(used.count)
                }
            }
            vertices = used.sorted { $0.value < $1.value }.map { corners[$0.key] }
            triangles = facets.map { SIMD3(used[$0.a] ?? 0, used[$0.b] ?? 0, used[$0.c] ?? 0) }
            halfSpaces = Self.merged(facets.map(\.normal)).map { Self.supporting($0, support) }
            centroid = Self.centroid(vertices, triangles) ?? box.center
        } else {
            vertices = []
            triangles = []
            let axes = [SIMD3<Double>(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
            halfSpaces = axes.flatMap { [Self.supporting($0, support), Self.supporting(-$0, support)] }
            centroid = box.center
        }
    }

    private init(
        halfSpaces: [HalfSpace], vertices: [SIMD3<Double>], triangles: [SIMD3<UInt32>], centroid: SIMD3<Double>
    ) {
        self.halfSpaces = halfSpaces
        self.vertices = vertices
        self.triangles = triangles
        self.centroid = centroid
    }

    private static func supporting(_ normal: SIMD3<Double>, _ points: [SIMD3<Double>]) -> HalfSpace {
        var offset = -Double.infinity
        for point in points { offset = max(offset, normal.dot(point)) }
        return HalfSpace(normal: normal, offset: offset)
    }

    /// Drops normals that equal another one to about 1e-5: a flat side made of many triangles is one half-space.
    private static func merged(_ normals: [SIMD3<Double>]) -> [SIMD3<Double>] {
        var seen: Set<SIMD3<Double>> = []
        return normals.filter { seen.insert(($0 * 1e5).rounded(.toNearestOrAwayFromZero)).inserted }
    }

    private static func centroid(_ vertices: [SIMD3<Double>], _ triangles: [SIMD3<UInt32>]) -> SIMD3<Double>? {
        guard let apex = vertices.first else { return nil }
        var volume = 0.0
        var moment = SIMD3<Double>()
        for triangle in triangles {
            let corners = (0..<3).map { vertices[Int(triangle[$0])] - apex }
            let part = corners[0].dot(corners[1].cross(corners[2]))
            volume += part
            moment += 0.25 * part * (corners[0] + corners[1] + corners[2])
        }
        return volume > 0 ? apex + moment / volume : nil
    }
}

// MARK: - Questions

extension ConvexHull {
    /// Whether `point` is inside, or outside by at most `margin` from every side (beyond corners a little more).
    public func contains(_ point: SIMD3<Double>, margin: Double = 0) -> Bool {
        halfSpaces.allSatisfy { $0.signedDistance(point) <= margin }
    }

    /// Inside: minus the distance to the surface. Outside: a lower bound of the distance, and positive.
    public func signedDistanceBound(_ point: SIMD3<Double>) -> Double {
        var bound = -Double.infinity
        for side in halfSpaces { bound = max(bound, side.signedDistance(point)) }
        return bound
    }

    /// The body grown (or shrunk) by `factor` about its centre of gravity.
    public func scaled(by factor: Double) -> ConvexHull {
        ConvexHull(
            halfSpaces: halfSpaces.map {
                let middle = $0.normal.dot(centroid)
                return HalfSpace(normal: $0.normal, offset: middle + factor * ($0.offset - middle))
            },
            vertices: vertices.map { centroid + factor * ($0 - centroid) },
            triangles: triangles, centroid: centroid)
    }
}
