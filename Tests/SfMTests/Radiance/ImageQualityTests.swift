// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import SfM
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct ImageQualityTests {
    static func noise(_ width: Int, _ height: Int, channels: Int, seed: UInt64) -> Raster {
        var random = RandomStream(seed: seed, label: "noise")
        return Raster(
            width: width, height: height, channels: channels,
            samples: (0..<width * height * channels).map { _ in UInt8(random.index(below: 256)) })
    }

    static func plain(_ value: UInt8, side: Int = 16) -> Raster {
        Raster(width: side, height: side, channels: 1, samples: .init(repeating: value, count: side * side))
    }

    @Test func psnrOfAConstantDifference() {
        for difference in [1, 5, 40] {
            let psnr = ImageQuality.psnr(Self.plain(100), Self.plain(UInt8(100 + difference)))
            #expect(abs(psnr - 20 * log10(255 / Double(difference))) < 1e-9)
        }
        let picture = Self.noise(30, 20, channels: 3, seed: 1)
        #expect(ImageQuality.psnr(picture, picture) == 100)
        // One of 10,000 samples by 1 is 88 dB.
        var other = Self.plain(7, side: 100)
        other.samples[5_000] = 8
        #expect(abs(ImageQuality.psnr(Self.plain(7, side: 100), other) - (20 * log10(255) + 40)) < 1e-9)
    }

    @Test func maskedPixelsDoNotCount() {
        var other = Self.plain(100)
        other.samples[3] = 255
        other.samples[4] = 110
        var counts = [UInt8](repeating: 0, count: 256)
        counts[4] = 1
        #expect(
            abs(ImageQuality.psnr(Self.plain(100), other, counts: counts) - 20 * log10(255 / 10.0)) < 1e-9)
        counts[4] = 0
        #expect(ImageQuality.psnr(Self.plain(100), other, counts: counts) == 100)
    }

    /// Two plain pictures: variances vanish, `(2ab + c₁) / (a² + b² + c₁)` is left.
    @Test func ssimOfPlainPictures() {
        let c1 = 0.01 * 255 * 0.01 * 255
        for (a, b) in [(100.0, 100.0), (100, 120), (0, 255)] {
            let found = ImageQuality.ssim(Self.plain(UInt8(a)), Self.plain(UInt8(b)))
            #expect(abs(found - (2 * a * b + c1) / (a * a + b * b + c1)) < 1e-9)
        }
    }

    /// The moving sums against the definition, window by window.
    @Test(arguments: 0..<20 as Range<UInt64>) func ssimIsTheMeanOverWindows(seed: UInt64) {
        var random = RandomStream(seed: seed, label: "sizes")
        let (width, height) = (7 + random.index(below: 20), 7 + random.index(below: 20))
        let a = Self.noise(width, height, channels: 1, seed: seed)
        var b = a
        for index in b.samples.indices where random.index(below: 3) == 0 {
            b.samples[index] = UInt8(random.index(below: 256))
        }
        let (c1, c2) = (6.5025, 58.5225)
        var sum = 0.0
        for top in 0...height - 7 {
            for left in 0...width - 7 {
                let places = (0..<49).map { (top + $0 / 7) * width + left + $0 % 7 }
                let (x, y) = (places.map { Double(a.samples[$0]) }, places.map { Double(b.samples[$0]) })
                let (mx, my) = (x.reduce(0, +) / 49, y.reduce(0, +) / 49)
                let vx = x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) } / 49
                let vy = y.reduce(0) { $0 + ($1 - my) * ($1 - my) } / 49
                let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) } / 49
                sum += (2 * mx * my + c1) * (2 * covariance + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))
            }
        }
        let found = ImageQuality.ssim(a, b)
        #expect(abs(found - sum / Double((height - 6) * (width - 6))) < 1e-9)
        #expect(found < 1 && ImageQuality.ssim(a, a) > 1 - 1e-12)
        #expect(abs(ImageQuality.ssim(b, a) - found) < 1e-12)
    }

    @Test func smallPicturesHaveAValue() {
        for side in 1...7 {
            #expect(abs(ImageQuality.ssim(Self.plain(50, side: side), Self.plain(50, side: side)) - 1) < 1e-12)
        }
    }
}
