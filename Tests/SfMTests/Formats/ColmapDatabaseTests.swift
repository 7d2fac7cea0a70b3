// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Geometry
import SfM
import Storage
import TestSupport
import Testing

@Suite struct ColmapDatabaseTests {
    @Test func roundTripsChangeNoValueAndNoFile() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("database.db")
        for seed in UInt64(0)..<60 {
            let content = SceneSamples.database(seed: seed)
            try ColmapDatabase.write(content, to: path)
            let bytes = try InputFile.read(path)
            #expect(try ColmapDatabase.read(path) == content, "seed \(seed)")
            #expect(try InputFile.read(path) == bytes)
            #expect(try folder.contents() == ["database.db"])
        }
    }

    @Test func sameContentGivesSameBytes() throws {
        let folder = try TemporaryFolder()
        for seed in UInt64(0)..<20 {
            for name in ["a.db", "b.db"] {
                try ColmapDatabase.write(SceneSamples.database(seed: seed), to: folder.path(name))
            }
            #expect(try InputFile.read(folder.path("a.db")) == InputFile.read(folder.path("b.db")), "seed \(seed)")
        }
        #expect(try InputFile.read(folder.path("a.db"))[16..<18] == [0x10, 0x00])
    }

    /// COLMAP leaves its databases in write-ahead mode, sometimes with a log that holds all the content.
    @Test func writeAheadLogsAreReadFromACopy() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("database.db")
        let content = SceneSamples.fullDatabase
        try ColmapDatabase.write(content, to: path)
        let queue = try DatabasePool(path: path)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA wal_autocheckpoint=0; UPDATE cameras SET width = 77")
        }
        for name in ["database.db", "database.db-wal"] {
            try FileManager.default.copyItem(atPath: folder.path(name), toPath: folder.path("copy-" + name))
        }
        try queue.close()
        for name in ["database.db", "database.db-wal", "database.db-shm"] { OutputFile.remove(folder.path(name)) }
        let before = try folder.contents()
        let bytes = try before.map { try InputFile.read(folder.path($0)) }
        let result = try ColmapDatabase.read(folder.path("copy-database.db"))
        #expect(!result.cameras.isEmpty && result.cameras.values.allSatisfy { $0.camera.width == 77 })
        #expect(try folder.contents() == before)
        #expect(try before.map { try InputFile.read(folder.path($0)) } == bytes)
        // Write-ahead mode without a log.
        OutputFile.remove(folder.path("copy-database.db-wal"))
        #expect(try ColmapDatabase.read(folder.path("copy-database.db")) == content)
        #expect(try folder.contents() == ["copy-database.db"])
    }

    /// The schema of COLMAP 3.8, typed from its documentation: no rigs, no descriptor type, poses in the images table.
    @Test func databasesOfColmap3AreRead() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("old.db")
        let queue = try DatabaseQueue(path: path)
        try queue.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE cameras (camera_id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, model INTEGER NOT NULL,
                        width INTEGER NOT NULL, height INTEGER NOT NULL, params BLOB, prior_focal_length INTEGER NOT NULL);
                    CREATE TABLE images (image_id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT NOT NULL UNIQUE,
                        camera_id INTEGER NOT NULL, prior_qw REAL, prior_qx REAL, prior_qy REAL, prior_qz REAL,
                        prior_tx REAL, prior_ty REAL, prior_tz REAL);
                    CREATE TABLE keypoints (image_id INTEGER PRIMARY KEY NOT NULL, rows INTEGER NOT NULL,
                        cols INTEGER NOT NULL, data BLOB);
                    CREATE TABLE descriptors (image_id INTEGER PRIMARY KEY NOT NULL, rows INTEGER NOT NULL,
                        cols INTEGER NOT NULL, data BLOB);
                    CREATE TABLE matches (pair_id INTEGER PRIMARY KEY NOT NULL, rows INTEGER NOT NULL,
                        cols INTEGER NOT NULL, data BLOB);
                    CREATE TABLE two_view_geometries (pair_id INTEGER PRIMARY KEY NOT NULL, rows INTEGER NOT NULL,
                        cols INTEGER NOT NULL, data BLOB, config INTEGER NOT NULL, F BLOB, E BLOB, H BLOB, qvec BLOB,
                        tvec BLOB);
                    """)
            let camera = Self.blob([500.0, 320, 240])
            try database.execute(sql: "INSERT INTO cameras VALUES (2, 0, 640, 480, ?, 1)", arguments: [camera])
            for (id, name) in [(1, "one.jpg"), (3, "three.jpg")] {
                try database.execute(
                    sql: "INSERT INTO images (image_id, name, camera_id) VALUES (?, ?, 2)", arguments: [id, name])
                // A shape twice as large, turned by 90 degrees.
                let row = Self.blob([Float(10), 20, 0, -2, 2, 0])
                try database.execute(sql: "INSERT INTO keypoints VALUES (?, 1, 6, ?)", arguments: [id, row])
                let descriptor = Data(repeating: UInt8(id), count: 128)
                try database.execute(sql: "INSERT INTO descriptors VALUES (?, 1, 128, ?)", arguments: [id, descriptor])
            }
            let (pair, match) = (2_147_483_647 + 3, Self.blob([UInt32(0), 0]))
            try database.execute(sql: "INSERT INTO matches VALUES (?, 1, 2, ?)", arguments: [pair, match])
            let zero = Self.blob([Double](repeating: 0, count: 9))
            let essential = Self.blob([0.0, 1, 2, 3, 4, 5, 6, 7, 8])
            try database.execute(
                sql: "INSERT INTO two_view_geometries VALUES (?, 1, 2, ?, 2, ?, ?, ?, ?, ?)",
                arguments: [
                    pair, match, zero, essential, zero, Self.blob([1.0, 0, 0, 0]), Self.blob([0.0, 0, 0]),
                ])
        }
        try queue.close()
        let content = try ColmapDatabase.read(path)
        #expect(content.cameras[2]?.camera == Camera(width: 640, height: 480, focalLength: 500))
        #expect(content.cameras[2]?.focalLengthSource == .exif)
        #expect(content.images[3]?.name == "three.jpg")
        let keypoint = try #require(content.features[1]?.keypoints.first)
        #expect(keypoint.position == SIMD2(10, 20) && keypoint.scale == 2)
        #expect(abs(keypoint.orientation - .pi / 2) < 1e-6)
        #expect(content.features[3]?.descriptors == Array(repeating: 3, count: 128))
        #expect(content.matches == [ImagePair(1, 3): [FeatureMatch(0, 0)]])
        let geometry = try #require(content.geometries[ImagePair(1, 3)])
        #expect(geometry.configuration == .calibrated && geometry.inliers == [FeatureMatch(0, 0)])
        #expect(geometry.fundamental == nil && geometry.homography == nil && geometry.secondFromFirst == nil)
        #expect(geometry.essential?[0, 1] == 1 && geometry.essential?[1, 0] == 3)
    }

    static func blob<Number>(_ numbers: [Number]) -> Data { numbers.withUnsafeBytes { Data($0) } }

    @Test func unsoundContentIsNotWritten() throws {
        let folder = try TemporaryFolder()
        var content = SceneSamples.fullDatabase
        content.images[77] = MatchDatabase.Image(name: "x", cameraID: 99)
        #expect(throws: SceneFileError.self) { try ColmapDatabase.write(content, to: folder.path("x.db")) }
        content = SceneSamples.fullDatabase
        content.images[77] = MatchDatabase.Image(name: "x", cameraID: 1)
        content.matches[ImagePair(77, 78)] = []
        #expect(throws: SceneFileError.self) { try ColmapDatabase.write(content, to: folder.path("x.db")) }
        #expect(throws: SceneFileError.self) {
            try ColmapDatabase.write(MatchDatabase(), to: folder.path("missing/x.db"))
        }
        #expect(try folder.contents().isEmpty)
    }
}
