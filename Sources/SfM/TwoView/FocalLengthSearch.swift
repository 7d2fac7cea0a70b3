// SPDX-License-Identifier: Apache-2.0

import Geometry
import Glibc

/// The focal length that pairs agree on.
public struct FocalLengthEstimate: Hashable, Sendable {
    /// In pixels.
    public var focalLength: Double
    /// Share of the belief, over the whole range, that lies within a tenth of ``focalLength``: near 1 when the pairs
    /// determine it, near 0 when any would do; 0 at an end of the range.
    public var confidence: Double
    /// Pairs that were asked.
    public var pairCount: Int
}

/// Seeks unknown focal lengths by the agreement of two-view geometries.
///
/// For each focal length of a geometric row and each pair, the relative pose is refined on Sampson errors; what remains is
/// the profile likelihood of that focal length, which counts every pair by how much it really says: pairs that see a plane
/// or whose optical axes meet at equal distances (Sturm 2001) say nothing and are flat. Profiles are cut before they are
/// added, so that no pair outvotes many.
public struct FocalLengthSearch: Sendable {
    /// How focal lengths are sought.
    public let options: FocalLengthSearchOptions

    /// Creates a search.
    ///
    /// - Throws: `OptionsError` when the options make no sense.
    public init(options: FocalLengthSearchOptions = FocalLengthSearchOptions()) throws(OptionsError) {
        try options.validate()
        self.options = options
    }

    /// How far the fundamental matrix is from belonging to two calibrated cameras: `(s₁ − s₂) / (s₁ + s₂)` of the singular
    /// values of `K₂ᵀ F K₁`; 0 for an essential matrix, 1 when nothing fits.
    public static func essentialDeviation(fundamental: Matrix3, first: Camera, second: Camera) -> Double {
        let essential = (second.calibrationMatrix.transpose * fundamental * first.calibrationMatrix).normalized
        // With s₃ = 0: Σ s² = s₁² + s₂² and Σ minors² = s₁² s₂².
        let sum = essential.frobeniusNorm * essential.frobeniusNorm
        let product = essential.minorsSquared.squareRoot()
        let total = sum + 2 * product
        return total > 0 ? (max(0, sum - 2 * product) / total).squareRoot() : 1
    }

    /// Estimates for all cameras whose focal length is guessed and that share a pair with a fundamental matrix.
    ///
    /// Unknown cameras are first taken to have one factor of their longer sides in common, then each is varied alone.
    ///
    /// - Parameters:
    ///   - graph: Images with cameras, keypoints and verified pairs.
    ///   - threads: Upper bound on concurrency; no result depends on it.
    /// - Throws: ``OpenCVError``.
    public func estimate(_ graph: ViewGraph, threads: Int = 1) throws(OpenCVError) -> [CameraID: FocalLengthEstimate] {
        let pairs = informativePairs(graph)
        let unknown = Set(pairs.flatMap { [$0.first, $0.second] }).filter {
            graph.cameras[$0]?.focalLengthSource == .guessed
        }
        guard !unknown.isEmpty else { return [:] }
        let known = graph.cameras.mapValues { $0.camera.meanFocalLength / Self.longerSide($0.camera) }
        let common = try vote(pairs, threads: threads) { camera, trial in
            unknown.contains(camera) ? trial : known[camera] ?? trial
        }
        var result: [CameraID: FocalLengthEstimate] = [:]
        for camera in unknown.sorted() {
            var found = common
            let own = pairs.filter { $0.first == camera || $0.second == camera }
            if unknown.count > 1 {
                found = try vote(own, threads: threads) { other, trial in
                    other == camera ? trial : unknown.contains(other) ? common.factor : known[other] ?? common.factor
                }
            }
            guard let prior = graph.cameras[camera] else { continue }
            result[camera] = FocalLengthEstimate(
                focalLength: found.factor * Self.longerSide(prior.camera), confidence: found.confidence,
                pairCount: own.count)
        }
        return result
    }

    private static func longerSide(_ camera: Camera) -> Double { Double(max(camera.width, camera.height)) }

    private struct Voter {
        var first: CameraID
        var second: CameraID
        var profile: FocalLengthProfile
    }

    /// Pairs with a guessed camera, the most telling first, as many as are asked.
    private func informativePairs(_ graph: ViewGraph) -> [Voter] {
        let voters = graph.pairs.keys.sorted().compactMap { pair -> (weight: Double, voter: Voter)? in
            guard let geometry = graph.pairs[pair], let a = graph.images[pair.first], let b = graph.images[pair.second],
                let cameraA = graph.cameras[a.cameraID], let cameraB = graph.cameras[b.cameraID],
                cameraA.focalLengthSource == .guessed || cameraB.focalLengthSource == .guessed,
                let profile = FocalLengthProfile(
                    geometry, first: .init(camera: cameraA, keypoints: a.keypoints),
                    second: .init(camera: cameraB, keypoints: b.keypoints), options: options)
            else { return nil }
            let count = Double(min(geometry.inliers.count, options.maximumMatches))
            return (
                count * min(geometry.medianTriangulationAngle, 0.5),
                Voter(first: a.cameraID, second: b.cameraID, profile: profile)
            )
        }
        // Equal weights keep the order of the pairs.
        let order = voters.indices.sorted {
            (-voters[$0].weight, $0) < (-voters[$1].weight, $1)
        }
        return order.prefix(options.maximumPairs).map { voters[$0].voter }
    }

    /// The factor with the lowest sum of profiles, refined between its neighbours by a parabola in its logarithm.
    private func vote(
        _ voters: [Voter], threads: Int, factor: @Sendable (_ camera: CameraID, _ trial: Double) -> Double
    ) throws(OpenCVError) -> (factor: Double, confidence: Double) {
        let factors = options.factors
        let curves = try profiles(voters, factors, threads: threads, factor: factor)
        // Beyond this a pair's disagreement counts no more: it may rest on a wrong geometry.
        let cut = 50.0
        var total = [Double](repeating: 0, count: factors.count)
        for curve in curves {
            guard let lowest = curve.min(), lowest.isFinite else { continue }
            for index in total.indices { total[index] += min(curve[index] - lowest, cut) }
        }
        guard let best = total.indices.min(by: { (total[$0], $0) < (total[$1], $1) }) else {
            return (1.2, 0)
        }
        // At an end of the range the true value may lie beyond it.
        guard best > 0, best + 1 < total.count else { return (factors[best], 0) }
        let step = log(options.maximumFactor / options.minimumFactor) / Double(options.steps - 1)
        let (left, right) = (total[best - 1] - total[best], total[best + 1] - total[best])
        let exponent = Double(best) + (left + right > 0 ? 0.5 * (left - right) / (left + right) : 0)
        let belief = total.map { exp(-0.5 * ($0 - total[best])) }
        let near = belief.indices.filter { abs(Double($0) - exponent) * step <= 0.1 }.reduce(0) { $0 + belief[$1] }
        return (options.minimumFactor * exp(step * exponent), near / belief.reduce(0, +))
    }

    /// `[pair][factor]`: the cost of each.
    private func profiles(
        _ voters: [Voter], _ factors: [Double], threads: Int, factor: @Sendable (CameraID, Double) -> Double
    ) throws(OpenCVError) -> [[Double]] {
        var curves = [[Double]](repeating: [], count: voters.count)
        var failures = [OpenCVError?](repeating: nil, count: voters.count)
        curves.withUnsafeMutableBufferPointer { curves in
            failures.withUnsafeMutableBufferPointer { failures in
                // Each item writes its own elements.
                nonisolated(unsafe) let (curves, failures) = (curves, failures)
                Parallel.forEach(count: voters.count, threads: max(1, threads)) { item, _ in
                    let voter = voters[item]
                    do throws(OpenCVError) {
                        var pose: RigidTransform?
                        for trial in factors {
                            let found = try voter.profile.cost(
                                factor(voter.first, trial), factor(voter.second, trial), near: pose)
                            pose = found?.pose
                            curves[item].append(found?.cost ?? .infinity)
                        }
                    } catch {
                        failures[item] = error
                    }
                }
            }
        }
        if let failure = failures.lazy.compactMap({ $0 }).first { throw failure }
        return curves
    }
}
