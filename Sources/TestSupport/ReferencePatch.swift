// SPDX-License-Identifier: Apache-2.0

import Geometry

#if canImport(Glibc)
    import Glibc
#endif

/// Comparison of a patch with a source picture through a tangent plane, in Double and as plainly as the formulas stand:
/// the twin that kernels are tested against.
public struct ReferencePatch {
    /// A picture: grey and its derivatives by column and row at a place in pixels.
    public typealias Picture = (SIMD2<Double>) -> (gray: Double, byColumn: Double, byRow: Double)

    /// What a comparison says.
    public struct Comparison {
        /// 1 minus the weighted normalised cross-correlation.
        public var cost = 0.0
        /// Derivative by the distance of the point from the reference camera.
        public var byDistance = 0.0
        /// Derivative by the normal, whose length does not matter.
        public var byNormal = SIMD3<Double>.zero
    }

    /// Columns and rows of the 45 pixels, from the middle one.
    public static let pixels: [SIMD2<Double>] = {
        var result: [SIMD2<Double>] = []
        for row in -3...3 {
            for column in -3...3 where abs(row) < 3 || abs(column) < 3 {
                result.append(SIMD2(Double(column), Double(row)))
            }
        }
        return result
    }()

    /// Weights with sum 1, by pixel.
    public let weights: [Double]
    /// Greys minus their weighted mean, by pixel.
    public let grays: [Double]
    /// Centre of the reference camera.
    public let origin: SIMD3<Double>
    /// Unnormalised ray of the middle pixel and its changes by column and row.
    public let rays: [SIMD3<Double>]
    /// The source camera's pose.
    public let cameraFromWorld: RigidTransform
    /// The source camera's focal lengths in pixels.
    public let focalLengths: SIMD2<Double>
    /// The source camera's principal point in pixels.
    public let principalPoint: SIMD2<Double>
    /// What the source camera took.
    public let picture: Picture

    /// The patch whose pixel at `pixels[k]` has the grey `grays[k]`.
    public init(
        grays: [Double], similarity: Double, origin: SIMD3<Double>, rays: [SIMD3<Double>],
        cameraFromWorld: RigidTransform, focalLengths: SIMD2<Double>, principalPoint: SIMD2<Double>,
        picture: @escaping Picture
    ) {
        let middle = grays[22]
        let raw = zip(Self.pixels, grays).map { (pixel: SIMD2<Double>, gray: Double) -> Double in
            let difference = (gray - middle) / similarity
            return exp(-pixel.dot(pixel) / 18) / (1 + difference * difference)
        }
        let total = raw.reduce(0, +)
        weights = raw.map { $0 / total }
        let mean = Self.sum(weights, grays)
        self.grays = grays.map { $0 - mean }
        self.origin = origin
        self.rays = rays
        self.cameraFromWorld = cameraFromWorld
        self.focalLengths = focalLengths
        self.principalPoint = principalPoint
        self.picture = picture
    }

    /// Compares on the plane through the point at `distance` along the middle ray.
    public func compare(distance: Double, normal: SIMD3<Double>) -> Comparison {
        let direction = rays[0].normalized
        let arm = distance * direction
        let height = normal.dot(arm)
        var greys: [Double] = []
        var changes: [Double] = []
        var depths: [Double] = []
        var slopes: [Double] = []
        for pixel in Self.pixels {
            let ray = rays[0] + pixel.x * rays[1] + pixel.y * rays[2]
            let slope = normal.dot(ray)
            let depth = height / slope
            let local = cameraFromWorld(origin + depth * ray)
            let turned = cameraFromWorld.rotation(ray)
            let place = SIMD2(local.x, local.y) / local.z
            let sample = picture(focalLengths * place + principalPoint)
            greys.append(sample.gray)
            changes.append(
                (sample.byColumn * focalLengths.x * (turned.x - place.x * turned.z)
                    + sample.byRow * focalLengths.y * (turned.y - place.y * turned.z)) / local.z)
            depths.append(depth)
            slopes.append(slope)
        }
        let mean = Self.sum(weights, greys)
        let b = greys.map { $0 - mean }
        let va = Self.sum(weights, zip(grays, grays).map(*))
        let vb = Self.sum(weights, zip(b, b).map(*))
        let s = Self.sum(weights, zip(grays, b).map(*))
        let root = (va * vb).squareRoot()
        var result = Comparison(cost: 1 - s / root)
        for k in weights.indices {
            let byDepth = -weights[k] / root * (grays[k] - s / vb * b[k]) * changes[k]
            let ray = rays[0] + Self.pixels[k].x * rays[1] + Self.pixels[k].y * rays[2]
            result.byDistance += byDepth * normal.dot(direction) / slopes[k]
            result.byNormal += byDepth / slopes[k] * (arm - depths[k] * ray)
        }
        return result
    }

    private static func sum(_ weights: [Double], _ values: [Double]) -> Double {
        zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
