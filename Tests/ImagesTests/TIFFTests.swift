// SPDX-License-Identifier: Apache-2.0

import Images
import Testing

/// Every layout of samples that the format knows and cameras or editors write.
@Suite struct TIFFTests {
    struct Layout: Sendable, CustomTestStringConvertible {
        var isBigEndian = false
        var isPlanar = false
        var isTiled = false
        var bits = 8
        var samples = 3

        var testDescription: String {
            "\(samples) × \(bits) bits\(isBigEndian ? ", big-endian" : "")\(isPlanar ? ", planar" : "")"
                + (isTiled ? ", tiled" : "")
        }
    }

    static let layouts = [false, true].flatMap { big in
        [false, true].flatMap { planar in
            [false, true].flatMap { tiled in
                [8, 16].flatMap { bits in
                    (1...4).map {
                        Layout(isBigEndian: big, isPlanar: planar, isTiled: tiled, bits: bits, samples: $0)
                    }
                }
            }
        }
    }

    private func writer(_ layout: Layout, width: Int = 37, height: Int = 29) -> TIFFWriter {
        let noise = Samples.noise(width: width, height: height, channels: 3).samples
        let values = (0..<(width * height * layout.samples)).map {
            UInt16(noise[$0 % noise.count]) * (layout.bits == 16 ? 251 : 1)
        }
        var writer = TIFFWriter(width: width, height: height, samples: values)
        writer.isBigEndian = layout.isBigEndian
        writer.isPlanar = layout.isPlanar
        writer.tile = layout.isTiled ? (16, 16) : nil
        writer.bits = layout.bits
        writer.samplesPerPixel = layout.samples
        writer.photometric = layout.samples < 3 ? 1 : 2
        if layout.samples == 2 || layout.samples == 4 {
            writer.extra = [TIFFWriter.Entry(tag: 338, type: 3, values: [2])]
        }
        return writer
    }

    @Test(arguments: layouts)
    func layoutIsRead(layout: Layout) throws {
        let writer = writer(layout)
        let raster = try ImageFile.decode(writer.bytes(), name: "tiff", options: .asStored)
        #expect(raster.width == 37 && raster.height == 29 && raster.channels == (layout.samples < 3 ? 1 : 3))
        let bytes = writer.samples.map { layout.bits == 16 ? UInt8((Double($0) / 257).rounded()) : UInt8($0) }
        let expected = bytes.indices.filter { $0 % layout.samples < raster.channels }.map { bytes[$0] }
        #expect(raster.samples == expected)
        let header = try ImageFile.header(of: writer.bytes(), name: "tiff")
        #expect(header.channels == layout.samples && header.bitsPerSample == layout.bits)
    }

    @Test func whiteMayBeZero() throws {
        var writer = writer(Layout(samples: 1))
        writer.photometric = 0
        let raster = try ImageFile.decode(writer.bytes(), name: "", options: .asStored)
        #expect(raster.samples == writer.samples.map { 255 - UInt8($0) })
    }

    /// By the standard a palette has 16-bit numbers; some writers fill it with 8-bit ones.
    @Test(arguments: [1, 256, 257])
    func paletteIsExpanded(unit: Int) throws {
        var writer = writer(Layout(samples: 1))
        writer.photometric = 3
        let palette = (0..<768).map { UInt32($0 * 7 % 256 * unit) }
        writer.extra = [TIFFWriter.Entry(tag: 320, type: 3, values: palette)]
        let raster = try ImageFile.decode(writer.bytes(), name: "", options: .asStored)
        let expected = writer.samples.flatMap { sample in (0..<3).map { UInt8((Int(sample) + 256 * $0) * 7 % 256) } }
        #expect(raster.channels == 3)
        #expect(raster.samples == expected)
    }

    @Test(arguments: [1, 3, 6, 8, 0, 9, 65535])
    func orientationNeverTurnsThePicture(orientation: Int) throws {
        var writer = writer(Layout())
        let plain = try ImageFile.decode(writer.bytes(), name: "")
        writer.extra = [TIFFWriter.Entry(tag: 274, type: 3, values: [UInt32(orientation)])]
        #expect(try ImageFile.decode(writer.bytes(), name: "") == plain)
        // libtiff keeps no orientation that the standard does not know.
        let known = (1...8).contains(orientation) ? orientation : nil
        #expect(try ImageFile.header(of: writer.bytes(), name: "").exif.orientation == known)
    }

    @Test func kindsThatAreNotReadSaySo() throws {
        var float = writer(Layout(bits: 16))
        float.extra = [TIFFWriter.Entry(tag: 339, type: 3, values: [3, 3, 3])]
        var lab = writer(Layout())
        lab.photometric = 8
        for bytes in [float.bytes(), lab.bytes()] {
            let error = #expect(throws: ImageError.self) { try ImageFile.decode(bytes, name: "x.tif") }
            guard case .unsupported("x.tif", .tiff, let reason)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(!reason.isEmpty)
        }
    }

    /// Each of a million tiles as large as a quarter of a gigabyte, for a picture of one row.
    @Test func tilesFarLargerThanThePictureAreRefused() throws {
        var writer = writer(Layout(samples: 1), width: 48, height: 1)
        writer.tile = (16, 16)
        var bytes = writer.bytes()
        // The tile height in the directory: tag 323 as a long.
        let tag: [UInt8] = [0x43, 0x01, 0x04, 0x00, 1, 0, 0, 0]
        let place = try #require((0..<(bytes.count - 12)).first { Array(bytes[$0..<($0 + 8)]) == tag })
        bytes.replaceSubrange((place + 8)..<(place + 12), with: [0, 0, 0, 1])
        #expect(throws: ImageError.self) { try ImageFile.decode(bytes, name: "") }
    }
}
