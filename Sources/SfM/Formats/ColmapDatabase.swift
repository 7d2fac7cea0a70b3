// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Storage

/// Reads and writes COLMAP's `database.db`.
///
/// Written with the schema of COLMAP 4.2: each camera is a rig of its own and each image a frame of its own. What COLMAP
/// has no column for (where a focal length comes from, the triangulation angle of a pair) goes to two tables named
/// `zeroset_…`, which COLMAP leaves alone; without them reading falls back on what COLMAP knows.
public enum ColmapDatabase {
    /// `user_version` of a database that COLMAP 4.2.1 makes.
    static let userVersion = 4_020_100
    /// Image IDs are below this; COLMAP joins two of them to `pairIDBase · smaller + larger`.
    static let pairIDBase: Int64 = 2_147_483_647

    /// Writes a whole database; an existing file is replaced when the new one is complete.
    ///
    /// The same content gives the same bytes with the same version of SQLite.
    ///
    /// - Throws: ``SceneFileError/notRepresentable(_:)`` when the content breaks a rule (an image without its camera,
    ///   matches of missing keypoints, numbers that are not finite), ``SceneFileError/database(path:reason:)`` when SQLite
    ///   refuses.
    public static func write(_ content: MatchDatabase, to path: String) throws(SceneFileError) {
        if let problem = content.violatedInvariants().first {
            throw .notRepresentable("The database cannot be written: \(problem).")
        }
        let temporary = OutputFile.temporaryPath(for: path)
        OutputFile.remove(temporary)
        do {
            var configuration = Configuration()
            configuration.prepareDatabase { database in
                // Nobody else sees the file before it is synced and renamed, so a journal would protect nothing.
                for setting in ["page_size=4096", "journal_mode=OFF", "synchronous=OFF", "secure_delete=ON"] {
                    try database.execute(sql: "PRAGMA \(setting)")
                }
            }
            let queue = try DatabaseQueue(path: temporary, configuration: configuration)
            try queue.write { database in try ColmapDatabaseWriter(database).write(content) }
            try queue.close()
        } catch {
            OutputFile.remove(temporary)
            throw .database(path: path, reason: Self.reason(error))
        }
        do { try OutputFile.commit(temporary, to: path) } catch { throw .file(error) }
    }

    /// Reads a database of COLMAP 3 or 4, which is never changed: one that SQLite could only open by writing (it has a
    /// write-ahead log or an interrupted transaction) is copied to a temporary folder first.
    ///
    /// Descriptors other than SIFT's 128 bytes are left out, so that such images can be mapped but not matched again.
    /// Keypoints with an affine shape keep its scale and orientation. Pairs that COLMAP marks as watermarks become
    /// degenerate, those with several geometries uncalibrated.
    ///
    /// - Throws: ``SceneFileError``: a missing, damaged or inconsistent file, an unknown camera model.
    public static func read(_ path: String) throws(SceneFileError) -> MatchDatabase {
        try reading(path) { database in try ColmapDatabaseReader(database, file: path).content() }
    }

    /// Opens a database for `body` alone, without changing the file.
    static func reading<Value>(
        _ path: String, _ body: (Database) throws -> Value
    ) throws(SceneFileError) -> Value {
        let source = try ReadableDatabase(path)
        do {
            var configuration = Configuration()
            configuration.readonly = !source.isCopy
            configuration.prepareDatabase { database in
                // The file may come from anywhere: no function of its schema may run, and broken pages are noticed.
                for setting in ["trusted_schema=OFF", "cell_size_check=ON"] {
                    try database.execute(sql: "PRAGMA \(setting)")
                }
            }
            let queue = try DatabaseQueue(path: source.path, configuration: configuration)
            // A copy must stay where it is until the last row is read.
            return try withExtendedLifetime(source) {
                defer { try? queue.close() }
                return try queue.read(body)
            }
        } catch let error as SceneFileError {
            throw error
        } catch {
            throw .database(path: path, reason: Self.reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DatabaseError else { return "\(error)" }
        return error.message ?? "\(error.resultCode)"
    }
}

/// A database file that SQLite can open without changing the user's files.
private final class ReadableDatabase {
    let path: String
    let isCopy: Bool
    private let folder: URL?

    init(_ original: String) throws(SceneFileError) {
        guard let file = FileHandle(forReadingAtPath: original) else {
            throw .missing(path: original, what: "readable COLMAP database")
        }
        let header = (try? file.read(upToCount: 100)) ?? Data()
        try? file.close()
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw .malformed(file: original, .byte(0), "it is no SQLite database.")
        }
        let logs = ["-wal", "-journal"].filter { suffix in
            let attributes = try? FileManager.default.attributesOfItem(atPath: original + suffix)
            return (attributes?[.size] as? Int ?? 0) > 0
        }
        // SQLite reads what is missing of a last page as zeros.
        let attributes = try? FileManager.default.attributesOfItem(atPath: original)
        let size = attributes?[.size] as? Int ?? 0
        guard !logs.isEmpty || size >= Self.announcedSize(header) else {
            throw .malformed(
                file: original, .byte(size),
                "the file ends before the \(Self.announcedSize(header)) bytes it announces.")
        }
        // Bytes 18 and 19 are 2 in the write-ahead mode, where even a reader makes files beside the database.
        isCopy = !logs.isEmpty || header[18] != 1 || header[19] != 1
        guard isCopy else {
            (path, folder) = (original, nil)
            return
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zeroset-\(UUID().uuidString)")
        self.folder = folder
        path = folder.appendingPathComponent("copy.db").path
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for suffix in [""] + logs {
                try FileManager.default.copyItem(atPath: original + suffix, toPath: path + suffix)
            }
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw .database(path: original, reason: "it must be copied to be read, but \(error.localizedDescription)")
        }
    }

    /// Page size times number of pages, 0 when an old version of SQLite left the number out of date.
    private static func announcedSize(_ header: Data) -> Int {
        let number = { (range: Range<Int>) in header[range].reduce(0) { $0 << 8 | Int($1) } }
        // 65,536 does not fit into two bytes and is written as 1.
        let pageSize = number(16..<18) == 1 ? 65_536 : number(16..<18)
        return number(24..<28) == number(92..<96) ? pageSize * number(28..<32) : 0
    }

    deinit { if let folder { try? FileManager.default.removeItem(at: folder) } }
}
