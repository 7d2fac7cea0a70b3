// SPDX-License-Identifier: Apache-2.0

import Geometry

extension SyntheticPhotoScene {
    /// Light that leaves a hit towards every side; linear, 1 is white.
    func radiance(of hit: Hit) -> SIMD3<Double> {
        let normal = hit.isObject ? objectTable.normal(at: hit.point) : SIMD3<Double>(0, 0, 1)
        let facing = normal.dot(lighting.direction)
        // Shadow rays start off the surface, or its own points would shade it.
        let start = hit.point + 0.004 * normal
        let lamp = facing > 0 ? lighting.lamp * facing * openness(towardsLampFrom: start) : 0
        let sky = lighting.ambient * (0.75 + 0.25 * normal.z) * openness(around: hit, normal: normal)
        return (lamp + sky) * albedo(at: hit)
    }

    /// Light of the backdrop in a direction: a smooth gradient without anything that could be matched.
    func backdrop(towards direction: SIMD3<Double>) -> SIMD3<Double> {
        let height = min(max(0.5 + 0.9 * direction.z, 0), 1)
        let share = height * height * (3 - 2 * height)
        let grey = lighting.backdropBelow + share * (lighting.backdropAbove - lighting.backdropBelow)
        return grey * SIMD3(0.97, 1, 1.04)
    }

    /// Visible share of the lamp, estimated from the nearest miss along the ray to its middle (Quílez, "soft shadows in
    /// raymarched SDFs", 2010).
    private func openness(towardsLampFrom start: SIMD3<Double>) -> Double {
        guard let (near, far) = ballInterval(origin: start, direction: lighting.direction) else { return 1 }
        var open = 1.0
        var t = max(near, 0.004)
        for _ in 0..<40 where t < far {
            let point = start + t * lighting.direction
            // Where the bound alone leaves the lamp's disc free, the distance itself would change nothing.
            let free = 2 * lighting.softness * t
            let distance = objectTable.distance(at: point, exactBelow: max(free, 0.01))
            if distance < 1e-4 { return 0 }
            open = min(open, distance / free)
            t += min(max(distance, 0.012), 0.2)
        }
        return open * open * (3 - 2 * open)
    }

    /// Share of the surroundings that is free: how far the distance to the scene falls short of the distance walked along
    /// the normal (Evans, "Fast approximations for global illumination on dynamic scenes", 2006).
    private func openness(around hit: Hit, normal: SIMD3<Double>) -> Double {
        let apart = (hit.point - object.ballCenter).length - object.ballRadius
        guard apart < 0.4 else { return 1 }
        var shortfall = 0.0
        var weight = 1.0
        for step in 1...4 {
            let height = 0.08 * Double(step)
            let point = hit.point + height * normal
            let toObject = objectTable.distance(at: point, exactBelow: height)
            let distance = hit.isObject ? min(toObject, point.z) : toObject
            shortfall += weight * max(height - distance, 0)
            weight *= 0.6
        }
        return max(1 - 1.7 * shortfall, 0.1)
    }
}
