// SPDX-License-Identifier: Apache-2.0

import Glibc
import Storage
import TestSupport
import Testing

@Suite struct OutputFileTests {
    @Test func chunksAreWrittenInOrderAndReplaceTheOldFile() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("ü mesh 🧊.ply")
        try OutputFile.write([9, 9, 9, 9, 9, 9, 9, 9], to: path)
        try OutputFile.write([[1, 2], [], [3]], to: path)
        #expect(try InputFile.read(path) == [1, 2, 3])
        #expect(try folder.contents() == ["ü mesh 🧊.ply"])
    }

    @Test func checkRefusesWhatExists() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("mesh.ply")
        try OutputFile.check(path, replacing: false)
        try OutputFile.write([1], to: path)
        #expect(throws: FileError.exists(path: path)) { try OutputFile.check(path, replacing: false) }
        try OutputFile.check(path, replacing: true)
        #expect(try InputFile.read(path) == [1])
        // A link that leads nowhere is there, too.
        let link = folder.path("link.ply")
        try #require(symlink("nowhere", link) == 0)
        #expect(throws: FileError.exists(path: link)) { try OutputFile.check(link, replacing: false) }
    }

    @Test func checkRefusesFoldersAndPlacesThatDoNotExist() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FileError.system(path: folder.root, action: "write", reason: "it is a folder")) {
            try OutputFile.check(folder.root, replacing: true)
        }
        let path = folder.path("missing/mesh.ply")
        #expect(throws: FileError.system(path: path, action: "write", reason: "No such file or directory")) {
            try OutputFile.check(path, replacing: true)
        }
        #expect(throws: FileError.self) { try OutputFile.write([1], to: path) }
    }

    /// The name is taken by a folder that is not empty: everything works but the last step.
    @Test func failedRenameLeavesNothingBehind() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("mesh.ply")
        try #require(mkdir(path, 0o700) == 0)
        try OutputFile.write([1], to: path + "/inside")
        #expect(throws: FileError.self) { try OutputFile.write([2], to: path) }
        #expect(try folder.contents() == ["mesh.ply"])
        #expect(try InputFile.read(path + "/inside") == [1])
    }

    /// A limit on the size of files stands in for a full disk. It holds for the whole process, so the writer is a child.
    @Test func olderFileSurvivesAFullDisk() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("mesh.ply")
        try OutputFile.write([1, 2, 3], to: path)
        await #expect(processExitsWith: .exitCode(3)) { [path = path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1 << 16, rlim_max: 1 << 16)
            guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(1) }
            do throws(FileError) {
                try OutputFile.write([UInt8](repeating: 7, count: 1 << 20), to: path)
                exit(2)
            } catch {
                exit(error == .system(path: path, action: "write", reason: "File too large") ? 3 : 4)
            }
        }
        #expect(try InputFile.read(path) == [1, 2, 3])
        #expect(try folder.contents() == ["mesh.ply"])
    }

    @Test func removingWhatIsMissingIsNoError() throws {
        let folder = try TemporaryFolder()
        try OutputFile.write([1], to: folder.path("a"))
        OutputFile.remove(folder.path("a"))
        OutputFile.remove(folder.path("a"))
        #expect(try folder.contents().isEmpty)
    }
}
