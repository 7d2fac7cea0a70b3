// SPDX-License-Identifier: Apache-2.0

import Storage
import TestSupport
import Testing

@Test func foldersAreMadeListedReplacedAndRemoved() throws {
    let root = try TemporaryFolder()
    let deep = root.path("a/b ü/c")
    try Folder.create(deep)
    try Folder.create(deep)
    try OutputFile.write([1], to: "\(deep)/x")
    try OutputFile.write([2], to: "\(deep)/Y")
    #expect(Folder.contents(of: deep) == ["Y", "x"])
    try Folder.create(root.path("new"))
    try OutputFile.write([3], to: root.path("new/z"))
    try Folder.replace(deep, with: root.path("new"))
    #expect(Folder.contents(of: deep) == ["z"])
    Folder.remove(root.path("a"))
    #expect(try root.contents().isEmpty)
    #expect(!Folder.exists(root.path("a")))
    try OutputFile.write([1], to: root.path("file"))
    #expect(throws: FileError.self) { try Folder.create(root.path("file/below")) }
}

@Test func aFolderHasOneWriter() throws {
    let root = try TemporaryFolder()
    var first: FolderLock? = try FolderLock(folder: root.root)
    #expect(throws: LockError.self) { try FolderLock(folder: root.root) }
    withExtendedLifetime(first) {}
    first = nil
    _ = try FolderLock(folder: root.root)
}

@Test func aRefusedLockClosesNothingOfOthers() throws {
    let root = try TemporaryFolder()
    let first = try FolderLock(folder: root.root)
    // The number that a second close would hit goes to the next file that is opened.
    for _ in 0..<200 {
        #expect(throws: LockError.self) { try FolderLock(folder: root.root) }
        try OutputFile.write([1, 2, 3], to: root.path("file"))
        #expect(try InputFile.read(root.path("file")) == [1, 2, 3])
    }
    withExtendedLifetime(first) {}
}
