// SPDX-License-Identifier: Apache-2.0

import Glibc
import Storage
import TestSupport
import Testing

@Suite struct InputFileTests {
    @Test func allBytesAreRead() throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        for content in [[], [0], bytes] {
            try OutputFile.write(content, to: folder.path("data"))
            #expect(try InputFile.read(folder.path("data")) == content)
        }
    }

    @Test func limitIsCheckedBeforeReading() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("data")
        try OutputFile.write([1, 2, 3], to: path)
        #expect(try InputFile.read(path, limit: 3) == [1, 2, 3])
        #expect(throws: FileError.tooLarge(path: path, bytes: 3, limit: 2)) { try InputFile.read(path, limit: 2) }
        // A hole of a tebibyte: reading it is out of the question.
        #expect(truncate(path, 1 << 40) == 0)
        #expect(throws: FileError.tooLarge(path: path, bytes: 1 << 40, limit: InputFile.defaultLimit)) {
            try InputFile.read(path)
        }
    }

    @Test func missingFilesFoldersAndDevicesAreErrors() throws {
        let folder = try TemporaryFolder()
        let missing = folder.path("missing")
        #expect(throws: FileError.system(path: missing, action: "read", reason: "No such file or directory")) {
            try InputFile.read(missing)
        }
        for path in [folder.root, "/dev/zero"] {
            #expect(throws: FileError.system(path: path, action: "read", reason: "not a regular file")) {
                try InputFile.read(path)
            }
        }
    }

    /// Opening a pipe that nobody writes to waits for ever, unless told otherwise.
    @Test(.timeLimit(.minutes(1))) func namedPipeIsRefusedWithoutWaiting() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        #expect(throws: FileError.system(path: path, action: "read", reason: "not a regular file")) {
            try InputFile.read(path)
        }
    }
}
