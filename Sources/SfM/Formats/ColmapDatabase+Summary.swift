// SPDX-License-Identifier: Apache-2.0

import GRDB

extension ColmapDatabase {
    /// Counts what a database holds, without reading keypoints, descriptors and matches.
    ///
    /// - Throws: ``SceneFileError``: a missing or damaged file.
    public static func summary(_ path: String) throws(SceneFileError) -> MatchSummary {
        try reading(path) { database in try ColmapDatabaseReader(database, file: path).summary() }
    }
}

extension ColmapDatabaseReader {
    /// The number of rows of each block, which COLMAP keeps beside it.
    func summary() throws -> MatchSummary {
        var result = MatchSummary()
        try table("images", needs: ["image_id", "name"])?.forEach { row in
            result.names[try row.id(0)] = try row.text(1)
        }
        try table("keypoints", needs: ["image_id", "rows"])?.forEach { row in
            result.keypoints[try row.id(0)] = try row.count(1)
        }
        try table("matches", needs: ["pair_id", "rows"])?.forEach { row in
            result.pairs[try row.pair(0), default: .init()].matches = try row.count(1)
        }
        try table("two_view_geometries", needs: ["pair_id", "rows"])?.forEach { row in
            result.pairs[try row.pair(0), default: .init()].inliers = try row.count(1)
        }
        return result
    }
}

extension ColmapDatabaseRow {
    /// A number of things.
    fileprivate func count(_ column: Int) throws -> Int {
        guard let count = Int32(exactly: try integer(column)), count >= 0 else { throw error("an impossible count.") }
        return Int(count)
    }
}
