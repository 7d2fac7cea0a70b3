// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// A camera in the frame of the field's cube, without distortion.
package struct NeuralView: Hashable, Sendable {
    /// Takes the cube to camera coordinates, whose unit is that of the cube.
    package var cameraFromCube: RigidTransform
    /// Focal length in pixels: errors count in pixels of the photo.
    package var focalLength: Double

    /// Creates a view.
    package init(cameraFromCube: RigidTransform, focalLength: Double) {
        self.cameraFromCube = cameraFromCube
        self.focalLength = focalLength
    }

    /// A camera of the world seen from the cube.
    init(_ pose: RigidTransform, focalLength: Double, cubeFromWorld: UniformSimilarity) {
        let back = cubeFromWorld.inverse(.zero)
        self.init(
            cameraFromCube: RigidTransform(rotation: pose.rotation, translation: cubeFromWorld.scale * pose(back)),
            focalLength: focalLength)
    }

    /// Half the side of the part of the cube in which rays are followed.
    static let reach = 0.98

    /// The ray through normalised image coordinates, within the cube; `nil` when it misses the cube.
    func ray(through point: SIMD2<Double>) -> FieldRay? {
        let center = cameraFromCube.cameraCenterInWorld
        let direction = cameraFromCube.rotation.inverse(SIMD3(point.x, point.y, 1)).normalized
        let region = Box(minimum: SIMD3(repeating: -Self.reach), maximum: SIMD3(repeating: Self.reach))
        guard let range = region.crossing(from: center, along: direction) else { return nil }
        return FieldRay(
            origin: SIMD3<Float>(center), direction: SIMD3<Float>(direction),
            range: Float(range.lowerBound)...Float(range.upperBound))
    }

    /// Reprojection of a point of the cube.
    package struct Projection {
        /// Projected minus observed position, in pixels.
        package var error: SIMD2<Double>
        /// Derivatives of the error's two components by the point.
        package var byPoint: (x: SIMD3<Double>, y: SIMD3<Double>)
    }

    /// Where `point` appears relative to the keypoint at normalised coordinates `observed`; `nil` behind the camera.
    package func project(_ point: SIMD3<Double>, observed: SIMD2<Double>) -> Projection? {
        let local = cameraFromCube(point)
        guard local.z > 1e-6 else { return nil }
        let normalized = SIMD2(local.x, local.y) / local.z
        let scale = focalLength / local.z
        let back = cameraFromCube.rotation.inverse
        return Projection(
            error: focalLength * (normalized - observed),
            byPoint: (
                x: back(SIMD3(scale, 0, -scale * normalized.x)), y: back(SIMD3(0, scale, -scale * normalized.y))
            ))
    }
}
