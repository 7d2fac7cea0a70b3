// SPDX-License-Identifier: Apache-2.0

import Images
import SfM
import Testing

/// Masks of a photo's size or shape.
@Suite struct IngestMaskTests {
    private func picture(_ width: Int, _ height: Int, _ channels: Int = 1, _ value: (Int, Int) -> [UInt8]) -> Raster {
        var samples: [UInt8] = []
        for y in 0..<height { for x in 0..<width { samples += value(x, y) } }
        return Raster(width: width, height: height, channels: channels, samples: samples)
    }

    @Test func blackIsIgnoredAndAllElseCounts() throws {
        let mask = try #require(PhotoMask(picture(4, 2) { x, y in [UInt8(x == 2 ? 0 : y + 1)] }, width: 4, height: 2))
        #expect(mask.raster.samples == [255, 255, 0, 255, 255, 255, 0, 255])
        #expect(mask.keeps(SIMD2(1.99, 0.5)) && !mask.keeps(SIMD2(2, 0.5)) && mask.keeps(SIMD2(3, 1.99)))
        for outside in [SIMD2(-0.1, 1.0), SIMD2(4, 1), SIMD2(1, 2), SIMD2(1, -1e9), SIMD2(.nan, 0)] {
            #expect(!mask.keeps(outside))
        }
        // Faint blue counts, though it would round to black as a shade of grey.
        let blue = try #require(PhotoMask(picture(2, 1, 3) { x, _ in [0, 0, UInt8(x)] }, width: 2, height: 1))
        #expect(blue.raster.samples == [0, 255])
    }

    @Test func masksOfTheSameShapeAreScaledByNearestNeighbours() throws {
        let half = picture(3, 2) { x, y in [x == y ? 255 : 0] }
        let mask = try #require(PhotoMask(half, width: 6, height: 4))
        for y in 0..<4 { for x in 0..<6 { #expect(mask.raster.samples[y * 6 + x] == (x / 2 == y / 2 ? 255 : 0)) } }
        #expect(mask.resized(width: 3, height: 2) == half)
        // 1600 × 1067 is 3072 × 2048 rounded to whole pixels.
        let rounded = picture(1600, 1067) { _, _ in [1] }
        #expect(PhotoMask(rounded, width: 3072, height: 2048)?.raster.samples.allSatisfy { $0 == 255 } == true)
    }

    @Test func otherShapesAreRefused() {
        let flat = picture(30, 20) { _, _ in [1] }
        for (width, height) in [(20, 30), (30, 22), (300, 190), (1, 1)] {
            let isRefused = PhotoMask(flat, width: width, height: height) == nil
            #expect(isRefused, "\(width) × \(height)")
        }
    }
}
