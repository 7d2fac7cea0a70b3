// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// One view at the size that stereo works at.
package struct StereoView: Sendable {
    /// Most sources that one call of the kernel takes.
    static let largestSourceCount = 32

    /// Which image of the reconstruction this is.
    package let imageID: ImageID
    /// Picture with intrinsics and mask.
    package let level: GrayView.Level
    /// Camera coordinates from world coordinates.
    package let cameraFromWorld: RigidTransform
    let rotation: Matrix3
    let center: SIMD3<Double>

    /// Takes a level of a view; the smallest one when there are fewer.
    package init(_ view: GrayView, halvings: Int) {
        imageID = view.imageID
        level = view.levels[min(halvings, view.levels.count - 1)]
        cameraFromWorld = view.cameraFromWorld
        rotation = view.cameraFromWorld.rotation.matrix
        center = view.cameraFromWorld.cameraCenterInWorld
    }

    package var width: Int { level.image.width }
    package var height: Int { level.image.height }

    /// `(x, y)` of the direction `(x, y, 1)` through the centre of a pixel.
    func normalized(column: Int, row: Int) -> SIMD2<Double> {
        (SIMD2(Double(column) + 0.5, Double(row) + 0.5) - level.principalPoint) / level.focalLengths
    }

    /// The world point at a depth on the ray through the centre of a pixel.
    func point(column: Int, row: Int, depth: Double) -> SIMD3<Double> {
        let x = normalized(column: column, row: row)
        return point(SIMD3(x.x, x.y, 1) * depth)
    }

    /// World from camera coordinates.
    func point(_ local: SIMD3<Double>) -> SIMD3<Double> { rotation.transpose * (local - cameraFromWorld.translation) }

    /// This view as a source for patches of `reference`; the picture must outlive it.
    func source(for reference: StereoView) -> zk_stereo_source {
        let relative = cameraFromWorld * reference.cameraFromWorld.inverse
        let turn = relative.rotation.matrix
        let (f, c) = (level.focalLengths, level.principalPoint - 0.5)
        /// Homogeneous pixel, centres at whole numbers, of a direction of this camera.
        func image(_ x: SIMD3<Double>) -> (Float, Float, Float) {
            (Float(f.x * x.x + c.x * x.z), Float(f.y * x.y + c.y * x.z), Float(x.z))
        }
        let other = reference.level.focalLengths
        return zk_stereo_source(
            words: level.image.words, width: Int32(width), height: Int32(height),
            along_x: image(turn * SIMD3(1 / other.x, 0, 0)), along_y: image(turn * SIMD3(0, 1 / other.y, 0)),
            axis: image(turn * SIMD3(0, 0, 1)), shift: image(relative.translation))
    }
}
