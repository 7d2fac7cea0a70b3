// SPDX-License-Identifier: Apache-2.0

import Geometry
import Glibc
import SfM

/// Two views of known points with noise and wrong matches.
struct SyntheticPair {
    /// What the two cameras see.
    enum Scene: CaseIterable, Sendable {
        /// Points at all depths.
        case general
        /// A tilted plane.
        case planar
        /// Points at all depths from one place.
        case panoramic
    }

    static let width = 1200
    static let height = 900

    var camera: Camera
    var first: [SIMD2<Double>] = []
    var second: [SIMD2<Double>] = []
    var matches: [FeatureMatch] = []
    /// Matches below this number are right.
    var rightCount: Int
    /// With a translation of length 1, or 0.
    var secondFromFirst: RigidTransform

    func view(_ keypoints: [SIMD2<Double>], _ source: CameraPrior.FocalLengthSource) -> TwoViewEstimator.View {
        TwoViewEstimator.View(camera: CameraPrior(camera: camera, focalLengthSource: source), keypoints: keypoints)
    }

    init(
        _ scene: Scene, seed: UInt64, right: Int = 400, wrong: Int = 150, noise: Double = 0.3,
        focalLength: Double = 1000,
        fixates: Bool = false
    ) {
        var random = RandomStream(seed: seed, label: "synthetic pair")
        func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniformDouble() }
        func normal() -> Double {
            (-2 * log(1 - random.uniformDouble())).squareRoot() * cos(2 * .pi * random.uniformDouble())
        }
        camera = Camera(width: Self.width, height: Self.height, focalLength: focalLength)
        // A narrower view sees the scene from further away, at the same size and depth on the picture.
        let distance = 5 * focalLength / 1000
        let middle = SIMD3(0, 0, distance)
        let axis = SIMD3(uniform(-0.3, 0.3), uniform(0.5, 1) * (random.uniform() < 0.5 ? 1 : -1), uniform(-0.3, 0.3))
        let turn = Quaternion(rotationVector: uniform(0.15, 0.35) * axis.normalized)
        var translation = scene == .panoramic ? .zero : middle - turn(middle)
        if !fixates, scene != .panoramic {
            translation += 0.12 * distance * SIMD3(uniform(-1, 1), uniform(-1, 1), uniform(-1, 1))
        }
        secondFromFirst = RigidTransform(rotation: turn, translation: translation)
        let normal3 = SIMD3(uniform(-0.6, 0.6), uniform(-0.6, 0.6), 1).normalized

        rightCount = 0
        while rightCount < right {
            let pixel = SIMD2(uniform(0, Double(Self.width)), uniform(0, Double(Self.height)))
            let ray = camera.normalized(ofPixel: pixel).homogeneous3
            let depth = scene == .planar ? normal3.dot(middle) / normal3.dot(ray) : distance + uniform(-1.5, 1.5)
            guard depth > 0.1, let other = camera.project(secondFromFirst(depth * ray)), camera.contains(other) else {
                continue
            }
            first.append(pixel + noise * SIMD2(normal(), normal()))
            second.append(other + noise * SIMD2(normal(), normal()))
            rightCount += 1
        }
        for _ in 0..<wrong {
            first.append(SIMD2(uniform(0, Double(Self.width)), uniform(0, Double(Self.height))))
            second.append(SIMD2(uniform(0, Double(Self.width)), uniform(0, Double(Self.height))))
        }
        matches = first.indices.map { FeatureMatch(UInt32($0), UInt32($0)) }
        let length = secondFromFirst.translation.length
        if length > 0 { secondFromFirst.translation /= length }
    }

    func estimate(
        _ source: CameraPrior.FocalLengthSource, options: TwoViewOptions = TwoViewOptions(), seed: UInt64 = 0
    ) throws -> TwoViewGeometry {
        try TwoViewEstimator(options: options, seed: seed).estimate(
            ImagePair(1, 2), first: view(first, source), second: view(second, source), matches: matches)
    }

    /// Inliers that are right as a share of all right matches, and that are wrong as a share of all wrong ones.
    func shares(_ geometry: TwoViewGeometry) -> (right: Double, wrong: Double) {
        let kept = geometry.inliers.count { Int($0.first) < rightCount }
        let wrong = matches.count - rightCount
        return (
            Double(kept) / Double(rightCount),
            wrong > 0 ? Double(geometry.inliers.count - kept) / Double(wrong) : 0
        )
    }

    /// Angle between the true and the estimated rotation, degrees.
    func rotationError(_ geometry: TwoViewGeometry) -> Double {
        guard let pose = geometry.secondFromFirst else { return .infinity }
        return (pose.rotation * secondFromFirst.rotation.inverse).angle * 180 / .pi
    }

    /// Angle between the true and the estimated translation, degrees.
    func translationError(_ geometry: TwoViewGeometry) -> Double {
        guard let t = geometry.secondFromFirst?.translation else { return .infinity }
        return acos(max(-1, min(1, t.dot(secondFromFirst.translation)))) * 180 / .pi
    }
}

extension SIMD2<Double> {
    fileprivate var homogeneous3: SIMD3<Double> { SIMD3(x, y, 1) }
}
