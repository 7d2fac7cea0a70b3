// SPDX-License-Identifier: Apache-2.0

import Fields

/// Where the rays of one step met the surface and where the pictures want it to go: samples of the field with derivatives
/// of the loss, as far as they are known before the field is asked.
package struct PhotoSamples: Sendable {
    /// A derivative of the loss by the field at one point.
    package struct Pull: Sendable {
        package var point: SIMD3<Float>
        /// By the value.
        package var byValue: Float
        /// By the gradient.
        package var byGradient = SIMD3<Float>.zero
        /// Share of the loss.
        package var loss = 0.0
    }

    /// What the pictures say.
    package var pulls: [Pull] = []
    /// Points at which the gradient should have length 1.
    package var unitPoints: [SIMD3<Float>] = []
    /// What became of the rays.
    package var tally = PhotoConsistencyTally()
}

/// The loss of one step of photo-consistency.
struct PhotoConsistencyObjective: SDFObjective {
    let samples: PhotoSamples
    /// Weight of the eikonal term of one sample.
    let eikonalWeight: Float
    let blocks: [SDFBlockSize]

    init(_ samples: PhotoSamples, eikonalWeight: Float) {
        self.samples = samples
        self.eikonalWeight = eikonalWeight
        blocks = SDFBlockSize.covering(samples.pulls.count + samples.unitPoints.count, gradients: true)
    }

    func draw(
        block: Int, points: UnsafeMutableBufferPointer<SIMD3<Float>>, notes: UnsafeMutableBufferPointer<SIMD4<Float>>
    ) {
        for row in points.indices {
            let index = block * SDFBlockSize.capacity + row
            points[row] =
                index < samples.pulls.count
                ? samples.pulls[index].point : samples.unitPoints[index - samples.pulls.count]
        }
    }

    func differentiate(block: Int, samples rows: SDFSamples) -> Double {
        var loss = 0.0
        for row in rows.points.indices {
            let index = block * SDFBlockSize.capacity + row
            if index < samples.pulls.count {
                let pull = samples.pulls[index]
                rows.valueAdjoints[row] = pull.byValue
                rows.gradientAdjoints[row] = pull.byGradient
                loss += pull.loss
            } else {
                let gradient = rows.gradients[row]
                let length = gradient.length + 1e-6
                rows.gradientAdjoints[row] = gradient * (2 * eikonalWeight * (length - 1) / length)
                loss += Double(eikonalWeight * (length - 1) * (length - 1))
            }
        }
        return loss
    }
}
