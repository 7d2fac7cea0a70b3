// SPDX-License-Identifier: Apache-2.0

import Geometry
import Glibc

/// Matched points of two views as normalised directions.
struct ViewRays {
    /// `(x, y)` of the direction `(x, y, 1)` in the first camera.
    var first: [SIMD2<Double>]
    /// The same in the second.
    var second: [SIMD2<Double>]

    var count: Int { first.count }

    subscript(indices: [Int]) -> ViewRays {
        ViewRays(first: indices.map { first[$0] }, second: indices.map { second[$0] })
    }

    /// Angle between the two viewing rays of match `index`, in radians.
    func parallax(_ index: Int, _ rotation: Quaternion) -> Double {
        let a = rotation(first[index].homogeneous)
        let b = second[index].homogeneous
        return atan2(a.cross(b).length, a.dot(b))
    }

    /// Depths along `(x, y, 1)` in both cameras of the point nearest to both rays, or `nil` for parallel rays.
    func depths(_ index: Int, _ pose: RigidTransform) -> (first: Double, second: Double)? {
        // d₁ R x₁ + t = d₂ x₂ in the least-squares sense.
        let a = pose.rotation(first[index].homogeneous)
        let b = second[index].homogeneous
        let (aa, ab, bb) = (a.dot(a), a.dot(b), b.dot(b))
        let determinant = aa * bb - ab * ab
        guard determinant > 1e-14 * aa * bb else { return nil }
        let (at, bt) = (a.dot(pose.translation), b.dot(pose.translation))
        return ((ab * bt - bb * at) / determinant, (aa * bt - ab * at) / determinant)
    }

    /// Whether the point lies in front of both cameras, or so far that noise of `angle` radians decides where it lies.
    func isInFront(_ index: Int, _ pose: RigidTransform, noise angle: Double) -> Bool {
        if parallax(index, pose.rotation) < angle { return true }
        guard let depths = depths(index, pose) else { return true }
        return depths.first > 0 && depths.second > 0
    }

    /// The middle of the angles between the viewing rays, in radians; 0 without matches.
    func medianParallax(_ rotation: Quaternion) -> Double {
        guard count > 0 else { return 0 }
        return (0..<count).map { parallax($0, rotation) }.sorted()[count / 2]
    }
}
