// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct ExposureTableTests {
    /// Gains and biases keep the mean 0 whatever pulls on them, or all pictures and the scene could grow brighter together.
    @Test func meanStaysZero() {
        let table = ExposureTable(pictures: 5)
        var random = RandomStream(seed: 3, label: "pulls")
        for _ in 0..<200 {
            let pulls = (0..<32).map { _ in
                (
                    picture: random.index(below: 5), gain: SIMD3<Float>(repeating: random.uniform(in: 0..<1)),
                    bias: SIMD3<Float>(repeating: random.uniform(in: -1..<0))
                )
            }
            table.move(pulls, rate: 1e-2)
            var (gains, biases) = (SIMD3<Float>.zero, SIMD3<Float>.zero)
            for picture in 0..<5 {
                let exposure = table.exposure(of: picture)
                for channel in 0..<3 { gains[channel] += log(exposure.gain[channel]) }
                biases += exposure.bias
            }
            #expect(gains.length < 1e-5 && biases.length < 1e-5)
        }
    }

    /// Four pictures of one grey scene, each with its own brightness: the ratios are found.
    @Test func findsBrightness() {
        let table = ExposureTable(pictures: 4)
        let truth: [Float] = [0.8, 0.95, 1.05, 1.2]
        for _ in 0..<2000 {
            table.move(
                truth.indices.map { picture in
                    let exposure = table.exposure(of: picture)
                    let difference = exposure.gain * 0.5 + exposure.bias - 0.5 * truth[picture]
                    return (picture: picture, gain: difference * exposure.gain * 0.5, bias: difference)
                }, rate: 1e-3)
        }
        let shown = truth.indices.map { table.exposure(of: $0) }.map { $0.gain.x * 0.5 + $0.bias.x }
        #expect(zip(shown, shown.dropFirst()).allSatisfy { $0 < $1 })
        let spread = (shown[3] - shown[0]) / (0.5 * (truth[3] - truth[0]))
        #expect(abs(spread - 1) < 0.05, "spread is \(spread)")
    }

    @Test func unknownPicturesHaveTheMeanExposure() {
        let table = ExposureTable(pictures: 2)
        table.move([(picture: 0, gain: .one, bias: .one), (picture: 7, gain: .one, bias: .one)], rate: 0.1)
        for picture in [nil, -1, 2, Int.max] {
            let exposure = table.exposure(of: picture)
            #expect(exposure.gain == .one && exposure.bias == .zero)
        }
        #expect(table.exposure(of: 0).gain != .one)
        ExposureTable(pictures: 0).move([], rate: 0.1)
    }
}
