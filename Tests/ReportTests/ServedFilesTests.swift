// SPDX-License-Identifier: Apache-2.0

import Foundation
import Report
import Storage
import TestSupport
import Testing

@Suite struct ServedFilesTests {
    private static func workspace() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try Folder.create(folder.path("out/sparse"))
        for name in [
            "out/report.html", "out/mesh.ply", "out/über uns.json", "out/database.db", "out/.hidden.json",
            "secret.json",
            "out/sparse/report.json",
        ] {
            try OutputFile.write(Array(name.utf8), to: folder.path(name))
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("out/link.json"), withDestinationPath: folder.path("secret.json"))
        return folder
    }

    @Test func theReportAndWhatIsBesideItAreServed() throws {
        let folder = try Self.workspace()
        let files = try ServedFiles(folder.path("out"))
        #expect(files.file(for: "/")?.path == folder.path("out/report.html"))
        #expect(files.file(for: "/")?.contentType == "text/html; charset=utf-8")
        #expect(files.file(for: "/mesh.ply")?.path == folder.path("out/mesh.ply"))
        #expect(files.file(for: "/%C3%BCber%20uns.json")?.path == folder.path("out/über uns.json"))
    }

    @Test(arguments: [
        "", "mesh.ply", "//mesh.ply", "/../secret.json", "/..%2Fsecret.json", "/%2e%2e/secret.json",
        "/..%5Csecret.json",
        "/./mesh.ply", "/mesh.ply/", "/sparse/report.json", "/sparse/../mesh.ply", "/database.db", "/.hidden.json",
        "/link.json", "/mesh.ply%00.html", "/%", "/%FF%FE", "/mesh.ply?x", "/etc/passwd", "file:///etc/passwd",
        "/..;/secret.json", "/%252e%252e/secret.json", "/MESH.PLY",
    ])
    func nothingElseIs(target: String) throws {
        let folder = try Self.workspace()
        #expect(try ServedFiles(folder.path("out")).file(for: target) == nil)
    }

    /// Such a page may lie in anybody's home.
    @Test func besideAPageOfAnotherNameOnlyItsOwnFilesAre() throws {
        let folder = try Self.workspace()
        try OutputFile.write([1], to: folder.path("hand.html"))
        try OutputFile.write([1], to: folder.path("hand.ply"))
        let files = try ServedFiles(folder.path("hand.html"))
        #expect(files.file(for: "/hand.ply") != nil && files.file(for: "/") != nil)
        #expect(files.file(for: "/secret.json") == nil)
        #expect(throws: FileError.self) { try ServedFiles(folder.path("foot.html")) }
    }
}
