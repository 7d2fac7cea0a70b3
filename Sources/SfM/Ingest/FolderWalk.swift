// SPDX-License-Identifier: Apache-2.0

import Glibc
import Storage

/// A file that is left out, and why.
public struct IgnoredFile: Hashable, Sendable, Codable {
    /// Path relative to the folder, with `/`; bytes that are not UTF-8 are shown as �.
    public var name: String
    /// Why, as a phrase: "not a picture by its name".
    public var reason: String

    /// Creates an entry.
    public init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }
}

/// The regular files below a folder, in an order that depends on nothing but their names.
///
/// Symbolic links below the folder are not followed, so that nothing outside is read and no loop is entered; hidden files
/// and folders are passed over.
struct FolderWalk {
    /// Longest relative path in bytes.
    static let longestName = 1024

    /// Relative paths with `/`, ascending by their UTF-8 bytes; no two are canonically equal.
    private(set) var names: [String] = []
    /// What is there but cannot be used, in the same order.
    private(set) var ignored: [IgnoredFile] = []

    private let root: String
    private let excluded: FileIdentity?

    /// Lists `root`.
    ///
    /// - Parameter excluded: A folder that is passed over when it lies below `root`.
    /// - Throws: ``FileError`` when `root` is no folder that can be listed.
    init(_ root: String, excluding excluded: String? = nil) throws(FileError) {
        self.root = root
        self.excluded = excluded.flatMap { FileIdentity(followingLinksAt: $0) }
        var pending = [""]
        while let folder = pending.popLast() {
            if let failure = list(folder, adding: &pending) {
                let error = FileError.system(path: root, action: "list", reason: failure)
                if folder.isEmpty { throw error }
                ignored.append(IgnoredFile(name: folder, reason: "cannot be listed: \(failure)"))
            }
        }
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        leaveOutTwins()
        ignored.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Adds the entries of one folder; the reason of a failure, else `nil`.
    private mutating func list(_ folder: String, adding pending: inout [String]) -> String? {
        guard let stream = opendir(folder.isEmpty ? root : "\(root)/\(folder)") else {
            return String(cString: strerror(errno))
        }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else { return errno == 0 ? nil : String(cString: strerror(errno)) }
            let bytes = nameBytes(of: entry)
            if bytes.first == UInt8(ascii: ".") { continue }
            let prefix = folder.isEmpty ? "" : folder + "/"
            let shown = prefix + String(decoding: bytes, as: UTF8.self)
            guard let last = String(validating: bytes, as: UTF8.self) else {
                ignored.append(IgnoredFile(name: shown, reason: "its name is not valid UTF-8"))
                continue
            }
            let name = prefix + last
            if let reason = objection(to: name) {
                ignored.append(IgnoredFile(name: shown, reason: reason))
            } else {
                classify(name, adding: &pending)
            }
        }
    }

    /// Why a name cannot be written to the text files of a reconstruction, or `nil`.
    private func objection(to name: String) -> String? {
        if name.utf8.count > Self.longestName { return "its path has more than \(Self.longestName) bytes" }
        if name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return "its name has control characters" }
        return nil
    }

    private mutating func classify(_ name: String, adding pending: inout [String]) {
        var info = stat()
        guard lstat("\(root)/\(name)", &info) == 0 else {
            ignored.append(IgnoredFile(name: name, reason: String(cString: strerror(errno))))
            return
        }
        switch info.st_mode & S_IFMT {
        case S_IFREG: names.append(name)
        case S_IFDIR: if FileIdentity(info) != excluded { pending.append(name) }
        case S_IFLNK: ignored.append(IgnoredFile(name: name, reason: "symbolic links are not followed"))
        default: ignored.append(IgnoredFile(name: name, reason: "not a regular file"))
        }
    }

    /// Of names that differ only in the encoding of characters (é as one scalar or two), keeps the first.
    private mutating func leaveOutTwins() {
        var seen: Set<String> = []
        let twins = Set(names.indices.filter { !seen.insert(names[$0]).inserted })
        for index in twins.sorted() {
            let reason = "another file's name differs only in the encoding of its characters"
            ignored.append(IgnoredFile(name: names[index], reason: reason))
        }
        names = names.indices.filter { !twins.contains($0) }.map { names[$0] }
    }
}

/// What tells a file from all others while both exist.
struct FileIdentity: Hashable {
    private let device: dev_t
    private let number: ino_t

    init(_ info: stat) {
        device = info.st_dev
        number = info.st_ino
    }

    /// The file at the end of any links; `nil` when there is none.
    init?(followingLinksAt path: String) {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        self.init(info)
    }
}

/// The name in a directory entry. The structure may be shorter than its declaration, so it is never copied whole.
private func nameBytes(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
    let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: UInt8.self)
    return Array(
        UnsafeBufferPointer(start: start, count: strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))))
}
