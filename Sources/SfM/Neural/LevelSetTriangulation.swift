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
    /// What a field that is trained on must not forget.
    private let memory: Memory

    /// What earlier photos said about a field that is trained on.
    package struct Memory: Sendable {
        /// Pairs of these photos; a fifth of each step.
        package var pairs: [KeypointPair] = []
        /// Points of the map in the cube: the field is 0 there.
        package var points: [SIMD3<Float>] = []
        /// Where photos looked at points, from the camera's side to the point: the field is not negative on the way.
        package var sights: [FieldRay] = []

        /// Nothing to remember.
        package init() {}
    }

    private let oldPairs: [RayPair]

    private struct RayPair: Sendable {
        /// Number of the pair.
        let index: Int
        let keypoints: KeypointPair
        /// The rays through both keypoints.
        let rays: [FieldRay]
    }

    /// Prepares rays.
    ///
    /// - Parameters:
    ///   - views: Those that `pairs` and `memory` name by number.
    ///   - memory: What a field to be trained on knows already.
    /// - Throws: `OptionsError` when `options` are not valid.
    package init(
        of pairs: [KeypointPair], in views: [NeuralView], remembering memory: Memory = Memory(),
        options: LevelSetTriangulationOptions, seed: UInt64
    ) throws(OptionsError) {
        try options.validate()
        self.views = views
        self.options = options
        self.seed = seed
        self.memory = memory
        count = pairs.count
        rayPairs = Self.rayPairs(pairs, views)
        oldPairs = Self.rayPairs(memory.pairs, views)
    }

    private static func rayPairs(_ pairs: [KeypointPair], _ views: [NeuralView]) -> [RayPair] {
        pairs.enumerated().compactMap { index, pair in
            guard let first = views[pair.first.view].ray(through: pair.first.point),
                let second = views[pair.second.view].ray(through: pair.second.point)
            else { return nil }
            return RayPair(index: index, keypoints: pair, rays: [first, second])
        }
    }

    /// Trains a copy of `network` on, with the share of steps on what is remembered that guards it against forgetting.
    ///
    /// - Returns: The copy, or `nil` when cancelled, when nothing crosses the cube or when the training diverged.
    package func refine(
        _ network: SDFNetwork, threads: Int, cancellation: CancellationCheck? = nil
    ) throws(OptionsError) -> SDFNetwork? {
        guard !rayPairs.isEmpty || !oldPairs.isEmpty else { return nil }
        let copy = try SDFNetwork(network.architecture, seed: seed)
        copy.parameters.buffer.pointer.update(from: network.parameters.buffer.pointer, count: network.parameters.count)
        copy.refresh()
        let trainer = try SDFTrainer(copy, options: options.training, threads: threads)
        while !trainer.isFinished {
            if cancellation?() == true { return nil }
            trainer.advance(objective(step: trainer.step, field: SDFField(copy), threads: threads))
        }
        return trainer.loss.isFinite ? copy : nil
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
        let replayed = rayPairs.isEmpty ? options.pairs : oldPairs.isEmpty ? 0 : options.pairs / 5
        let chosen = (0..<options.pairs).map { number in
            number < replayed
                ? oldPairs[random.index(below: oldPairs.count)] : rayPairs[random.index(below: rayPairs.count)]
        }
        let rays = chosen.flatMap(\.rays)
        let traces = UnrolledTracer().trace(rays, through: field, threads: threads)
        let scale = robustScale(step: step)
        let share = 1 / Float(rays.count)
        var pulls: [RayPairObjective.Pull] = []
        pulls.reserveCapacity(rays.count * 8)
        var loss = 0.0
        for (index, trace) in traces.enumerated() {
            let (ray, pair) = (rays[index], chosen[index / 2].keypoints)
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
        remember(&random, into: &pulls)
        return RayPairObjective(
            pulls: pulls, unitPoints: unitPoints(&random),
            unitWeight: options.eikonalWeight / Float(options.eikonalSamples),
            reprojection: loss)
    }

    /// Points of the map, and places that were seen through on the way to them.
    private func remember(_ random: inout RandomStream, into pulls: inout [RayPairObjective.Pull]) {
        let share = options.surfaceWeight / Float(options.rememberedPoints)
        if !memory.points.isEmpty {
            for _ in 0..<options.rememberedPoints {
                let point = memory.points[random.index(below: memory.points.count)]
                pulls.append(RayPairObjective.Pull(point: point, bySize: share))
            }
        }
        if !memory.sights.isEmpty {
            for _ in 0..<options.rememberedPoints {
                let ray = memory.sights[random.index(below: memory.sights.count)]
                let distance =
                    ray.range.lowerBound
                    + random.uniform() * (ray.range.upperBound - ray.range.lowerBound)
                pulls.append(RayPairObjective.Pull(point: ray.point(at: distance), byDepth: share))
            }
        }
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
            let source = rayPairs.isEmpty ? oldPairs : rayPairs
            let ray = source[random.index(below: source.count)].rays[random.index(below: 2)]
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
