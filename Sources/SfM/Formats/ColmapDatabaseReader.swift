// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Geometry

/// Reads an open database of COLMAP 3 or 4 and checks all that it says.
struct ColmapDatabaseReader {
    private let database: Database
    private let file: String

    init(_ database: Database, file: String) {
        self.database = database
        self.file = file
    }

    /// Everything the mapper needs.
    func content() throws -> MatchDatabase {
        let faults = try String.fetchAll(database, sql: "PRAGMA quick_check(1)")
        guard faults == ["ok"] else {
            throw SceneFileError.database(path: file, reason: "SQLite finds it damaged: \(faults.first ?? "no answer")")
        }
        var content = MatchDatabase()
        try readCameras(&content)
        try readImages(&content)
        try readFeatures(&content)
        try readMatches(&content)
        try readGeometries(&content)
        if let problem = content.violatedInvariants().first {
            throw SceneFileError.malformed(file: file, .entry("contents"), "\(problem).")
        }
        return content
    }

    private func readCameras(_ content: inout MatchDatabase) throws {
        guard let table = try table("cameras", needs: ["camera_id", "model", "width", "height", "params"]) else {
            throw SceneFileError.missing(path: file, what: "table of cameras; it is no COLMAP database")
        }
        var sources: [CameraID: CameraPrior.FocalLengthSource] = [:]
        if let own = try self.table("zeroset_cameras", needs: ["camera_id", "focal_length_source"]) {
            try own.forEach { row in
                sources[try row.id(0)] = CameraPrior.FocalLengthSource(rawValue: try row.text(1))
            }
        }
        let flags = try self.table("cameras", needs: ["camera_id", "prior_focal_length"])
        var known: Set<CameraID> = []
        try flags?.forEach { row in if try row.integer(1) != 0 { known.insert(try row.id(0)) } }
        try table.forEach { row in
            let id = try row.id(0)
            let camera = try camera(row)
            let fallback: CameraPrior.FocalLengthSource = known.contains(id) ? .exif : .guessed
            let source = sources[id] ?? fallback
            // COLMAP may have changed its flag since we wrote our table.
            let agrees = (source != .guessed) == known.contains(id)
            content.cameras[id] = CameraPrior(camera: camera, focalLengthSource: agrees ? source : fallback)
        }
    }

    private func camera(_ row: ColmapDatabaseRow) throws -> Camera {
        let number = try row.integer(1)
        guard let model = Int32(exactly: number).flatMap(CameraModel.init(colmapID:)) else {
            throw SceneFileError.unsupportedCameraModel(
                file: file, row.place, model: CameraModelName.name(ofNumber: Int(number)))
        }
        let parameters = try row.doubles(4, count: model.parameterCount)
        let (width, height) = (UInt64(max(0, try row.integer(2))), UInt64(max(0, try row.integer(3))))
        switch Camera.checked(width: width, height: height, model: model, parameters: parameters ?? []) {
        case .success(let camera): return camera
        case .failure(let complaint): throw row.error(complaint.reason)
        }
    }

    private func readImages(_ content: inout MatchDatabase) throws {
        try table("images", needs: ["image_id", "name", "camera_id"])?.forEach { row in
            let name = try row.text(1)
            guard let cameraID = CameraID(exactly: try row.integer(2)) else {
                throw row.error("no possible camera ID.")
            }
            content.images[try row.id(0)] = MatchDatabase.Image(name: name, cameraID: cameraID)
        }
    }

    private func readFeatures(_ content: inout MatchDatabase) throws {
        try table("keypoints", needs: ["image_id", "rows", "cols", "data"])?.forEach { row in
            content.features[try row.id(0)] = FeatureSet(keypoints: try row.keypoints(rowsAt: 1), descriptors: [])
        }
        let names = ["image_id", "rows", "cols", "data"]
        let typed = try table("descriptors", needs: names + ["type"])
        guard let table = try typed ?? table("descriptors", needs: names) else { return }
        try table.forEach { row in
            let isSIFT = typed == nil ? true : try row.integer(4) == 0
            guard let bytes = try row.descriptors(rowsAt: 1), isSIFT else { return }
            let id = try row.id(0)
            let keypoints = content.features[id]?.keypoints ?? []
            guard bytes.count == keypoints.count * FeatureSet.descriptorLength else {
                throw row.error(
                    "\(bytes.count / FeatureSet.descriptorLength) descriptors of \(keypoints.count) keypoints.")
            }
            content.features[id] = FeatureSet(keypoints: keypoints, descriptors: bytes)
        }
    }

    private func readMatches(_ content: inout MatchDatabase) throws {
        try table("matches", needs: ["pair_id", "rows", "cols", "data"])?.forEach { row in
            content.matches[try row.pair(0)] = try row.matches(rowsAt: 1)
        }
    }

    private func readGeometries(_ content: inout MatchDatabase) throws {
        let names = ["pair_id", "rows", "cols", "data", "config"]
        let matrixNames = ["F", "E", "H"]
        let poseNames = ["qvec", "tvec"]
        var angles: [ImagePair: Double] = [:]
        if let own = try table("zeroset_two_view_geometries", needs: ["pair_id", "median_triangulation_angle"]) {
            try own.forEach { row in angles[try row.pair(0)] = try row.double(1) }
        }
        // COLMAP wrote no matrices before 3.0 and no poses before 3.6.
        let full = try table("two_view_geometries", needs: names + matrixNames + poseNames)
        let older = try full ?? table("two_view_geometries", needs: names + matrixNames)
        guard let table = try older ?? table("two_view_geometries", needs: names) else { return }
        try table.forEach { row in
            let pair = try row.pair(0)
            var geometry = TwoViewGeometry(
                configuration: try row.configuration(4), inliers: try row.matches(rowsAt: 1),
                medianTriangulationAngle: angles[pair] ?? 0)
            if older != nil {
                geometry.fundamental = try row.matrix(5)
                geometry.essential = try row.matrix(6)
                geometry.homography = try row.matrix(7)
            }
            if full != nil { geometry.secondFromFirst = try row.pose(8, for: geometry.configuration) }
            content.geometries[pair] = geometry
        }
    }

    /// A table with these columns, or `nil` when the table or one of them is missing.
    func table(_ name: String, needs columns: [String]) throws -> ColmapDatabaseTable? {
        let kinds = try String.fetchAll(
            database, sql: "SELECT type FROM sqlite_master WHERE lower(name) = ? AND rootpage > 0", arguments: [name])
        guard kinds == ["table"] else { return nil }
        // Views, virtual tables and computed columns could run anything; COLMAP has none.
        let present = try Row.fetchAll(
            database, sql: "SELECT name, hidden FROM pragma_table_xinfo(?)", arguments: [name])
        let plain = Set(present.filter { $0["hidden"] as Int64? == 0 }.compactMap { $0["name"] as String? })
        guard columns.allSatisfy(plain.contains) else { return nil }
        return ColmapDatabaseTable(database: database, file: file, name: name, columns: columns)
    }
}

/// Some columns of one table.
struct ColmapDatabaseTable {
    let database: Database
    let file: String
    let name: String
    let columns: [String]

    /// Calls `body` for each row in the order of the first column.
    func forEach(_ body: (ColmapDatabaseRow) throws -> Void) throws {
        let list = columns.map { "\"\($0)\"" }.joined(separator: ", ")
        let rows = try Row.fetchCursor(database, sql: "SELECT \(list) FROM \(name) ORDER BY 1")
        var number = 0
        while let row = try rows.next() {
            number += 1
            try body(ColmapDatabaseRow(row: row, file: file, place: .entry("\(name), row \(number)")))
        }
    }
}
