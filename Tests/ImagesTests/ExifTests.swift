// SPDX-License-Identifier: Apache-2.0

import Images
import TestSupport
import Testing

/// What cameras write beside the picture.
@Suite struct ExifTests {
    @Test(arguments: ImageFormat.allCases, [false, true])
    func everythingIsRead(format: ImageFormat, isBigEndian: Bool) throws {
        var sample = ExifSample.complete
        sample.isBigEndian = isBigEndian
        let exif = try ImageFile.header(of: sample.file(format), name: "").exif
        #expect(exif.make == "Canon" && exif.model == "Canon EOS 5D")
        #expect(exif.orientation == 6)
        #expect(abs(try #require(exif.focalLength) - 28.5) < 1e-5)
        #expect(exif.focalLengthIn35mmFilm == 46)
        // 4368 pixels at 3086925/795 pixels per inch.
        #expect(abs(try #require(exif.sensorWidth) - 4368.0 * 25.4 * 795 / 3_086_925) < 1e-4)
        let position = try #require(exif.position)
        #expect(abs(position.latitude + 50.51) < 1e-5 && abs(position.longitude + 11.25) < 1e-5)
        #expect(abs(try #require(position.altitude) + 12.5) < 1e-5)
    }

    @Test(arguments: [ImageFormat.png, .jpeg], [0, 1, 8, 9, 65535])
    func anyOrientationIsKeptAndNeverApplied(format: ImageFormat, orientation: Int) throws {
        let sample = ExifSample(main: [TIFFWriter.Entry(tag: 274, type: 3, values: [UInt32(orientation)])])
        let bytes = try sample.file(format)
        #expect(try ImageFile.header(of: bytes, name: "").exif.orientation == orientation)
        #expect(try ImageFile.decode(bytes, name: "") == ImageFile.decode(ExifSample().file(format), name: ""))
    }

    @Test(arguments: ImageFormat.allCases)
    func nonsenseIsUnknown(format: ImageFormat) throws {
        let sample = ExifSample(
            main: [.text(271, "   "), .text(272, "")],
            exif: [
                TIFFWriter.Entry(tag: 0x920A, type: 5, values: [50, 0]),
                TIFFWriter.Entry(tag: 0xA405, type: 3, values: [0]),
                TIFFWriter.Entry(tag: 0xA20E, type: 5, values: [0, 0]),
                TIFFWriter.Entry(tag: 0xA210, type: 3, values: [77]),
            ],
            position: [
                .text(1, "N"), TIFFWriter.Entry(tag: 2, type: 5, values: [500, 1, 0, 1, 0, 1]), .text(3, "E"),
                TIFFWriter.Entry(tag: 4, type: 5, values: [11, 0, 15, 0, 0, 0]),
            ])
        #expect(try ImageFile.header(of: sample.file(format), name: "").exif == ExifMetadata())
    }

    @Test(arguments: [ImageFormat.png, .jpeg])
    func damagedMetadataNeverHidesThePicture(format: ImageFormat) throws {
        let plain = try ImageFile.decode(ExifSample().file(format), name: "")
        let bytes = try ExifSample.complete.file(format)
        // The metadata lies between the first 60 bytes and the last that both files share.
        let metadata = 60..<(60 + 400)
        for place in metadata {
            for value: UInt8 in [0, 0x7F, 0xFF] {
                var damaged = bytes
                damaged[place] = value
                #expect(try ImageFile.decode(damaged, name: "") == plain, "\(place)")
                _ = try ImageFile.header(of: damaged, name: "")
            }
        }
    }
}
