// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Whole-file output: a file with its final name is never partial.
public enum OutputFile {
    /// Throws ``FileError/exists(path:)`` when `path` is there and `replacing` is false.
    ///
    /// Call it before long work, so that nobody waits for a result that cannot be saved.
    public static func check(_ path: String, replacing: Bool) throws(FileError) {
        var info = stat()
        if !replacing && lstat(path, &info) == 0 { throw .exists(path: path) }
        if stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR {
            throw .system(path: path, action: "write", reason: "it is a folder")
        }
        let folder = parent(of: path)
        guard access(folder, W_OK) == 0 else { throw .current(path, "write") }
    }

    /// Writes `chunks` one after the other to a temporary name in the same folder, syncs, and renames to `path`.
    ///
    /// - Throws: ``FileError``; the temporary file is removed and an older file at `path` is left as it was.
    public static func write(_ chunks: [[UInt8]], to path: String) throws(FileError) {
        let temporary = temporaryPath(for: path)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .current(path, "write") }
        do throws(FileError) {
            for chunk in chunks { try writeAll(chunk, to: descriptor, path: path) }
            guard fsync(descriptor) == 0 else { throw .current(path, "write") }
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        guard close(descriptor) == 0, rename(temporary, path) == 0 else {
            let error = FileError.current(path, "write")
            unlink(temporary)
            throw error
        }
        syncFolder(parent(of: path))
    }

    /// Writes one block of bytes; see ``write(_:to:)-([[UInt8]],_)``.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        try write([bytes], to: path)
    }

    /// A name in the folder of `path` for a file that another library makes before ``commit(_:to:)`` gives it its name.
    public static func temporaryPath(for path: String) -> String { "\(path).\(getpid()).tmp" }

    /// Syncs the finished file `temporary` and renames it to `path`.
    ///
    /// - Throws: ``FileError``; the temporary file is removed and an older file at `path` is left as it was.
    public static func commit(_ temporary: String, to path: String) throws(FileError) {
        let descriptor = open(temporary, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .current(path, "write") }
        let isSynced = fsync(descriptor) == 0
        close(descriptor)
        guard isSynced, rename(temporary, path) == 0 else {
            let error = FileError.current(path, "write")
            unlink(temporary)
            throw error
        }
        syncFolder(parent(of: path))
    }

    /// Removes a file that is not needed any more; a missing one is no error.
    public static func remove(_ path: String) { unlink(path) }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
        var failed = false
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let put = Glibc.write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
                if put < 0 && errno == EINTR { continue }
                guard put > 0 else {
                    failed = true
                    return
                }
                offset += put
            }
        }
        if failed { throw .current(path, "write") }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes a rename in the folder around `path` survive a power cut.
    static func syncParent(of path: String) { syncFolder(parent(of: path)) }

    private static func syncFolder(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
