// SPDX-License-Identifier: Apache-2.0

import Images
import Storage
import TestSupport
import Testing

/// Cut off, corrupt and lying files give an error that names them, or the whole picture: no trap, no print, no wait.
@Suite struct DamageTests {
    /// Files of every kind, small, so that every place in them can be tried.
    static let files: [(name: String, bytes: [UInt8])] = {
        var files = Fixture.allCases.filter { $0 != .bombPNG }.map { ("\($0)", $0.bytes) }
        let noise = Samples.noise(width: 23, height: 17, channels: 3)
        if let png = try? ImageFile.pngData(noise) { files.append(("PNG", png)) }
        if let jpeg = try? ImageFile.jpegData(noise) { files.append(("JPEG", jpeg)) }
        for format in ImageFormat.allCases {
            if let file = try? ExifSample.complete.file(format) { files.append(("EXIF \(format)", file)) }
        }
        var tiled = TIFFWriter(width: 23, height: 17, samples: noise.samples.map { UInt16($0) }, samplesPerPixel: 3)
        tiled.photometric = 2
        tiled.tile = (16, 16)
        files.append(("tiled TIFF", tiled.bytes()))
        return files
    }()

    /// Whether a picture came out; fails for an error that does not tell what and where.
    @discardableResult
    private func decodes(_ bytes: [UInt8], _ options: ImageReadingOptions = .asStored) -> Raster? {
        do throws(ImageError) {
            return try ImageFile.decode(bytes, name: "some name", options: options)
        } catch {
            #expect(error.description.contains("some name") && error.description.contains("--skip-unreadable"))
            switch error {
            case .malformed(_, _, let reason), .unsupported(_, _, let reason), .damaged(_, _, let reason):
                #expect(!reason.isEmpty, "\(error)")
            case .unknownFormat, .tooLarge: break
            case .file, .unwritable: Issue.record("\(error)")
            }
            return nil
        }
    }

    @Test(arguments: files.indices)
    func everyTruncationIsNoticed(file: Int) throws {
        let (name, bytes) = Self.files[file]
        let whole = try #require(decodes(bytes), "\(name)")
        for length in 0..<bytes.count {
            guard let raster = decodes(Array(bytes[..<length])) else { continue }
            #expect(raster == whole, "\(length) of \(bytes.count) bytes of \(name)")
        }
    }

    /// A cut in the middle of a photo: refused, and on demand the part above the cut is what it was.
    @Test(arguments: ImageFormat.allCases)
    func damagedPicturesAreUsedOnDemand(format: ImageFormat) throws {
        let raster = Samples.noise(width: 160, height: 240, channels: 3)
        let bytes: [UInt8]
        switch format {
        case .png: bytes = try ImageFile.pngData(raster)
        case .jpeg: bytes = try ImageFile.jpegData(raster)
        case .tiff:
            var writer = TIFFWriter(
                width: 160, height: 240, samples: raster.samples.map { UInt16($0) }, samplesPerPixel: 3)
            writer.photometric = 2
            bytes = writer.bytes()
        }
        let whole = try ImageFile.decode(bytes, name: "whole")
        let cut =
            format == .tiff
            ? Self.withStripBeyondTheEnd(bytes) : Array(bytes[..<(bytes.count / 2)])
        let error = #expect(throws: ImageError.self) { try ImageFile.decode(cut, name: "cut.jpg") }
        guard case .damaged("cut.jpg", format, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try #require(error).description.contains("--accept-damaged"))
        var options = ImageReadingOptions()
        options.acceptDamaged = true
        let rest = try #require(decodes(cut, options))
        let upper = 0..<(160 * 3 * 80)
        #expect(rest.samples[upper] == whole.samples[upper])
        #expect(rest != whole)
        #expect(rest == decodes(cut, options), "the same bytes give the same picture")
    }

    /// The file with the offset of its last strip changed to a place behind its end.
    private static func withStripBeyondTheEnd(_ bytes: [UInt8]) -> [UInt8] {
        let rowBytes = 160 * 3
        let last = 8 + 34 * 7 * rowBytes
        let offset = withUnsafeBytes(of: UInt32(last).littleEndian) { Array($0) }
        var result = bytes
        for place in stride(from: bytes.count - 4, to: last, by: -1) where Array(bytes[place..<(place + 4)]) == offset {
            result.replaceSubrange(place..<(place + 4), with: [0xF0, 0xFF, 0xFF, 0x7F])
        }
        return result
    }

    @Test(arguments: ImageFormat.allCases, [false, true])
    func twoThousandMutantsAreSurvived(format: ImageFormat, acceptDamaged: Bool) {
        let files = Self.files.map(\.bytes).filter { ImageFormat(magic: $0) == format }
        var options = ImageReadingOptions.asStored
        options.acceptDamaged = acceptDamaged
        let mutator = FileMutator(seed: 31)
        for number in 0..<2000 {
            let (first, second) = (files[number % files.count], files[number / files.count % files.count])
            decodes(mutator.mutant(of: first, with: second, number: UInt64(number)), options)
        }
    }

    /// Each scan takes a pass over the whole picture, however few bytes it has.
    @Test func endlessScansAreRefused() throws {
        let bytes = Fixture.progressiveJPEG.bytes
        let start = try #require(bytes.indices.dropLast().last { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
        let scan = Array(bytes[start..<(bytes.count - 2)])
        let many = Array(bytes[..<start]) + Array(repeating: scan, count: 5000).joined() + [0xFF, 0xD9]
        var options = ImageReadingOptions()
        options.acceptDamaged = true
        let error = #expect(throws: ImageError.self) { try ImageFile.decode(many, name: "scans", options: options) }
        #expect(error == .malformed(name: "scans", format: .jpeg, reason: "more than 100 scans"))
    }

    @Test func noiseWithAMagicIsRefused() {
        for head: [UInt8] in [[], Array(Fixture.bombPNG.bytes[..<8]), [0xFF, 0xD8, 0xFF], [0x49, 0x49, 0x2A, 0]] {
            for length in [0, 1, 4, 8, 100, 5000] {
                let noise = Samples.noise(width: max(length, 1), height: 1, channels: 1).samples
                #expect(decodes(head + noise[..<length]) == nil)
            }
        }
    }

    @Test func emptyFilesAndTextAreNamed() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.jpg")
        try OutputFile.write([UInt8](), to: path)
        #expect(throws: ImageError.unknownFormat(name: path, isEmpty: true)) { try ImageFile.read(path) }
        #expect(throws: ImageError.unknownFormat(name: "b.jpg", isEmpty: false)) {
            try ImageFile.decode(Array("not a picture".utf8), name: "b.jpg")
        }
    }
}
