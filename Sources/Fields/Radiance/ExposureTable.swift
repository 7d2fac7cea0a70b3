// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#endif

/// How bright each picture was taken: colour `c` of the scene is shown as `exp(gain) c + bias`, for each of three channels.
///
/// Gains and biases have mean 0 over all pictures, so that the scene's own colours are those of the mean exposure.
final class ExposureTable {
    /// Numbers of one picture: three gains, three biases.
    static let numbersPerPicture = 6

    let pictures: Int
    let parameters: ParameterVector
    let optimizer: AdamOptimizer
    private let gradient: FloatBuffer

    init(pictures: Int) {
        self.pictures = pictures
        parameters = ParameterVector([("exposures", 1, Self.numbersPerPicture * max(pictures, 1))])
        gradient = FloatBuffer(count: parameters.count)
        optimizer = AdamOptimizer(count: parameters.count, beta1: 0.9, beta2: 0.99, epsilon: 1e-12, weightDecay: 0)
    }

    /// Factors and summands of a picture; the mean exposure for `nil` and unknown pictures.
    func exposure(of picture: Int?) -> (gain: SIMD3<Float>, bias: SIMD3<Float>) {
        guard let picture, picture >= 0, picture < pictures else { return (SIMD3(repeating: 1), .zero) }
        let place = parameters.buffer.pointer + Self.numbersPerPicture * picture
        return (SIMD3(expf(place[0]), expf(place[1]), expf(place[2])), SIMD3(place[3], place[4], place[5]))
    }

    /// One step against the sum of `contributions`, each of a picture: derivatives by gains and biases.
    func move(_ contributions: some Sequence<(picture: Int, gain: SIMD3<Float>, bias: SIMD3<Float>)>, rate: Float) {
        guard pictures > 0 else { return }
        gradient.clear()
        for (picture, gain, bias) in contributions where picture >= 0 && picture < pictures {
            let place = gradient.pointer + Self.numbersPerPicture * picture
            for channel in 0..<3 {
                place[channel] += gain[channel]
                place[3 + channel] += bias[channel]
            }
        }
        optimizer.step(parameters: parameters.buffer, gradient: gradient, rate: rate)
        let place = parameters.buffer.pointer
        for number in 0..<Self.numbersPerPicture {
            var sum: Float = 0
            for picture in 0..<pictures { sum += place[Self.numbersPerPicture * picture + number] }
            for picture in 0..<pictures { place[Self.numbersPerPicture * picture + number] -= sum / Float(pictures) }
        }
    }
}
