// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A camera at a place.
public struct PhotoView: Hashable, Sendable {
    /// Intrinsics.
    public var camera: Camera
    /// World to camera.
    public var cameraFromWorld: RigidTransform

    /// Creates a view.
    public init(camera: Camera, cameraFromWorld: RigidTransform) {
        self.camera = camera
        self.cameraFromWorld = cameraFromWorld
    }

    /// The pixel that sees `point` of the world, or `nil` when it is behind the camera.
    public func project(_ point: SIMD3<Double>) -> SIMD2<Double>? { camera.project(cameraFromWorld(point)) }
}

/// The rays of a view in world coordinates, prepared so that one costs a few multiplications.
struct ViewRays: Sendable {
    let origin: SIMD3<Double>
    private let camera: Camera
    private let isUndistorted: Bool
    private let focalLengths: SIMD2<Double>
    private let principalPoint: SIMD2<Double>
    private let worldFromCamera: Matrix3

    init(_ view: PhotoView) {
        origin = view.cameraFromWorld.cameraCenterInWorld
        camera = view.camera
        isUndistorted = view.camera.distortion.allSatisfy { $0 == 0 }
        focalLengths = view.camera.focalLengths
        principalPoint = view.camera.principalPoint
        worldFromCamera = view.cameraFromWorld.rotation.inverse.matrix
    }

    /// Unit direction through `pixel`, and the depth (z in camera coordinates) gained for each unit walked along it.
    @inline(__always)
    func ray(throughPixel pixel: SIMD2<Double>) -> (direction: SIMD3<Double>, depthPerUnit: Double) {
        let x = isUndistorted ? (pixel - principalPoint) / focalLengths : camera.normalized(ofPixel: pixel)
        let perUnit = 1 / (1 + x.dot(x)).squareRoot()
        return (worldFromCamera * (perUnit * SIMD3(x.x, x.y, 1)), perUnit)
    }
}
