// SPDX-License-Identifier: Apache-2.0

import Images

/// Builds EXIF data and puts it into files of all three formats.
struct ExifSample {
    var isBigEndian = false
    /// Tags of the first directory: make 271, model 272, orientation 274.
    var main: [TIFFWriter.Entry] = []
    /// Tags of the EXIF directory.
    var exif: [TIFFWriter.Entry] = []
    /// Tags of the GPS directory.
    var position: [TIFFWriter.Entry] = []

    /// What a camera would write: 50° 30' 36" south, 11° 15' west, 12.5 m below the sea.
    static let complete = ExifSample(
        main: [.text(271, " Canon "), .text(272, "Canon EOS 5D"), TIFFWriter.Entry(tag: 274, type: 3, values: [6])],
        exif: [
            TIFFWriter.Entry(tag: 0x920A, type: 5, values: [285, 10]),
            TIFFWriter.Entry(tag: 0xA405, type: 3, values: [46]),
            TIFFWriter.Entry(tag: 0xA002, type: 4, values: [4368]),
            TIFFWriter.Entry(tag: 0xA20E, type: 5, values: [3_086_925, 795]),
            TIFFWriter.Entry(tag: 0xA210, type: 3, values: [2]),
        ],
        position: [
            .text(1, "S"), TIFFWriter.Entry(tag: 2, type: 5, values: [50, 1, 30, 1, 360, 10]), .text(3, "W"),
            TIFFWriter.Entry(tag: 4, type: 5, values: [11, 1, 15, 1, 0, 1]),
            TIFFWriter.Entry(tag: 5, type: 1, values: [1]), TIFFWriter.Entry(tag: 6, type: 5, values: [25, 2]),
        ])

    /// A small picture of the format with this data.
    func file(_ format: ImageFormat) throws -> [UInt8] {
        let raster = Samples.smooth(width: 24, height: 16, channels: 3)
        switch format {
        case .png:
            let png = try ImageFile.pngData(raster)
            // After the signature and IHDR.
            return Array(png[..<33]) + Self.chunk("eXIf", tiff().bytes()) + png[33...]
        case .jpeg:
            let segment = Array("Exif\0\0".utf8) + tiff().bytes()
            let length = segment.count + 2
            let head: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)]
            return try head + segment + ImageFile.jpegData(raster)[2...]
        case .tiff: return tiff().bytes()
        }
    }

    /// EXIF data is a TIFF file; the picture in it does not matter.
    private func tiff() -> TIFFWriter {
        var writer = TIFFWriter(
            isBigEndian: isBigEndian, width: 24, height: 16, samples: Array(repeating: 9, count: 384))
        writer.extra = main
        writer.exif = exif
        writer.position = position
        return writer
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let big = { (value: UInt32) in (0..<4).map { UInt8(value >> (24 - 8 * UInt32($0)) & 255) } }
        let body = Array(name.utf8) + data
        // CRC-32 of ISO 3309, bit by bit.
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in body {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return big(UInt32(data.count)) + body + big(~crc)
    }
}
