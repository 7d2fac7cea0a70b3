// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Images
import SfM
import Storage
import TestSupport
import Testing

/// Which files of a folder are photos, in which order, and which masks are theirs.
@Suite struct IngestFolderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Makes files of one byte, with the folders they are in.
    private func touch(_ names: [String], in root: String = "") throws {
        for name in names {
            let path = folder.path(root) + "/" + name
            let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try OutputFile.write([1] as [UInt8], to: path)
        }
    }

    @Test func photosAreListedByTheBytesOfTheirPaths() throws {
        let names = ["Z.JPG", "a b.jpeg", "a-b/2.png", "a/10.tif", "a/9.TIFF", "a/b/c/d.jpg", "ü.png", "🗿 x.jpg"]
        try touch(names.reversed() + ["notes.txt", "a/raw.cr2", "jpg", ".hidden.jpg", ".cache/1.jpg", "b.jpg.bak"])
        let photos = try PhotoFolder(folder.path(""))
        #expect(photos.names == names)
        #expect(photos.ignored.map(\.name) == ["a/raw.cr2", "b.jpg.bak", "jpg", "notes.txt"])
        #expect(photos.ignored.allSatisfy { !$0.reason.isEmpty })
        #expect(try PhotoFolder(folder.path("")) == photos)
    }

    @Test func linksAreNotFollowed() throws {
        let outside = try TemporaryFolder()
        try OutputFile.write([1] as [UInt8], to: outside.path("secret.jpg"))
        try touch(["a.jpg", "sub/b.jpg"])
        symlink(outside.path("secret.jpg"), folder.path("file.jpg"))
        symlink(outside.path(""), folder.path("out"))
        symlink("..", folder.path("sub/loop"))
        symlink("nowhere", folder.path("dead.jpg"))
        let photos = try PhotoFolder(folder.path(""))
        #expect(photos.names == ["a.jpg", "sub/b.jpg"])
        #expect(photos.ignored.map(\.name) == ["dead.jpg", "file.jpg", "out", "sub/loop"])
        // The folder itself may be a link.
        symlink(folder.path(""), outside.path("link"))
        #expect(try PhotoFolder(outside.path("link")).names == photos.names)
    }

    @Test func namesThatNoTextFileHoldsAreLeftOut() throws {
        try touch(["a.jpg", "line\nbreak.jpg"])
        let invalid = Array(folder.path("").utf8) + Array("/x".utf8) + [0xFF, 0xFE] + Array(".jpg".utf8) + [0]
        let descriptor = invalid.withUnsafeBytes {
            open($0.bindMemory(to: CChar.self).baseAddress!, O_CREAT | O_WRONLY, 0o600)
        }
        try #require(descriptor >= 0)
        close(descriptor)
        // é as one scalar and as two: two files, one name.
        try touch(["caf\u{E9}.jpg", "cafe\u{301}.jpg"])
        mkfifo(folder.path("pipe.jpg"), 0o600)
        let photos = try PhotoFolder(folder.path(""))
        #expect(photos.names.map { Array($0.utf8) } == ["a.jpg", "cafe\u{301}.jpg"].map { Array($0.utf8) })
        #expect(photos.ignored.count == 4)
    }

    @Test func missingFoldersAndFilesAreNamed() throws {
        try touch(["a.jpg"])
        for path in [folder.path("none"), folder.path("a.jpg")] {
            let error = #expect(throws: IngestError.self) { try PhotoFolder(path) }
            #expect(try #require(error).description.contains(path))
        }
    }

    @Test func masksAreFoundInBothSpellings() throws {
        try touch(["a.jpg", "b.jpg", "c.jpg", "sub/d.png", "é.jpg"], in: "photos")
        try touch(
            ["a.jpg.png", "a.png", "b.png", "sub/d.png", "e\u{301}.png", "other.png", "c.txt", "c.jpg"], in: "masks")
        let photos = try PhotoFolder(folder.path("photos"))
        let masks = try MaskFolder(folder.path("masks"), for: photos)
        #expect(
            masks.maskNames == [
                "a.jpg": "a.jpg.png", "b.jpg": "b.png", "sub/d.png": "sub/d.png", "é.jpg": "é.png",
            ])
        #expect(masks.unused == ["a.png", "other.png"])
    }

    @Test func aMaskFolderWithoutMasksIsAnError() throws {
        try touch(["a.jpg"], in: "photos")
        try touch(["mask_a.png", "b.png"], in: "masks")
        let photos = try PhotoFolder(folder.path("photos"))
        let error = #expect(throws: IngestError.self) { try MaskFolder(folder.path("masks"), for: photos) }
        let text = try #require(error).description
        #expect(text.contains("b.png") && text.contains("a.jpg.png") && text.contains("a.png"))
        #expect(throws: IngestError.masksAmongPhotos(folder: folder.path("photos/."))) {
            try MaskFolder(folder.path("photos/."), for: photos)
        }
    }

    @Test func masksWithinThePhotoFolderAreNoPhotos() throws {
        try touch(["a.jpg", "masks/a.png", "masks/b/c.png"], in: "photos")
        #expect(try PhotoFolder(folder.path("photos")).names.count == 3)
        let photos = try PhotoFolder(folder.path("photos"), masks: folder.path("photos/masks"))
        #expect(photos.names == ["a.jpg"])
        #expect(try MaskFolder(folder.path("photos/masks"), for: photos).maskNames == ["a.jpg": "a.png"])
    }
}
