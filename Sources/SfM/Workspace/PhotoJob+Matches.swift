// SPDX-License-Identifier: Apache-2.0

import Geometry
import Storage
import Synchronization

extension PhotoJob {
    private static let matchesVersion = 1

    /// Matches and verifies pairs of images: adds both to `database.db`.
    ///
    /// - Throws: `PairSelectionError`, `SceneFileError`, `FileError`, ``WorkspaceError``, ``PhotoJobInterruption``.
    public func matchFeatures() throws {
        let key = try Workspace.key(
            .matches, version: Self.matchesVersion,
            [try finishedKey(.features), options.pairs, options.matching, options.twoView, options.seed])
        try stage(.matches, key: key) {
            var database = try ColmapDatabase.read(workspace.path("database.db"))
            (database.matches, database.geometries) = ([:], [:])
            let pairs = try options.pairs.pairs(of: database.images)
            for piece in try pieces(of: pairs, database, key: key) { piece.add(to: &database) }
            workspace.record.options = options
            try ColmapDatabase.write(database, to: workspace.path("database.db"))
            return StageResult(outputs: ["database.db"], counts: Self.counts(database))
        }
    }

    /// All matched pairs, made in groups with the same first image; each group is kept in `work/` when it is done.
    private func pieces(of pairs: [ImagePair], _ database: MatchDatabase, key: String) throws -> [PairPiece] {
        let folder = try workspace.workFolder(.matches, key: key)
        let groups = Dictionary(grouping: pairs.sorted(), by: \.first).sorted { $0.key < $1.key }.map(\.value)
        let verifier = try PairVerifier(
            matching: options.matching, verification: options.twoView, seed: options.seed)
        let views = try views(of: database)
        let results = Mutex<[Int: Result<[PairPiece], any Error>]>([:])
        let finished = Mutex(0)
        let (progress, cancellation) = (progress, cancellation)
        // First images have ever fewer partners: taken in order, the longest groups start first.
        Parallel.forEach(count: groups.count, threads: threads) { index, _ in
            guard results.withLock({ $0.values.allSatisfy { (try? $0.get()) != nil } }) else { return }
            let path = "\(folder)/\(groups[index][0].first).json"
            let result = Result {
                if let kept = PairPiece.read(path) { return kept }
                let pieces = try groups[index].map { pair in
                    if cancellation?() == true { throw PhotoJobInterruption() }
                    guard let first = views[pair.first], let second = views[pair.second] else {
                        preconditionFailure("pairs are made of the database's images")
                    }
                    let verified = try verifier.verify(pair, first: first, second: second)
                    let done = finished.withLock { count in
                        count += 1
                        return count
                    }
                    progress?(StageProgress(stage: "matching pairs", completed: done, total: pairs.count))
                    return PairPiece(pair: pair, matches: verified.matches, geometry: verified.geometry)
                }
                try PairPiece.write(pieces, to: path)
                return pieces
            }
            results.withLock { $0[index] = result }
        }
        let found = results.withLock { $0 }
        return try found.sorted { $0.key < $1.key }.flatMap { try $0.value.get() }
    }

    private static func counts(_ database: MatchDatabase) -> [String: Int] {
        let verified = database.geometries.values.filter { !$0.inliers.isEmpty }
        return [
            "pairs": database.matches.count, "verified pairs": verified.count,
            "verified matches": verified.reduce(0) { $0 + $1.inliers.count },
        ]
    }

    private func views(of database: MatchDatabase) throws -> [ImageID: PairVerifier.View] {
        var result: [ImageID: PairVerifier.View] = [:]
        for (id, image) in database.images {
            guard let camera = database.cameras[image.cameraID], let features = database.features[id] else {
                throw WorkspaceError.noFeatures(image: image.name)
            }
            guard features.count == 0 || !features.descriptors.isEmpty else {
                throw WorkspaceError.noDescriptors(image: image.name)
            }
            result[id] = PairVerifier.View(camera: camera, features: features)
        }
        return result
    }
}
