// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Folders of output.
public enum Folder {
    /// Makes the folder and those above it; existing ones are no error.
    public static func create(_ path: String) throws(FileError) {
        var prefix = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            prefix += part
            if mkdir(prefix, 0o777) != 0 && errno != EEXIST { throw .current(prefix, "create the folder") }
            prefix += "/"
        }
        var info = stat()
        guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR else {
            throw .system(path: path, action: "create the folder", reason: "something else has this name")
        }
    }

    /// Names of what is directly inside, in byte order; empty when there is no such folder.
    public static func contents(of path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    }

    /// Removes a folder with everything in it; symbolic links are removed, not followed. A missing one is no error.
    public static func remove(_ path: String) {
        var info = stat()
        guard lstat(path, &info) == 0 else { return }
        guard info.st_mode & S_IFMT == S_IFDIR else {
            unlink(path)
            return
        }
        for name in contents(of: path) { remove("\(path)/\(name)") }
        rmdir(path)
    }

    /// Puts the finished folder `source` in the place of `target`, which is removed first when it exists.
    ///
    /// A crash between the two leaves no `target`, never a mixture of both.
    public static func replace(_ target: String, with source: String) throws(FileError) {
        remove(target)
        guard rename(source, target) == 0 else { throw .current(target, "write") }
        OutputFile.syncParent(of: target)
    }

    /// The path from the root, without symbolic links; `path` itself when there is no such folder.
    public static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Whether a folder with this name exists.
    public static func isFolder(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether something with this name exists.
    public static func exists(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0
    }
}
