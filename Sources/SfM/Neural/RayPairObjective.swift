// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// The loss of one step of triangulation by a level set: where rays through matched keypoints meet the surface, the other
/// photo shows the other keypoint; the field is 0 where rays end; and its gradient has length 1.
package struct RayPairObjective: SDFObjective {
    /// A place where the field is asked, and how the loss depends on its value.
    package struct Pull: Sendable {
        var point: SIMD3<Float>
        /// Derivative of the loss by the value.
        var byValue: Float = 0
        /// Weight of the value's size.
        var bySize: Float = 0
        /// Weight of how far the value is below 0: the place was seen through.
        var byDepth: Float = 0

        package init(point: SIMD3<Float>, byValue: Float = 0, bySize: Float = 0, byDepth: Float = 0) {
            self.point = point
            self.byValue = byValue
            self.bySize = bySize
            self.byDepth = byDepth
        }
    }

    /// Places along rays and at their ends.
    let pulls: [Pull]
    /// Places where the gradient should have length 1.
    let unitPoints: [SIMD3<Float>]
    /// Weight of one of them.
    let unitWeight: Float
    /// Loss of the reprojection, known beforehand.
    let reprojection: Double
    package let blocks: [SDFBlockSize]
    private let pullBlocks: Int

    /// Width of the round bottom of `|f|`.
    private static let rounding: Float = 5e-4

    package init(pulls: [Pull], unitPoints: [SIMD3<Float>], unitWeight: Float, reprojection: Double) {
        self.pulls = pulls
        self.unitPoints = unitPoints
        self.unitWeight = unitWeight
        self.reprojection = reprojection
        let first = SDFBlockSize.covering(pulls.count, gradients: false)
        pullBlocks = first.count
        blocks = first + SDFBlockSize.covering(unitPoints.count, gradients: true)
    }

    package func draw(
        block: Int, points: UnsafeMutableBufferPointer<SIMD3<Float>>, notes: UnsafeMutableBufferPointer<SIMD4<Float>>
    ) {
        let first = (block < pullBlocks ? block : block - pullBlocks) * SDFBlockSize.capacity
        for row in points.indices {
            points[row] = block < pullBlocks ? pulls[first + row].point : unitPoints[first + row]
        }
    }

    package func differentiate(block: Int, samples: SDFSamples) -> Double {
        var loss = block == 0 ? reprojection : 0
        guard block < pullBlocks else {
            for row in samples.points.indices {
                let gradient = samples.gradients[row]
                let length = gradient.length + 1e-9
                samples.gradientAdjoints[row] = gradient * (unitWeight * (length > 1 ? 1 : -1) / length)
                loss += Double(unitWeight * abs(length - 1))
            }
            return loss
        }
        for row in samples.points.indices {
            let pull = pulls[block * SDFBlockSize.capacity + row]
            let value = samples.values[row]
            samples.valueAdjoints[row] =
                pull.byValue + pull.bySize * min(max(value / Self.rounding, -1), 1)
                - (value < 0 ? pull.byDepth : 0)
            loss += Double(pull.bySize * abs(value) + pull.byDepth * max(-value, 0))
        }
        return loss
    }
}
