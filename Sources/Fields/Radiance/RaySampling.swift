// SPDX-License-Identifier: Apache-2.0

import Geometry

#if canImport(Glibc)
    import Glibc
#endif

/// How a ray is cut into layers of matter, each with one sample.
public struct RaySampling: Hashable, Sendable, Codable {
    /// Layers about the place where the ray meets the surface, or comes close to it.
    public var surfaceLayers = 16
    /// Layers of the rest of the ray within the cube, denser towards the surface.
    public var stratifiedLayers = 8

    /// The usual numbers.
    public init() {}

    /// Throws when there would be no layers or too many.
    public func validate() throws(OptionsError) {
        try OptionsError.require(
            (2...128).contains(surfaceLayers), "surfaceLayers", surfaceLayers, allowed: "2 to 128")
        try OptionsError.require(
            (2...64).contains(stratifiedLayers), "stratifiedLayers", stratifiedLayers, allowed: "2 to 64")
    }

    /// Most layers of a ray within the cube.
    var layersPerRay: Int { surfaceLayers + stratifiedLayers }

    /// Matter is looked for from this many scales β before the surface to so many behind it: before it is e⁻⁴ / 2 of the full
    /// density, behind it e⁻⁵ of the light is left.
    private static let reachBefore: Float = 4
    private static let reachBehind: Float = 5
    /// Rays that pass the surface within this many β see its rim.
    private static let rimReach: Float = 4
    /// Radius of curvature, in units of the cube, that the length of such a pass is computed for.
    private static let rimRadius: Float = 0.2
    /// At grazing incidence matter is looked for along a longer piece, up to 1 over this cosine.
    private static let leastDescent: Float = 0.25

    /// The layers of one ray.
    package struct Layers {
        /// Distances at which they begin, and at which the last one ends; none without layers.
        package var edges: [Float] = []
        /// Whether the surface hides all that is behind the last layer.
        package var isClosed = false
        /// Distance of the surface.
        package var hit: Float?

        package var count: Int { max(edges.count - 1, 0) }

        /// Goes on from the last edge to `end` with `count` layers; `power` 2 makes them denser towards the end, -2 towards
        /// the start.
        mutating func append(_ count: Int, to end: Float, power: Int = 1) {
            guard let start = edges.last else { return }
            for index in 1...max(count, 1) {
                var share = Float(index) / Float(count)
                if power == -2 { share *= share }
                if power == 2 { share = 1 - (1 - share) * (1 - share) }
                edges.append(start + share * (end - start))
            }
        }
    }

    /// Cuts a ray that came as close to the surface as `approach` tells.
    package func layers(of range: ClosedRange<Float>, approach: RayApproach, beta: Float) -> Layers {
        let (near, far) = (range.lowerBound, range.upperBound)
        var result = Layers(edges: [near])
        switch approach.hit {
        case .surface(let distance), .undecided(let distance):
            let scale = beta / min(max(approach.descent, Self.leastDescent), 1)
            let start = min(max(distance - Self.reachBefore * scale, near), far)
            result.append(stratifiedLayers, to: start, power: 2)
            result.append(surfaceLayers, to: min(max(distance + Self.reachBehind * scale, start), far))
            if case .surface = approach.hit {
                result.isClosed = true
                result.hit = distance
            }
        case .startsInside:
            result.append(surfaceLayers, to: min(near + 2 * Self.reachBehind * beta, far))
            result.isClosed = true
            result.hit = near
        case .nothing where approach.nearestValue < Self.rimReach * beta:
            let half = (2 * Self.rimRadius * Self.rimReach * beta).squareRoot()
            let start = min(max(approach.nearestDistance - half, near), far)
            result.append(stratifiedLayers / 2, to: start, power: 2)
            result.append(surfaceLayers, to: min(approach.nearestDistance + half, far))
            result.append(stratifiedLayers / 2, to: far, power: -2)
        case .nothing:
            result.append(stratifiedLayers, to: far)
        }
        return result
    }
}
