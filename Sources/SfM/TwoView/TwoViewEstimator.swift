// SPDX-License-Identifier: Apache-2.0

import COpenCV
import Geometry

/// Verifies matches of an image pair by the geometry of two views.
///
/// Essential, fundamental and homography matrices are fitted by MAGSAC++ and compared by their inliers as in COLMAP
/// (Schönberger and Frahm 2016, §4.1). With known focal lengths the pose is refined on Sampson errors; with guessed ones
/// the pair is at best uncalibrated, and its pose a guess from the guessed intrinsics. Matrices relate pixels freed of
/// distortion. The same seed and pair give the same result.
public struct TwoViewEstimator: Sendable {
    /// One of the two views.
    public struct View: Sendable {
        /// Intrinsics and how far they can be trusted.
        public var camera: CameraPrior
        /// Pixel positions of all keypoints.
        public var keypoints: [SIMD2<Double>]

        /// Creates a view.
        public init(camera: CameraPrior, keypoints: [SIMD2<Double>]) {
            self.camera = camera
            self.keypoints = keypoints
        }
    }

    /// How pairs are verified.
    public let options: TwoViewOptions
    private let seed: UInt64

    /// Creates an estimator.
    ///
    /// - Throws: `OptionsError` when the options make no sense.
    public init(options: TwoViewOptions = TwoViewOptions(), seed: UInt64 = 0) throws(OptionsError) {
        try options.validate()
        self.options = options
        self.seed = seed
    }

    /// The geometry of one pair; degenerate, with no inliers, when too few matches agree.
    ///
    /// - Throws: ``TwoViewError``.
    public func estimate(
        _ pair: ImagePair, first: View, second: View, matches: [FeatureMatch]
    ) throws(TwoViewError) -> TwoViewGeometry {
        try Self.check(pair, first, second, matches)
        guard matches.count >= options.minimumInliers else { return .nothing }
        let problem = TwoViewProblem(matches: matches.sorted(), first: first, second: second, options: options)
        do throws(OpenCVError) {
            let models = try fitModels(
                problem, pair, sources: [first.camera.focalLengthSource, second.camera.focalLengthSource])
            return try choose(problem, models)
        } catch {
            throw .library(error)
        }
    }

    private static func check(
        _ pair: ImagePair, _ first: View, _ second: View, _ matches: [FeatureMatch]
    ) throws(TwoViewError) {
        for camera in [first.camera.camera, second.camera.camera] {
            let focal = camera.focalLengths
            guard focal.x > 0, focal.y > 0, camera.parameters.allSatisfy(\.isFinite) else {
                throw .badCamera(pair: pair)
            }
        }
        for match in matches {
            guard first.keypoints.indices.contains(Int(match.first)),
                second.keypoints.indices.contains(Int(match.second))
            else { throw .missingKeypoint(pair: pair, match: match) }
            let (a, b) = (first.keypoints[Int(match.first)], second.keypoints[Int(match.second)])
            guard a.x.isFinite, a.y.isFinite, b.x.isFinite, b.y.isFinite else {
                throw .notFinite(pair: pair, match: match)
            }
        }
    }

    /// Models at working size with their inliers.
    private struct Models {
        var fundamental: Matrix3?
        var essential: Matrix3?
        var homography: Matrix3?
        var fundamentalInliers: [Int] = []
        var essentialInliers: [Int] = []
        var homographyInliers: [Int] = []
        /// Whether both focal lengths are known, and the essential matrix bears them out.
        var isCalibrated = false
    }

    /// An essential matrix only with known focal lengths; a fundamental matrix only when one is in doubt.
    private func fitModels(
        _ problem: TwoViewProblem, _ pair: ImagePair, sources: [CameraPrior.FocalLengthSource]
    ) throws(OpenCVError) -> Models {
        var random = RandomStream(seed: seed, label: "two-view", UInt64(pair.first), UInt64(pair.second))
        let seeds = (random.next(), random.next(), random.next())
        var models = Models()
        if let h = try problem.fit(ZS_HOMOGRAPHY, seed: seeds.0, options: options) {
            models.homography = h
            models.homographyInliers = problem.inliers(homography: h)
        }
        if !sources.contains(.guessed), let e = try problem.fit(ZS_ESSENTIAL, seed: seeds.1, options: options),
            let f = problem.fundamental(e)
        {
            models.essential = e
            models.essentialInliers = problem.inliers(fundamental: f)
        }
        if sources != [.given, .given], let f = try problem.fit(ZS_FUNDAMENTAL, seed: seeds.2, options: options) {
            models.fundamental = f
            models.fundamentalInliers = problem.inliers(fundamental: f)
        }
        let share = options.essentialShare * Double(models.fundamentalInliers.count)
        models.isCalibrated =
            problem.placeCount(models.essentialInliers) >= options.minimumInliers
            && Double(models.essentialInliers.count) >= share
        return models
    }

    private func choose(_ problem: TwoViewProblem, _ models: Models) throws(OpenCVError) -> TwoViewGeometry {
        let epipolar = models.isCalibrated ? models.essentialInliers : models.fundamentalInliers
        let hasEpipolar = problem.placeCount(epipolar) >= options.minimumInliers
        let hasHomography =
            problem.placeCount(models.homographyInliers) >= options.minimumInliers
            && Double(models.homographyInliers.count) >= options.homographyShare * Double(epipolar.count)
        guard hasEpipolar || hasHomography else { return .nothing }

        if hasHomography, let h = models.homography,
            let result = try panorama(
                problem, h, models,
                needed: options.rotationShare * Double(max(epipolar.count, models.homographyInliers.count)))
        {
            return result
        }
        let essential =
            models.isCalibrated
            ? models.essential
            : models.fundamental.map { problem.secondCalibration.transpose * $0 * problem.firstCalibration }
        // A fundamental matrix has freedom left on a plane, with which it adopts outliers: the homography is stricter.
        let isPlane = !models.isCalibrated && Double(models.homographyInliers.count) >= 0.95 * Double(epipolar.count)
        let support = isPlane || models.homographyInliers.count > epipolar.count ? models.homographyInliers : epipolar
        var candidates: [RigidTransform] = []
        if let essential { candidates += try RelativePoseCandidates.of(essential: essential) }
        if hasHomography, let normalized = models.homography.flatMap({ problem.normalized(homography: $0) }) {
            candidates += try RelativePoseCandidates.of(homography: normalized)
        }
        let posing = RelativePoseChoice(problem: problem)
        guard let pose = posing.best(candidates, support: support, refitsSupport: models.isCalibrated) else {
            return .nothing
        }

        var geometry = TwoViewGeometry(configuration: .calibrated, inliers: [])
        geometry.secondFromFirst = pose
        if hasHomography { geometry.homography = models.homography.map { problem.unscaled(homography: $0) } }
        let inliers: [Int]
        if models.isCalibrated {
            geometry.configuration = hasHomography ? .planar : .calibrated
            geometry.essential = pose.essentialMatrix
            geometry.fundamental = problem.fundamental(pose.essentialMatrix).map { problem.unscaled(fundamental: $0) }
            inliers = posing.inliers(pose)
        } else {
            geometry.configuration = hasHomography ? .planarOrPanoramic : .uncalibrated
            geometry.fundamental = models.fundamental.map { problem.unscaled(fundamental: $0) }
            inliers = support
        }
        guard problem.placeCount(inliers) >= options.minimumInliers else { return .nothing }
        geometry.inliers = inliers.map { problem.matches[$0] }
        geometry.medianTriangulationAngle = problem.rays[inliers].medianParallax(pose.rotation)
        return geometry
    }

    /// The geometry of two cameras at one place, when a rotation explains at least `needed` matches.
    private func panorama(
        _ problem: TwoViewProblem, _ homography: Matrix3, _ models: Models, needed: Double
    ) throws(OpenCVError) -> TwoViewGeometry? {
        // The rotation that turns the first camera's rays into the second's (Kabsch), refitted to what agrees with it.
        var inliers = models.homographyInliers
        var rotation = Quaternion.identity
        var best = homography
        for _ in 0..<3 {
            var sum = 0.0 * Matrix3.identity
            for index in inliers {
                let (a, b) = (problem.rays.first[index].homogeneous, problem.rays.second[index].homogeneous)
                let (u, v) = (a.normalized, b.normalized)
                sum = sum + Matrix3(columns: u.x * v, u.y * v, u.z * v)
            }
            guard let fitted = try RelativePoseCandidates.nearestRotation(sum),
                let inverse = problem.firstCalibration.inverse
            else { return nil }
            rotation = fitted
            best = problem.secondCalibration * rotation.matrix * inverse
            inliers = problem.inliers(homography: best)
            guard Double(inliers.count) >= 0.5 * needed else { return nil }
        }
        guard Double(inliers.count) >= needed, problem.placeCount(inliers) >= options.minimumInliers else { return nil }
        let isKnown = models.isCalibrated
        return TwoViewGeometry(
            configuration: isKnown ? .panoramic : .planarOrPanoramic, inliers: inliers.map { problem.matches[$0] },
            fundamental: isKnown ? nil : models.fundamental.map { problem.unscaled(fundamental: $0) },
            homography: problem.unscaled(homography: best),
            secondFromFirst: RigidTransform(rotation: rotation, translation: .zero),
            medianTriangulationAngle: problem.rays[inliers].medianParallax(rotation))
    }
}

extension TwoViewGeometry {
    /// Too few matches agree.
    static let nothing = TwoViewGeometry(configuration: .degenerate, inliers: [])
}
