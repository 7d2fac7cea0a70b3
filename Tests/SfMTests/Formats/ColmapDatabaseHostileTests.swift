// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import SfM
import Storage
import TestSupport
import Testing

/// Damaged databases give a typed error or sound content.
@Suite struct ColmapDatabaseHostileTests {
    private func survives(_ path: String, _ comment: String) -> Bool {
        do throws(SceneFileError) {
            let content = try ColmapDatabase.read(path)
            #expect(content.violatedInvariants().isEmpty, "\(comment)")
            return true
        } catch {
            #expect(!error.description.isEmpty)
            return false
        }
    }

    @Test func mutantsAndTruncationsAreSurvived() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("mutant.db")
        try ColmapDatabase.write(SceneSamples.fullDatabase, to: path)
        let bytes = try InputFile.read(path)
        let mutator = FileMutator(seed: 5)
        var accepted = 0
        for number in 0..<400 {
            let mutant = mutator.mutant(of: bytes, with: bytes, number: UInt64(number))
            try Data(mutant).write(to: URL(fileURLWithPath: path))
            accepted += survives(path, "mutant \(number)") ? 1 : 0
            #expect(try folder.contents() == ["mutant.db"])
        }
        #expect(accepted > 0)
        for length in stride(from: 0, to: bytes.count, by: 1024) {
            try Data(bytes[..<length]).write(to: URL(fileURLWithPath: path))
            #expect(!survives(path, "\(length) bytes"), "\(length) of \(bytes.count) bytes")
        }
    }

    @Test(arguments: [
        "UPDATE keypoints SET rows = rows + 1", "UPDATE keypoints SET rows = -rows", "UPDATE keypoints SET cols = 3",
        "UPDATE keypoints SET rows = 9223372036854775807", "UPDATE keypoints SET data = NULL WHERE rows > 0",
        "UPDATE keypoints SET data = 'text'", "UPDATE keypoints SET rows = 'many'",
        "UPDATE keypoints SET data = zeroblob(length(data) - 1) WHERE rows > 0",
        "UPDATE keypoints SET rows = 0, data = x''",
        "UPDATE descriptors SET rows = rows + 1, data = zeroblob(128 * (rows + 1))",
        "UPDATE descriptors SET data = zeroblob(length(data) - 1) WHERE rows > 0",
        "UPDATE matches SET data = zeroblob(length(data) + 8)", "UPDATE matches SET cols = 3 WHERE rows > 0",
        "UPDATE matches SET rows = 4611686018427387904", "UPDATE matches SET pair_id = -pair_id - 1",
        "UPDATE matches SET pair_id = 5 WHERE pair_id = 2147483647 + 5",
        "INSERT INTO matches VALUES (2147483647 * 1001 + 1002, 0, 2, NULL)",
        "INSERT OR REPLACE INTO matches VALUES (2147483647 + 5, 1, 2, x'FFFFFFFF00000000')",
        "UPDATE cameras SET model = 5", "UPDATE cameras SET model = -1", "UPDATE cameras SET width = -5",
        "UPDATE cameras SET params = x'00'", "UPDATE cameras SET params = x'000000000000F87F' || params",
        "UPDATE cameras SET params = NULL", "UPDATE cameras SET camera_id = camera_id + 4294967296",
        "UPDATE images SET name = '' WHERE image_id = 5", "UPDATE images SET camera_id = 999", "DROP TABLE cameras",
        "UPDATE two_view_geometries SET config = 9", "UPDATE two_view_geometries SET F = x'0000'",
        "UPDATE two_view_geometries SET E = zeroblob(64) || x'000000000000F07F'",
        "UPDATE two_view_geometries SET qvec = zeroblob(32), tvec = zeroblob(24)",
        "UPDATE zeroset_two_view_geometries SET median_triangulation_angle = 9e999",
        "ALTER TABLE cameras RENAME TO other; CREATE VIEW cameras AS SELECT * FROM other",
    ])
    func lyingTablesAreRefused(statement: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("lie.db")
        try ColmapDatabase.write(SceneSamples.fullDatabase, to: path)
        #expect(survives(path, "before"))
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: statement) }
        try queue.close()
        #expect(!survives(path, statement), "\(statement)")
    }

    @Test func otherFilesAreRefused() throws {
        let folder = try TemporaryFolder()
        #expect(throws: SceneFileError.self) { try ColmapDatabase.read(folder.path("nothing.db")) }
        #expect(throws: SceneFileError.self) { try ColmapDatabase.read(folder.path("")) }
        try OutputFile.write(
            Array("not a database, but long enough to have a header of one hundred bytes".utf8), to: folder.path("x.db")
        )
        #expect(!survives(folder.path("x.db"), "text"))
        try DatabaseQueue(path: folder.path("empty.db")).write { try $0.execute(sql: "CREATE TABLE a (b)") }
        #expect(!survives(folder.path("empty.db"), "another kind of database"))
    }
}
