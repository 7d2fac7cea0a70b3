// SPDX-License-Identifier: Apache-2.0

import Images
import Testing

/// Kinds of files that we do not write: palettes, few and many bits, alpha, interlacing, CMYK, progressive.
@Suite struct KindTests {
    private func decode(_ fixture: Fixture) throws -> Raster {
        try ImageFile.decode(fixture.bytes, name: "\(fixture)", options: .asStored)
    }

    /// A picture from the formula of a fixture.
    private func expected(
        width: Int = 13, height: Int = 11, _ pixel: (_ x: Int, _ y: Int) -> [Int]
    ) -> Raster {
        var samples: [UInt8] = []
        for y in 0..<height { for x in 0..<width { samples += pixel(x, y).map { UInt8($0 & 255) } } }
        return Raster(width: width, height: height, channels: samples.count / width / height, samples: samples)
    }

    private var ramps: Raster { expected { x, y in [19 * x, 23 * y, 10 * (x + y)] } }
    private var checks: Raster { expected { x, y in [(x + y) % 2 * 255] } }

    /// Flat quarters of ink as light: `(255 - ink) · (255 - black) / 255`.
    private var quarters: Raster {
        expected(width: 16, height: 16) { x, y in
            let ink = [[0, 255, 255, 0], [255, 0, 0, 64], [0, 0, 0, 128], [40, 80, 120, 20]][y / 8 * 2 + x / 8]
            return (0..<3).map { ((255 - ink[$0]) * (255 - ink[3]) + 127) / 255 }
        }
    }

    @Test func interlacedPNGIsPutTogether() throws { #expect(try decode(.interlacedPNG) == ramps) }

    @Test func palettesAreExpandedAndTransparencyIgnored() throws {
        let picture = expected { x, y in [30 * ((x + y) % 7), 255 - 30 * ((x + y) % 7), 10 * ((x + y) % 7)] }
        #expect(try decode(.palettePNG) == picture)
        let header = try ImageFile.header(of: Fixture.palettePNG.bytes, name: "")
        #expect(header.channels == 1 && header.bitsPerSample == 4 && header.decodedChannels == 3)
    }

    @Test(arguments: [Fixture.bilevelPNG, .faxTIFF])
    func oneBitIsBlackOrWhite(fixture: Fixture) throws {
        #expect(try decode(fixture) == checks)
        #expect(try ImageFile.header(of: fixture.bytes, name: "").bitsPerSample == 1)
    }

    @Test func sixteenBitsAreRoundedAndAlphaDropped() throws {
        let picture = expected { x, y in
            [5041 * x, 5957 * y, 2621 * (x + y)].map { Int((Double($0) / 257).rounded()) }
        }
        #expect(try decode(.rgba16PNG) == picture)
        let header = try ImageFile.header(of: Fixture.rgba16PNG.bytes, name: "")
        #expect(header.channels == 4 && header.bitsPerSample == 16 && header.decodedChannels == 3)
    }

    @Test func grayWithAlphaIsGray() throws { #expect(try decode(.grayAlphaPNG) == expected { x, _ in [19 * x] }) }

    @Test func compressedTIFFsAreRead() throws {
        #expect(try decode(.lzwTIFF) == ramps)
        #expect(try decode(.deflateTIFF) == expected { x, _ in [19 * x] })
    }

    @Test(arguments: [Fixture.progressiveJPEG, .jpegTIFF])
    func lossyFilesAreCloseToTheirOriginal(fixture: Fixture) throws {
        let original = Samples.smooth(width: 24, height: 16, channels: 3)
        #expect(try #require(decode(fixture).largestDifference(to: original)) <= 12)
    }

    @Test(arguments: [Fixture.cmykJPEG, .cmykTIFF])
    func inkBecomesLight(fixture: Fixture) throws {
        #expect(try #require(decode(fixture).largestDifference(to: quarters)) <= (fixture == .cmykTIFF ? 1 : 3))
        let header = try ImageFile.header(of: fixture.bytes, name: "")
        #expect(header.channels == 4 && header.decodedChannels == 3)
    }

    @Test func contentDecidesNotTheName() {
        #expect(ImageFormat(magic: Fixture.faxTIFF.bytes) == .tiff)
        #expect(ImageFormat(magic: Fixture.cmykJPEG.bytes) == .jpeg)
        #expect(ImageFormat(magic: Fixture.bilevelPNG.bytes) == .png)
        #expect(ImageFormat(magic: Array("hello".utf8)) == nil)
        #expect(ImageFormat(magic: []) == nil)
        #expect(ImageFormat(fileName: "a/b.c.JpEg") == .jpeg)
        #expect(ImageFormat(fileName: "jpeg") == nil)
    }
}
