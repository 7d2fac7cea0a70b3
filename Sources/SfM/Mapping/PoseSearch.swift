// SPDX-License-Identifier: Apache-2.0

import COpenCV
import Geometry

/// Finds a calibrated camera's pose among correspondences of which many may be wrong.
package struct PoseSearch {
    /// Reprojection error of an inlier, in pixels.
    package var maximumError: Double
    /// Names the samples.
    package var seed: UInt64

    package init(maximumError: Double, seed: UInt64) {
        self.maximumError = maximumError
        self.seed = seed
    }

    /// A pose and what agrees with it.
    package struct Result {
        package var cameraFromWorld: RigidTransform
        package var isInlier: [Bool]
        package var inlierCount: Int
    }

    /// P3P with MSAC scoring on undistorted directions; `nil` when no pose has at least four inliers.
    ///
    /// - Parameters:
    ///   - points: In world coordinates.
    ///   - directions: What the camera sees of each, `(x, y, 1)` as `(x, y)`.
    package func pose(points: [SIMD3<Double>], directions: [SIMD2<Double>], focalLength: Double) -> Result? {
        precondition(points.count == directions.count, "each point has one direction")
        guard points.count >= 4, points.count < Int(Int32.max) else { return nil }
        var options = zs_opencv_pnp_options()
        options.threshold = maximumError / focalLength
        options.confidence = 0.9999
        options.minimum_iterations = 30
        options.maximum_iterations = 3000
        options.seed = seed
        var pose = [Double](repeating: 0, count: 7)
        var inliers = [UInt8](repeating: 0, count: points.count)
        let flatPoints = points.flatMap { [$0.x, $0.y, $0.z] }
        let flatDirections = directions.flatMap { [$0.x, $0.y] }
        let count = zs_opencv_pnp_ransac(
            flatPoints, flatDirections, Int32(points.count), &options, &pose, &inliers)
        guard count >= 4 else { return nil }
        return Result(
            cameraFromWorld: RigidTransform(
                rotation: Quaternion(w: pose[0], x: pose[1], y: pose[2], z: pose[3]),
                translation: SIMD3(pose[4], pose[5], pose[6])),
            isInlier: inliers.map { $0 != 0 }, inlierCount: Int(count))
    }
}
