// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

#if canImport(Glibc)
    import Glibc
#endif

/// Triangulation by a neural level set (Level-S²fM, Xiao et al., CVPR 2023, section 3.2): rays through matched keypoints of
/// two photos are followed to the surface, which moves until each hit is seen at the other keypoint. A point is where both
/// rays of its pair meet the surface; pairs whose rays do not meet there are outliers.
///
/// The smoothness of the surface makes points more accurate than each pair alone can be, and tells outliers along epipolar
/// lines, which two photos alone cannot.
package struct LevelSetTriangulation: Sendable {
    /// What the surface says of one pair.
    package struct Outcome: Hashable, Sendable {
        /// The middle between the ends of both rays, in the cube.
        package var point: SIMD3<Double>
        /// Distance between them, in units of the cube.
        package var gap: Double
        /// Larger reprojection error of ``point``, in pixels.
        package var error: Double
        /// Whether both rays reached the surface.
        package var hasConverged: Bool
        /// Whether the pair is accepted.
        package var isInlier = false
    }

    private let views: [NeuralView]
    private let options: LevelSetTriangulationOptions
    private let seed: UInt64
    /// Pairs both of whose rays cross the cube, with these rays.
    private let rayPairs: [RayPair]
    /// Number of all pairs.
    private let count: Int

    private struct RayPair: Sendable {
        /// Number of the pair.
        let index: Int
        let keypoints: KeypointPair
        /// The rays through both keypoints.
        let rays: [FieldRay]
    }

    /// Prepares rays.
    ///
    /// - Parameter views: Those that `pairs` name by number.
    /// - Throws: `OptionsError` when `options` are not valid.
    package init(
        of pairs: [KeypointPair], in views: [NeuralView], options: LevelSetTriangulationOptions, seed: UInt64
    ) throws(OptionsError) {
        try options.validate()
        self.views = views
        self.options = options
        self.seed = seed
        count = pairs.count
        rayPairs = pairs.enumerated().compactMap { index, pair in
            guard let first = views[pair.first.view].ray(through: pair.first.point),
                let second = views[pair.second.view].ray(through: pair.second.point)
            else { return nil }
            return RayPair(index: index, keypoints: pair, rays: [first, second])
        }
    }

    /// Fits a new field to the pairs.
    ///
    /// - Returns: The trainer with all its steps made, or `nil` when cancelled or when no pair crosses the cube.
    package func fit(threads: Int, cancellation: CancellationCheck? = nil) throws(OptionsError) -> SDFTrainer? {
        let trainer = try SDFTrainer(
            SDFNetwork(options.architecture, seed: seed), options: options.training, threads: threads)
        guard !rayPairs.isEmpty else { return nil }
        var field: (value: SDFField, levels: Int)?
        while !trainer.isFinished {
            if cancellation?() == true { return nil }
            if field?.levels != trainer.openLevels {
                field = (SDFField(trainer.network, openLevels: trainer.openLevels), trainer.openLevels)
            }
            guard let current = field?.value else { return nil }
            trainer.advance(objective(step: trainer.step, field: current, threads: threads))
        }
        return trainer
    }

    /// What one step minimises.
    func objective(step: Int, field: some ScalarField, threads: Int) -> RayPairObjective {
        var random = RandomStream(seed: seed, label: "ray pairs", UInt64(step))
        let chosen = (0..<options.pairs).map { _ in random.index(below: rayPairs.count) }
        let rays = chosen.flatMap { rayPairs[$0].rays }
        let traces = UnrolledTracer().trace(rays, through: field, threads: threads)
        let scale = robustScale(step: step)
        let share = 1 / Float(rays.count)
        var pulls: [RayPairObjective.Pull] = []
        pulls.reserveCapacity(rays.count * 8)
        var loss = 0.0
        for (index, trace) in traces.enumerated() {
            let (ray, pair) = (rays[index], rayPairs[chosen[index / 2]].keypoints)
            let target = index & 1 == 0 ? pair.second : pair.first
            let hit = ray.point(at: trace.distance)
            if let seen = views[target.view].project(SIMD3<Double>(hit), observed: target.point) {
                // Cauchy's loss, scaled so that its steepest slope is 1 per pixel.
                let squared = (seen.error * seen.error).sum()
                let factor = 2 / (scale * (1 + squared / (scale * scale)))
                loss += Double(share) * scale * log(1 + squared / (scale * scale))
                let byPoint = seen.byPoint.x * seen.error.x + seen.byPoint.y * seen.error.y
                let byDistance = share * Float(factor * byPoint.dot(SIMD3<Double>(ray.direction)))
                for distance in trace.visited {
                    pulls.append(RayPairObjective.Pull(point: ray.point(at: distance), byValue: byDistance))
                }
            }
            let weight = trace.hasConverged ? options.surfaceWeight : options.missedWeight
            pulls.append(RayPairObjective.Pull(point: hit, bySize: share * weight))
        }
        return RayPairObjective(
            pulls: pulls, unitPoints: unitPoints(&random),
            unitWeight: options.eikonalWeight / Float(options.eikonalSamples),
            reprojection: loss)
    }

    /// From wide to narrow by equal factors over the first half of the steps.
    private func robustScale(step: Int) -> Double {
        let progress = min(1, Double(step) / (0.5 * Double(options.training.steps)))
        return options.lastScale * pow(options.firstScale / options.lastScale, 1 - progress)
    }

    /// Half of them anywhere, half along rays.
    private func unitPoints(_ random: inout RandomStream) -> [SIMD3<Float>] {
        let reach = Float(NeuralView.reach)
        return (0..<options.eikonalSamples).map { index in
            if index & 1 == 1 {
                return SIMD3(
                    random.uniform(in: -reach..<reach), random.uniform(in: -reach..<reach),
                    random.uniform(in: -reach..<reach))
            }
            let ray = rayPairs[random.index(below: rayPairs.count)].rays[random.index(below: 2)]
            return ray.point(
                at: ray.range.lowerBound + random.uniform() * (ray.range.upperBound - ray.range.lowerBound))
        }
    }

    /// Where a ray ended.
    private static func end(of ray: FieldRay, _ hit: RayHit) -> (point: SIMD3<Double>, isOnSurface: Bool) {
        switch hit {
        case .surface(let distance): (SIMD3<Double>(ray.point(at: distance)), true)
        case .undecided(let distance): (SIMD3<Double>(ray.point(at: distance)), false)
        case .nothing: (SIMD3<Double>(ray.point(at: ray.range.upperBound)), false)
        case .startsInside: (SIMD3<Double>(ray.point(at: ray.range.lowerBound)), false)
        }
    }

    /// Judges all pairs by a fitted field; `nil` for pairs that do not cross the cube.
    package func outcomes(field: SDFField, threads: Int) -> [Outcome?] {
        let hits = SphereTracer().trace(
            rayPairs.flatMap(\.rays), through: field, threads: threads)
        var outcomes = rayPairs.enumerated().map { index, pair in
            let first = Self.end(of: pair.rays[0], hits[2 * index])
            let second = Self.end(of: pair.rays[1], hits[2 * index + 1])
            let point = 0.5 * (first.point + second.point)
            let errors = [pair.keypoints.first, pair.keypoints.second].map { end in
                views[end.view].project(point, observed: end.point)?.error.length ?? .infinity
            }
            return Outcome(
                point: point, gap: (second.point - first.point).length, error: max(errors[0], errors[1]),
                hasConverged: first.isOnSurface && second.isOnSurface)
        }
        let gaps = outcomes.filter(\.hasConverged).map(\.gap).sorted()
        if !gaps.isEmpty {
            // Most pairs are true, and their gaps have one sign: their median is their robust deviation from 0.
            let limit = options.maximumGap * 1.4826 * gaps[gaps.count / 2]
            for index in outcomes.indices {
                outcomes[index].isInlier =
                    outcomes[index].hasConverged && outcomes[index].gap <= limit
                    && outcomes[index].error <= options.maximumError
            }
        }
        var result = [Outcome?](repeating: nil, count: count)
        for (pair, outcome) in zip(rayPairs, outcomes) { result[pair.index] = outcome }
        return result
    }
}
