// SPDX-License-Identifier: Apache-2.0

import Geometry

/// What one pair says about focal lengths: how well its matches fit the best relative pose, as a function of them.
///
/// Sides of pictures are 1 long here: a focal length is a factor of the longer side.
struct FocalLengthProfile {
    /// `(pixel − principal point) / longer side`, free of distortion.
    private let first: [SIMD2<Double>]
    private let second: [SIMD2<Double>]
    private let fundamental: Matrix3
    /// Pixels of the working size in one unit.
    private let unit: Double
    private let noise: Double

    init?(
        _ geometry: TwoViewGeometry, first: TwoViewEstimator.View, second: TwoViewEstimator.View,
        options: FocalLengthSearchOptions
    ) {
        guard let fundamental = geometry.fundamental, geometry.inliers.count >= 8 else { return nil }
        let (a, b) = (first.camera.camera, second.camera.camera)
        let (sideA, sideB) = (Double(max(a.width, a.height)), Double(max(b.width, b.height)))
        let toPixels = { (camera: Camera, side: Double) in
            Matrix3(
                rows: SIMD3(side, 0, camera.principalPoint.x), SIMD3(0, side, camera.principalPoint.y), SIMD3(0, 0, 1))
        }
        self.fundamental = (toPixels(b, sideB).transpose * fundamental * toPixels(a, sideA)).normalized
        unit = 0.5 * (min(sideA, Double(options.workingSize)) + min(sideB, Double(options.workingSize)))
        noise = options.noise
        let count = min(geometry.inliers.count, options.maximumMatches)
        let chosen = (0..<count).map { geometry.inliers[$0 * geometry.inliers.count / count] }
        self.first = chosen.map {
            a.normalized(ofPixel: first.keypoints[Int($0.first)]) * a.focalLengths / sideA
        }
        self.second = chosen.map {
            b.normalized(ofPixel: second.keypoints[Int($0.second)]) * b.focalLengths / sideB
        }
    }

    /// `Σ log(1 + (e / noise)²)` over the matches at the best relative pose for these factors, and that pose.
    ///
    /// Two starts: the pose that the fundamental matrix gives, and the one found for neighbouring factors.
    func cost(
        _ firstFactor: Double, _ secondFactor: Double, near start: RigidTransform?
    ) throws(OpenCVError) -> (cost: Double, pose: RigidTransform)? {
        let rays = ViewRays(first: first.map { $0 / firstFactor }, second: second.map { $0 / secondFactor })
        let pixels = unit * 0.5 * (firstFactor + secondFactor)
        let essential =
            Matrix3.diagonal(secondFactor, secondFactor, 1) * fundamental
            * Matrix3.diagonal(firstFactor, firstFactor, 1)
        let candidates = try RelativePoseCandidates.of(essential: essential).map { pose in
            (pose, (0..<rays.count).count { rays.isInFront($0, pose, noise: noise / pixels) })
        }
        let refinement = RelativePoseRefinement(lossScale: noise / pixels, maximumIterations: 10)
        var starts = candidates.max { $0.1 < $1.1 }.map { [$0.0] } ?? []
        if let start { starts.append(start) }
        let square = refinement.lossScale * refinement.lossScale
        return starts.map { start in
            let (pose, cost) = refinement.refine(start, rays)
            return (cost / square, pose)
        }.min { $0.0 < $1.0 }
    }
}
