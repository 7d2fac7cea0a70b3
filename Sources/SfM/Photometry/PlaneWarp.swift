// SPDX-License-Identifier: Apache-2.0

import Geometry

/// From pixels of one view through a plane of the scene to pixels of another: a homography, about one pixel.
package struct PlaneWarp: Hashable, Sendable {
    /// Homogeneous pixel of the other view for the middle pixel, and its changes by one column and one row.
    private let middle: SIMD3<Double>
    private let byColumn: SIMD3<Double>
    private let byRow: SIMD3<Double>

    /// A view: pinhole intrinsics in pixels, and pose.
    package struct View: Hashable, Sendable {
        package var focalLengths: SIMD2<Double>
        package var principalPoint: SIMD2<Double>
        package var cameraFromWorld: RigidTransform

        package init(_ view: GrayView, level: Int) {
            focalLengths = view.levels[level].focalLengths
            principalPoint = view.levels[level].principalPoint
            cameraFromWorld = view.cameraFromWorld
        }

        /// Direction in camera coordinates that `pixel` sees, with length 1 along the optical axis.
        func ray(_ pixel: SIMD2<Double>) -> SIMD3<Double> {
            let x = (pixel - principalPoint) / focalLengths
            return SIMD3(x.x, x.y, 1)
        }
    }

    /// The warp about the pixel with this centre.
    ///
    /// - Parameters:
    ///   - point: On the plane, in world coordinates.
    ///   - normal: Of the plane, in world coordinates, of any length.
    /// - Returns: `nil` when the plane runs through the first camera.
    package init?(
        about pixel: SIMD2<Double>, of first: View, to second: View, point: SIMD3<Double>, normal: SIMD3<Double>
    ) {
        let n = first.cameraFromWorld.rotation(normal)
        let height = n.dot(first.cameraFromWorld(point))
        guard height != 0, height.isFinite else { return nil }
        let relative = second.cameraFromWorld * first.cameraFromWorld.inverse
        // A point d · height / (n·d) of the plane is seen at R d + t (n·d) / height.
        func seen(_ direction: SIMD3<Double>) -> SIMD3<Double> {
            let x = relative.rotation(direction) + (n.dot(direction) / height) * relative.translation
            let (f, c) = (second.focalLengths, second.principalPoint)
            return SIMD3(f.x * x.x + c.x * x.z, f.y * x.y + c.y * x.z, x.z)
        }
        let ray = first.ray(pixel)
        middle = seen(ray)
        byColumn = seen(first.ray(pixel + SIMD2(1, 0))) - middle
        byRow = seen(first.ray(pixel + SIMD2(0, 1))) - middle
    }

    /// The other view's pixel for an offset from the middle one; `nil` behind it.
    package func pixel(at offset: SIMD2<Double>) -> SIMD2<Double>? {
        let q = middle + offset.x * byColumn + offset.y * byRow
        guard q.z > 0 else { return nil }
        return SIMD2(q.x, q.y) / q.z
    }

    /// Whether the other view shows the plane at about the same size, neither mirrored nor squeezed.
    func isSimilar(within reach: Int) -> Bool {
        let r = Double(reach)
        guard let a = pixel(at: .zero), let b = pixel(at: SIMD2(r, 0)), let c = pixel(at: SIMD2(0, r)) else {
            return false
        }
        let (u, v) = ((b - a) / r, (c - a) / r)
        let area = u.cross(v)
        // The larger singular value squared is at most the sum of squares; the smaller one is what is left of the area.
        let squares = u.dot(u) + v.dot(v)
        return area > 0.3 && area < 3 && squares < 5 * area
    }
}
