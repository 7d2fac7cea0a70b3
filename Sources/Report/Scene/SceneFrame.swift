// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Where the middle of a 3D view is, and how far its content reaches.
package struct SceneFrame {
    /// The middle, in the frame of the result.
    package let center: SIMD3<Double>
    /// Half the diagonal of what is looked at, positive.
    package let radius: Double

    /// Points farther than this many radii from the middle are far background, which would drown the scene.
    static let reach = 12.0

    package init(_ content: SceneContent) {
        let subject = content.mesh?.positions ?? []
        let box =
            Box(enclosing: subject) ?? Self.box(ofMost: content.points)
            ?? Box(enclosing: content.contours.lazy.flatMap { $0 })
            ?? Box(enclosing: content.cameras.map(\.center))
        center = box?.center ?? .zero
        let size = 0.5 * (box?.diagonal ?? 0)
        radius = size > 0 && size.isFinite ? size : 1
    }

    /// In units of the radius about the middle, as small numbers that survive single precision.
    func local(_ position: SIMD3<Double>) -> SIMD3<Float> { SIMD3<Float>((position - center) / radius) }

    /// Encloses all but the outermost 2 % on each side of each axis.
    private static func box(ofMost points: [SIMD3<Double>]) -> Box? {
        guard points.count > 1 else { return nil }
        var (lower, upper) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
        for axis in 0..<3 {
            let sorted = points.map { $0[axis] }.sorted()
            lower[axis] = sorted[points.count / 50]
            upper[axis] = sorted[points.count - 1 - points.count / 50]
        }
        return Box(minimum: lower, maximum: upper)
    }
}
