// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#endif

/// How bright each picture was taken: colour `c` of the scene is shown as `exp(gain) c + bias`, for each of three channels.
///
/// Gains and biases have mean 0 over all pictures, so that the scene's own colours are those of the mean exposure.
package final class ExposureTable {
    /// Numbers of one picture: three gains, three biases.
    package static let numbersPerPicture = 6

    let pictures: Int
    package let parameters: ParameterVector
    let optimizer: AdamOptimizer
    private let gradient: FloatBuffer

    package init(pictures: Int) {
        self.pictures = pictures
        parameters = ParameterVector([("exposures", 1, Self.numbersPerPicture * max(pictures, 1))])
        gradient = FloatBuffer(count: parameters.count)
        optimizer = AdamOptimizer(count: parameters.count, beta1: 0.9, beta2: 0.99, epsilon: 1e-12, weightDecay: 0)
    }

    /// Factors and summands of a picture; the mean exposure for `nil` and unknown pictures.
    package func exposure(of picture: Int?) -> (gain: SIMD3<Float>, bias: SIMD3<Float>) {
        guard let picture, picture >= 0, picture < pictures else { return (SIMD3(repeating: 1), .zero) }
        let place = parameters.buffer.pointer + Self.numbersPerPicture * picture
        return (SIMD3(expf(place[0]), expf(place[1]), expf(place[2])), SIMD3(place[3], place[4], place[5]))
    }

    /// What one ray says: derivatives of the loss by gains and biases of its picture.
    package typealias Contribution = (picture: Int, gain: SIMD3<Float>, bias: SIMD3<Float>)

    /// The sum of `contributions`, in their order and the layout of ``parameters``.
    func sum(_ contributions: some Sequence<Contribution>) -> FloatBuffer {
        gradient.clear()
        for (picture, gain, bias) in contributions where picture >= 0 && picture < pictures {
            let place = gradient.pointer + Self.numbersPerPicture * picture
            for channel in 0..<3 {
                place[channel] += gain[channel]
                place[3 + channel] += bias[channel]
            }
        }
        return gradient
    }

    /// One step against the sum of `contributions`.
    package func move(_ contributions: some Sequence<Contribution>, rate: Float) {
        guard pictures > 0 else { return }
        let gradient = sum(contributions)
        optimizer.step(parameters: parameters.buffer, gradient: gradient, rate: rate)
        let place = parameters.buffer.pointer
        for number in 0..<Self.numbersPerPicture {
            var sum: Float = 0
            for picture in 0..<pictures { sum += place[Self.numbersPerPicture * picture + number] }
            for picture in 0..<pictures { place[Self.numbersPerPicture * picture + number] -= sum / Float(pictures) }
        }
    }
}
