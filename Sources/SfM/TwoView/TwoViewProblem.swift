// SPDX-License-Identifier: Apache-2.0

import COpenCV
import Geometry

/// The matches of one pair in the coordinates that two-view models are fitted in.
struct TwoViewProblem {
    /// Ascending.
    let matches: [FeatureMatch]
    /// Normalised directions, free of distortion.
    let rays: ViewRays
    /// Pixels of the working size, free of distortion: `calibration · ray`.
    let first: [SIMD2<Double>]
    let second: [SIMD2<Double>]
    /// Calibration matrices of the pictures at working size.
    let firstCalibration: Matrix3
    let secondCalibration: Matrix3
    /// Pixels of the original pictures in one of the working size.
    let firstScale: Double
    let secondScale: Double
    /// Mean focal length at working size: pixels in one normalised unit.
    let focalLength: Double
    /// Largest error of an inlier, pixels of the working size.
    let maximumError: Double

    init(
        matches: [FeatureMatch], first: TwoViewEstimator.View, second: TwoViewEstimator.View, options: TwoViewOptions
    ) {
        self.matches = matches
        maximumError = options.maximumError
        let scale = { (camera: Camera) in
            max(1, Double(max(camera.width, camera.height)) / Double(options.workingSize))
        }
        let (a, b) = (first.camera.camera, second.camera.camera)
        firstScale = scale(a)
        secondScale = scale(b)
        firstCalibration = Matrix3.diagonal(1 / firstScale, 1 / firstScale, 1) * a.calibrationMatrix
        secondCalibration = Matrix3.diagonal(1 / secondScale, 1 / secondScale, 1) * b.calibrationMatrix
        focalLength = 0.5 * (a.meanFocalLength / firstScale + b.meanFocalLength / secondScale)
        rays = ViewRays(
            first: matches.map { a.normalized(ofPixel: first.keypoints[Int($0.first)]) },
            second: matches.map { b.normalized(ofPixel: second.keypoints[Int($0.second)]) })
        let pixels = { (rays: [SIMD2<Double>], camera: Camera, scale: Double) in
            rays.map { (camera.focalLengths * $0 + camera.principalPoint) / scale }
        }
        self.first = pixels(rays.first, a, firstScale)
        self.second = pixels(rays.second, b, secondScale)
    }

    /// A fundamental matrix at working size from an essential matrix.
    func fundamental(_ essential: Matrix3) -> Matrix3? {
        guard let left = secondCalibration.inverse, let right = firstCalibration.inverse else { return nil }
        return left.transpose * essential * right
    }

    /// Matches within the error of a fundamental matrix at working size.
    func inliers(fundamental: Matrix3) -> [Int] {
        let bound = maximumError * maximumError
        return matches.indices.filter { fundamental.squaredSampsonError(first[$0], second[$0]) <= bound }
    }

    /// Matches within the error of a homography at working size.
    func inliers(homography: Matrix3) -> [Int] {
        let bound = maximumError * maximumError
        return matches.indices.filter { homography.squaredTransferError(first[$0], second[$0]) <= bound }
    }

    /// Different places among matches: keypoints with several orientations are one place.
    func placeCount(_ indices: [Int]) -> Int {
        Set(indices.map { SIMD4(lowHalf: first[$0], highHalf: second[$0]) }).count
    }

    /// A model fitted by MAGSAC++ at working size, or `nil` when there is none; an essential matrix for normalised directions.
    func fit(_ kind: Int, seed: UInt64, options: TwoViewOptions) throws(OpenCVError) -> Matrix3? {
        var settings = zs_two_view_options(
            threshold: maximumError, confidence: options.confidence, iterations: Int32(options.maximumIterations),
            seed: Int32(truncatingIfNeeded: seed >> 33), focal_length: focalLength)
        let essential = kind == ZS_ESSENTIAL
        let flat = { (points: [SIMD2<Double>]) in points.flatMap { [$0.x, $0.y] } }
        let a = flat(essential ? rays.first.map { focalLength * $0 } : first)
        let b = flat(essential ? rays.second.map { focalLength * $0 } : second)
        var model = [Double](repeating: 0, count: 9)
        let status = zs_estimate_two_view(Int32(kind), Int32(matches.count), a, b, &settings, &model)
        guard status >= 0 else { throw OpenCVError(lastFailureOf: "fitting a two-view model") }
        return status > 0 ? Matrix3(rowMajor: model) : nil
    }
}

extension TwoViewProblem {
    /// A fundamental matrix for pixels of the original pictures, of Frobenius norm 1.
    func unscaled(fundamental: Matrix3) -> Matrix3 {
        (Matrix3.diagonal(1 / secondScale, 1 / secondScale, 1) * fundamental
            * Matrix3.diagonal(1 / firstScale, 1 / firstScale, 1)).normalized
    }

    /// A homography for pixels of the original pictures, of Frobenius norm 1.
    func unscaled(homography: Matrix3) -> Matrix3 {
        (Matrix3.diagonal(secondScale, secondScale, 1) * homography
            * Matrix3.diagonal(1 / firstScale, 1 / firstScale, 1)).normalized
    }

    /// A homography at working size for normalised directions.
    func normalized(homography: Matrix3) -> Matrix3? {
        secondCalibration.inverse.map { $0 * homography * firstCalibration }
    }
}
