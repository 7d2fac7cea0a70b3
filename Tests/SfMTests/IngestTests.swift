// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Images
import SfM
import Storage
import Synchronization
import TestSupport
import Testing

/// From a folder to its photos.
@Suite struct IngestTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path("photos"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder.path("masks"), withIntermediateDirectories: true)
    }

    private func run(
        masks: Bool = false, threads: Int = 2, _ change: (inout IngestOptions) -> Void = { _ in }
    ) throws -> PhotoSet {
        var options = IngestOptions()
        change(&options)
        return try PhotoIngest.run(
            photos: folder.path("photos"), masks: masks ? folder.path("masks") : nil, options: options,
            threads: threads)
    }

    private func picture(_ seed: Int, width: Int = 64, height: Int = 48) -> Raster {
        let samples = (0..<(width * height * 3)).map { UInt8(truncatingIfNeeded: $0 * ($0 / 7 + seed) + seed) }
        return Raster(width: width, height: height, channels: 3, samples: samples)
    }

    private func write(_ bytes: [UInt8], _ name: String) throws {
        try OutputFile.write(bytes, to: folder.path("photos/" + name))
    }

    /// A JPEG file whose EXIF data has one tag: a focal length of 50 mm on 35 mm film.
    private func jpegWithFocalLength(_ raster: Raster) throws -> [UInt8] {
        // Big-endian TIFF header; directory with the pointer (0x8769) to a directory at 26 with tag 0xA405.
        let exif: [UInt8] = [
            0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0,
            0, 1, 0xA4, 0x05, 0, 3, 0, 0, 0, 1, 0, 50, 0, 0, 0, 0, 0, 0,
        ]
        let segment = Array("Exif\0\0".utf8) + exif
        return try [0xFF, 0xD8, 0xFF, 0xE1, 0, UInt8(segment.count + 2)] + segment + ImageFile.jpegData(raster)[2...]
    }

    @Test func everyPhotoIsListedWithItsMetadata() throws {
        try write(jpegWithFocalLength(picture(1)), "b ü 🗿.jpg")
        try write(ImageFile.pngData(picture(2, width: 30, height: 70)), "a.PNG")
        try write(Array("notes".utf8), "notes.txt")
        let set = try run()
        #expect(set.photos.map(\.name) == ["a.PNG", "b ü 🗿.jpg"])
        #expect(set.photos.map(\.size) == [ImageSize(width: 30, height: 70), ImageSize(width: 64, height: 48)])
        #expect(set.photos[1].exif.focalLengthIn35mmFilm == 50)
        #expect(set.report.photoCount == 2 && set.report.ignored.map(\.name) == ["notes.txt"])
        #expect(set.report.focalLengthEvidence == [.filmEquivalent: 1, .none: 1])
        #expect(try ImageFile.read(set.folder.path(of: "b ü 🗿.jpg")).width == 64)
        let json = try JSONEncoder().encode(set.report)
        #expect(try JSONDecoder().decode(IngestReport.self, from: json) == set.report)
        #expect(String(decoding: json, as: UTF8.self).contains("\"filmEquivalent\":1"))
    }

    @Test func badPhotosAreNamedAndSkippedOnDemand() throws {
        let whole = try ImageFile.jpegData(picture(1))
        try write(whole, "1 good.jpg")
        try write(Array(whole[..<(whole.count / 2)]), "2 cut.jpg")
        try write([], "3 empty.jpg")
        try write(Array("not a picture".utf8), "4 text.jpg")
        try write(Array(ImageFile.pngData(picture(2))[..<500]), "5 cut.png")
        let error = #expect(throws: IngestError.self) { try run() }
        guard case .unreadable(.damaged(let name, .jpeg, _), others: 3)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(name == folder.path("photos/2 cut.jpg"))
        let skipped = try run { $0.skipUnreadable = true }
        #expect(skipped.photos.map(\.name) == ["1 good.jpg"])
        #expect(skipped.report.unreadable.map(\.name) == ["2 cut.jpg", "3 empty.jpg", "4 text.jpg", "5 cut.png"])
        let accepted = try run {
            $0.skipUnreadable = true
            $0.acceptDamaged = true
        }
        #expect(accepted.photos.map(\.name) == ["1 good.jpg", "2 cut.jpg", "5 cut.png"])
        #expect(accepted.report.damaged.map(\.name) == ["2 cut.jpg", "5 cut.png"])
        #expect(accepted.report.unreadable.map(\.name) == ["3 empty.jpg", "4 text.jpg"])
    }

    @Test func nothingReadableIsAnErrorEvenWhenSkipping() throws {
        try write(Array("not a picture".utf8), "a.jpg")
        #expect(throws: IngestError.self) { try run { $0.skipUnreadable = true } }
    }

    @Test func anEmptyFolderSaysWhatItHolds() throws {
        try write([1], "film.mp4")
        let error = #expect(throws: IngestError.self) { try run() }
        #expect(try #require(error).description.contains("film.mp4"))
    }

    @Test func duplicatesAreLeftOutAndReported() throws {
        let bytes = try ImageFile.jpegData(picture(1))
        for name in ["b.jpg", "a.jpg", "c.jpeg"] { try write(bytes, name) }
        try write(ImageFile.jpegData(picture(2)), "d.jpg")
        let set = try run()
        #expect(set.photos.map(\.name) == ["a.jpg", "d.jpg"])
        #expect(set.report.duplicates.map(\.name) == ["b.jpg", "c.jpeg"])
        #expect(set.report.duplicates.allSatisfy { $0.original == "a.jpg" })
    }

    @Test func masksAreCheckedAgainstTheirPhotos() throws {
        for name in ["a.jpg", "b.jpg"] { try write(ImageFile.jpegData(picture(name == "a.jpg" ? 1 : 2)), name) }
        let half = Raster(width: 32, height: 24, channels: 1, samples: (0..<768).map { UInt8($0 % 32 < 16 ? 0 : 255) })
        try ImageFile.write(half, to: folder.path("masks/a.jpg.png"))
        try ImageFile.write(half, to: folder.path("masks/x.png"))
        let set = try run(masks: true)
        #expect(set.photos.map(\.maskName) == ["a.jpg.png", nil])
        #expect(set.report.unmasked == ["b.jpg"] && set.report.unusedMasks == ["x.png"])
        let mask = try #require(try set.masks?.mask(of: "a.jpg", width: 64, height: 48))
        #expect(!mask.keeps(SIMD2(31.5, 20)) && mask.keeps(SIMD2(32.5, 20)))
        #expect(try set.masks?.mask(of: "b.jpg", width: 64, height: 48) == nil)
        try ImageFile.write(picture(1, width: 48, height: 64), to: folder.path("masks/b.png"))
        #expect(throws: IngestError.self) { try run(masks: true) { $0.skipUnreadable = true } }
        try OutputFile.write([1] as [UInt8], to: folder.path("masks/b.png"))
        #expect(throws: IngestError.self) { try run(masks: true) { $0.skipUnreadable = true } }
    }

    @Test func theResultDoesNotDependOnTheThreads() throws {
        for seed in 0..<20 { try write(ImageFile.jpegData(picture(seed % 17)), "\(seed).jpg") }
        try write([], "x.jpg")
        let sets = try [1, 2, 3, 8].map { threads in try run(threads: threads) { $0.skipUnreadable = true } }
        #expect(sets.allSatisfy { $0.photos == sets[0].photos && $0.report == sets[0].report })
        #expect(sets[0].photos.count == 17 && sets[0].report.duplicates.count == 3)
    }

    @Test func changesOfAFileShowInItsFingerprint() throws {
        try write(ImageFile.pngData(picture(1)), "a.png")
        let before = try run().photos[0]
        #expect(try run().photos[0] == before)
        try write(ImageFile.pngData(picture(2)), "a.png")
        #expect(try run().photos[0].fingerprint != before.fingerprint)
    }

    @Test func listedPhotosAreLoadedUnlessTheyChange() throws {
        try write(ImageFile.pngData(picture(1)), "a.png")
        let half = Raster(width: 32, height: 24, channels: 1, samples: (0..<768).map { UInt8($0 % 32 < 16 ? 0 : 255) })
        try ImageFile.write(half, to: folder.path("masks/a.png"))
        let set = try run(masks: true)
        let loaded = try set.load(set.photos[0])
        #expect(loaded.raster == picture(1))
        #expect(loaded.mask?.keeps(SIMD2(1, 1)) == false && loaded.mask?.keeps(SIMD2(63, 1)) == true)
        try write(ImageFile.pngData(picture(2)), "a.png")
        let path = folder.path("photos/a.png")
        #expect(throws: IngestError.changed(photo: path)) { try set.load(set.photos[0]) }
        OutputFile.remove(path)
        #expect(throws: IngestError.self) { try set.load(set.photos[0]) }
    }

    @Test func progressIsReportedAndStoppingWorks() throws {
        for seed in 0..<9 { try write(ImageFile.jpegData(picture(seed)), "\(seed).jpg") }
        let counts = Mutex<[Int]>([])
        _ = try PhotoIngest.run(
            photos: folder.path("photos"), threads: 1,
            progress: { report in counts.withLock { $0.append(report.completed) } })
        #expect(counts.withLock { $0 } == [4, 8, 9])
        #expect(throws: IngestError.cancelled) {
            try PhotoIngest.run(photos: folder.path("photos"), threads: 1, isCancelled: { true })
        }
    }
}
