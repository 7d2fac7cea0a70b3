// SPDX-License-Identifier: Apache-2.0

import Images
import Testing

/// Pictures whose pixels are numbers are read without scaling.
@Suite struct LabelRasterTests {
    private func labels(_ bytes: [UInt8]) throws(ImageError) -> LabelRaster {
        try ImageFile.labels(bytes, name: "slice")
    }

    private func expected(_ number: (_ x: Int, _ y: Int) -> Int) -> [UInt16] {
        (0..<11).flatMap { y in (0..<13).map { x in UInt16(number(x, y)) } }
    }

    @Test func placesInPalettesAndFewBitsAreNumbers() throws {
        #expect(try labels(Fixture.palettePNG.bytes).samples == expected { x, y in (x + y) % 7 })
        #expect(try labels(Fixture.bilevelPNG.bytes).samples == expected { x, y in (x + y) % 2 })
        #expect(try labels(Fixture.grayAlphaPNG.bytes).samples == expected { x, _ in 19 * x })
    }

    @Test func sixteenBitsOfPNGAreKept() throws {
        let samples = (0..<(31 * 17)).map { UInt16(truncatingIfNeeded: $0 * 257 + 3) }
        let read = try labels(try ImageFile.pngData(width: 31, height: 17, gray16: samples))
        #expect(read == LabelRaster(width: 31, height: 17, samples: samples))
    }

    @Test(arguments: TIFFTests.layouts.filter { $0.samples < 3 })
    func samplesOfTIFFAreKept(layout: TIFFTests.Layout) throws {
        let (width, height) = (37, 29)
        let values = (0..<(width * height * layout.samples)).map {
            UInt16(truncatingIfNeeded: $0 &* 40503 >> 3) >> (layout.bits == 16 ? 0 : 8)
        }
        var writer = TIFFWriter(width: width, height: height, samples: values)
        writer.isBigEndian = layout.isBigEndian
        writer.isPlanar = layout.isPlanar
        writer.samplesPerPixel = layout.samples
        writer.bits = layout.bits
        writer.tile = layout.isTiled ? (width: 16, height: 32) : nil
        let first = stride(from: 0, to: values.count, by: layout.samples).map { values[$0] }
        #expect(try labels(writer.bytes()).samples == first)
        writer.photometric = 0
        let largest: UInt16 = layout.bits == 16 ? 65535 : 255
        #expect(try labels(writer.bytes()).samples == first.map { largest - $0 })
    }

    @Test func coloursAreRefusedAndGreyInThreeChannelsIsTaken() throws {
        let error = #expect(throws: ImageError.self) { try labels(Fixture.interlacedPNG.bytes) }
        #expect(error?.description.contains("colours") == true)
        let gray = Samples.noise(width: 9, height: 5, channels: 1)
        #expect(try labels(ImageFile.pngData(gray.rgb)).samples == gray.samples.map { UInt16($0) })
    }

    @Test func cutFilesAreRefused() throws {
        let whole = try ImageFile.pngData(width: 60, height: 60, gray16: (0..<3600).map { UInt16($0) })
        for count in stride(from: 0, to: whole.count, by: 37) {
            #expect(throws: ImageError.self) { try labels(Array(whole[..<count])) }
        }
    }
}
