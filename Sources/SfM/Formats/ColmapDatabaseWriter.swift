// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Geometry
import Storage

/// Fills an empty database, rows in the order of their IDs, so that the same content gives the same file.
struct ColmapDatabaseWriter {
    /// COLMAP's numbers for what it calls a sensor and for descriptors.
    private enum Code {
        static let camera = 0
        static let sift = 0
    }

    private let database: Database

    init(_ database: Database) { self.database = database }

    /// Writes everything; `content` is sound.
    func write(_ content: MatchDatabase) throws {
        for statement in ColmapDatabaseSchema.statements { try database.execute(sql: statement) }
        try writeCameras(content)
        try writeImages(content)
        try writeFeatures(content)
        try writeMatches(content)
        try writeGeometries(content)
        try database.execute(sql: "PRAGMA user_version=\(ColmapDatabase.userVersion)")
    }

    private func writeCameras(_ content: MatchDatabase) throws {
        let rig = try insertion("rigs", columns: 3)
        let row = try insertion("cameras", columns: 6)
        let source = try insertion("zeroset_cameras", columns: 2)
        for id in content.cameras.keys.sorted() {
            guard let prior = content.cameras[id] else { continue }
            let camera = prior.camera
            let isKnown = prior.focalLengthSource != .guessed
            try rig.execute(arguments: [id, id, Code.camera])
            try row.execute(arguments: [
                id, camera.model.colmapID, camera.width, camera.height, Self.blob(camera.parameters), isKnown,
            ])
            try source.execute(arguments: [id, prior.focalLengthSource.rawValue])
        }
    }

    private func writeImages(_ content: MatchDatabase) throws {
        let frame = try insertion("frames", columns: 2)
        let data = try insertion("frame_data", columns: 4)
        let row = try insertion("images", columns: 3)
        for id in content.images.keys.sorted() {
            guard let image = content.images[id] else { continue }
            try frame.execute(arguments: [id, image.cameraID])
            try data.execute(arguments: [id, id, image.cameraID, Code.camera])
            try row.execute(arguments: [id, image.name, image.cameraID])
        }
    }

    private func writeFeatures(_ content: MatchDatabase) throws {
        let keypoints = try insertion("keypoints", columns: 4)
        let descriptors = try insertion("descriptors", columns: 5)
        for id in content.features.keys.sorted() {
            guard let features = content.features[id] else { continue }
            let blob = ByteWriter.bytes(16 * features.count) { writer in
                for keypoint in features.keypoints {
                    writer.put(keypoint.position.x)
                    writer.put(keypoint.position.y)
                    writer.put(keypoint.scale)
                    writer.put(keypoint.orientation)
                }
            }
            try keypoints.execute(arguments: [id, features.count, 4, Data(blob)])
            if features.descriptors.isEmpty && features.count > 0 { continue }
            try descriptors.execute(arguments: [
                id, Code.sift, features.count, FeatureSet.descriptorLength, Data(features.descriptors),
            ])
        }
    }

    private func writeMatches(_ content: MatchDatabase) throws {
        let row = try insertion("matches", columns: 4)
        for pair in content.matches.keys.sorted() {
            guard let matches = content.matches[pair] else { continue }
            try row.execute(arguments: [Self.pairID(pair), matches.count, 2, Self.blob(matches)])
        }
    }

    private func writeGeometries(_ content: MatchDatabase) throws {
        let row = try insertion("two_view_geometries", columns: 12)
        let angle = try insertion("zeroset_two_view_geometries", columns: 2)
        for pair in content.geometries.keys.sorted() {
            guard let geometry = content.geometries[pair] else { continue }
            let id = Self.pairID(pair)
            let rotation = geometry.secondFromFirst?.rotation
            let translation = geometry.secondFromFirst?.translation
            let qvec = rotation.map { Self.blob([$0.w, $0.xyz.x, $0.xyz.y, $0.xyz.z]) }
            let tvec = translation.map { Self.blob([$0.x, $0.y, $0.z]) }
            let matrices = [geometry.fundamental, geometry.essential, geometry.homography].map { matrix in
                matrix.map { Self.blob($0.rowMajor) }
            }
            try row.execute(arguments: [
                id, geometry.inliers.count, 2, Self.blob(geometry.inliers), geometry.configuration.rawValue,
                matrices[0],
                matrices[1], matrices[2], qvec, tvec, nil, nil,
            ])
            try angle.execute(arguments: [id, geometry.medianTriangulationAngle])
        }
    }

    private func insertion(_ table: String, columns: Int) throws -> Statement {
        let places = Array(repeating: "?", count: columns).joined(separator: ",")
        return try database.makeStatement(sql: "INSERT INTO \(table) VALUES (\(places))")
    }

    private static func pairID(_ pair: ImagePair) -> Int64 {
        ColmapDatabase.pairIDBase * Int64(pair.first) + Int64(pair.second)
    }

    private static func blob(_ numbers: [Double]) -> Data {
        Data(ByteWriter.bytes(8 * numbers.count) { writer in for number in numbers { writer.put(number) } })
    }

    private static func blob(_ matches: [FeatureMatch]) -> Data {
        let bytes = ByteWriter.bytes(8 * matches.count) { writer in
            for match in matches {
                writer.put(match.first)
                writer.put(match.second)
            }
        }
        return Data(bytes)
    }
}
