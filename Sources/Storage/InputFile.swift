// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file could not be read or written.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The operating system refused; `reason` is its message.
    case system(path: String, action: String, reason: String)
    /// The file is larger than this reader accepts.
    case tooLarge(path: String, bytes: Int, limit: Int)
    /// The output exists and may not be replaced.
    case exists(path: String)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .system(let path, let action, let reason): "Cannot \(action) \(path): \(reason)."
        case .tooLarge(let path, let bytes, let limit):
            "Cannot read \(path): \(bytes) bytes, at most \(limit) are accepted."
        case .exists(let path): "\(path) exists already. Choose another name, or add --force to replace it."
        }
    }

    static func current(_ path: String, _ action: String) -> FileError {
        .system(path: path, action: action, reason: String(cString: strerror(errno)))
    }
}

/// Whole-file input with a size limit.
public enum InputFile {
    /// Largest file read by default: 4 GiB.
    public static let defaultLimit = 4 << 30

    /// Whether `path` names a regular file, and no symbolic link.
    public static func isRegular(_ path: String) -> Bool {
        var info = stat()
        return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
    }

    /// Reads all bytes of a regular file.
    ///
    /// - Parameters:
    ///   - path: File to read.
    ///   - limit: Largest accepted size in bytes; checked before anything is allocated.
    /// - Throws: ``FileError`` when the file cannot be opened, is a folder or device, or exceeds `limit`.
    public static func read(_ path: String, limit: Int = defaultLimit) throws(FileError) -> [UInt8] {
        // Without O_NONBLOCK a named pipe would wait for a writer here; regular files do not notice.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw .current(path, "read") }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw .current(path, "read") }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw .system(path: path, action: "read", reason: "not a regular file")
        }
        let size = Int(info.st_size)
        guard size <= limit else { throw .tooLarge(path: path, bytes: size, limit: limit) }
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = 0
            while count < size {
                let got = Glibc.read(descriptor, buffer.baseAddress! + count, size - count)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { return }
                count += got
            }
        }
        guard failure == 0 else {
            throw .system(path: path, action: "read", reason: String(cString: strerror(failure)))
        }
        return bytes
    }
}
