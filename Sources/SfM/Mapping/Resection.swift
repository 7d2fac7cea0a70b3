// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Refines the pose of one camera by places that are held: the second half of registration, after ``PoseSearch``.
package struct Resection {
    /// Intrinsics, to start from when ``freesFocalLength`` is set.
    package var camera: Camera
    /// Whether the focal length moves with the pose.
    package var freesFocalLength = false

    package init(camera: Camera, freesFocalLength: Bool = false) {
        self.camera = camera
        self.freesFocalLength = freesFocalLength
    }

    /// A refined camera.
    package struct Result {
        package var cameraFromWorld: RigidTransform
        package var camera: Camera
        package var summary: BundleSummary
    }

    /// Levenberg-Marquardt on the robust reprojection error, from `start`.
    ///
    /// - Parameter seen: Places in the world and where the camera sees them, in pixels; a few wrong ones do little harm.
    package func refined(
        _ start: RigidTransform, seeing seen: [(position: SIMD3<Double>, pixel: SIMD2<Double>)]
    ) throws(BundleError) -> Result {
        var problem = BundleProblem()
        let cameraIndex = problem.add(
            camera, free: freesFocalLength ? Array(0..<camera.model.focalLengthCount) : [])
        let poseIndex = problem.add(start, camera: cameraIndex, freedom: .free)
        for place in seen {
            problem.observe(
                point: problem.add(place.position, isConstant: true), pose: poseIndex, pixel: place.pixel)
        }
        var options = BundleOptions()
        options.maximumIterations = 25
        options.loss = .softL1(scale: 1)
        let summary = try problem.solve(options)
        return Result(
            cameraFromWorld: problem.pose(poseIndex), camera: problem.camera(cameraIndex), summary: summary)
    }
}
