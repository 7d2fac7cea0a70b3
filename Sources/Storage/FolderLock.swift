// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One writer at a time: an advisory lock on a folder that ends with the process, however it ends.
public final class FolderLock {
    private let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Throws: ``LockError/taken(folder:by:)`` when another process has it; `FileError` when the folder cannot be written.
    public init(folder: String) throws {
        let path = "\(folder)/.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError.current(path, "write") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            var text = [UInt8](repeating: 0, count: 20)
            let length = max(0, pread(descriptor, &text, text.count, 0))
            let owner = Int32(String(decoding: text[..<length], as: UTF8.self).prefix { $0.isNumber })
            throw LockError.taken(folder: folder, by: owner)
        }
        let owner = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        pwrite(descriptor, owner, owner.count, 0)
    }

    // Runs also when `init` throws, since the descriptor is set by then: nothing else may close it.
    deinit { close(descriptor) }
}

/// A folder is in use.
public enum LockError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Process `by`, when it is known, writes to `folder`.
    case taken(folder: String, by: Int32?)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .taken(let folder, let owner):
            "\(folder) is in use by another run\(owner.map { " (process \($0))" } ?? ""). Wait for it, or choose another folder."
        }
    }
}
