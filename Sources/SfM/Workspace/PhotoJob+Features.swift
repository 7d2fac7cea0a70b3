// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Images
import Storage
import Synchronization

/// A folder of photos as a user names it.
public struct PhotoInput: Sendable {
    /// The photo folder.
    public var folder: String
    /// A folder with masks.
    public var masks: String?
    /// Known intrinsics, which are then held fixed.
    public var cameras: [Camera]?

    /// Names a folder.
    public init(folder: String, masks: String? = nil, cameras: [Camera]? = nil) {
        self.folder = folder
        self.masks = masks
        self.cameras = cameras
    }
}

extension PhotoJob {
    private static let featuresVersion = 1

    /// Reads the photos and finds their keypoints: writes `database.db` with cameras, images and features.
    ///
    /// - Throws: `IngestError`, `FeatureError`, `SceneFileError`, `FileError`, ``PhotoJobInterruption``.
    public func extractFeatures(_ input: PhotoInput) throws {
        let photos = try ingest(input)
        let assignment =
            try input.cameras.map { try CameraAssignment(for: photos.photos, given: $0) }
            ?? CameraAssignment(for: photos.photos, sharing: options.cameraSharing)
        let parts: [any Encodable] = [
            photos.photos, try maskDigests(photos), assignment.cameras.sorted { $0.key < $1.key }.map(\.value),
            assignment.cameraIDs, options.features,
        ]
        let key = try Workspace.key(.features, version: Self.featuresVersion, parts)
        note(photos, assignment)
        try stage(.features, key: key) {
            var database = MatchDatabase()
            database.cameras = assignment.cameras
            for (index, photo) in photos.photos.enumerated() {
                database.images[ImageID(index + 1)] = .init(name: photo.name, cameraID: assignment.cameraIDs[index])
            }
            database.features = try features(of: photos, key: key, content: database)
            try ColmapDatabase.write(database, to: workspace.path("database.db"))
            let keypoints = database.features.values.reduce(0) { $0 + $1.count }
            return StageResult(outputs: ["database.db"], counts: ["keypoints": keypoints])
        }
    }

    private func ingest(_ input: PhotoInput) throws -> PhotoSet {
        do {
            let photos = try PhotoIngest.run(
                photos: input.folder, masks: input.masks, options: options.ingest, threads: threads, progress: progress,
                isCancelled: cancellation)
            report.photos = photos.photos.count
            report.leftOut = photos.report.sentences
            return photos
        } catch IngestError.cancelled {
            throw PhotoJobInterruption()
        }
    }

    /// Digests of the masks' files: masks may change while the photos do not.
    private func maskDigests(_ photos: PhotoSet) throws -> [UInt64] {
        guard let masks = photos.masks else { return [] }
        return try photos.photos.compactMap(\.maskName).map {
            Fingerprint.fnv1a64(try InputFile.read("\(masks.path)/\($0)"))
        }
    }

    private func note(_ photos: PhotoSet, _ assignment: CameraAssignment) {
        workspace.record.photoFolder = Folder.absolute(photos.folder.path)
        workspace.record.photos = photos.photos.enumerated().map { index, photo in
            WorkspaceRecord.Photo(
                id: ImageID(index + 1), name: photo.name, fingerprint: Workspace.hexadecimal(photo.fingerprint),
                cameraID: assignment.cameraIDs[index])
        }
        workspace.record.options = options
    }

    /// Features of all photos; each is kept in `work/` as soon as it is found, as a database of one image.
    private func features(
        of photos: PhotoSet, key: String, content: MatchDatabase
    ) throws -> [ImageID: FeatureSet] {
        let folder = try workspace.workFolder(.features, key: key)
        let extractor = try FeatureExtractor(options: options.features)
        let results = Mutex<[ImageID: Result<FeatureSet, any Error>]>([:])
        let count = photos.photos.count
        let (progress, cancellation, reading) = (progress, cancellation, options.ingest.reading)
        Parallel.forEach(count: count, threads: threads) { index, _ in
            let id = ImageID(index + 1)
            guard results.withLock({ !$0.values.contains { $0.isFailure } }), cancellation?() != true else { return }
            let result = Result {
                var piece = MatchDatabase()
                piece.images[id] = content.images[id]
                for camera in piece.images.values.map(\.cameraID) { piece.cameras[camera] = content.cameras[camera] }
                let path = "\(folder)/\(id).db"
                if let kept = try? ColmapDatabase.read(path).features[id] { return kept }
                let photo = photos.photos[index]
                let picture = try ImageFile.read(photos.folder.path(of: photo.name), options: reading)
                let mask = try photos.masks?.mask(of: photo.name, width: photo.width, height: photo.height)
                let found = try extractor.extract(picture.gray, mask: mask?.raster)
                piece.features[id] = found
                try ColmapDatabase.write(piece, to: path)
                return found
            }
            let done = results.withLock { results in
                results[id] = result
                return results.count
            }
            progress?(StageProgress(stage: "finding keypoints", completed: done, total: count))
        }
        try checkCancellation()
        let found = results.withLock { $0 }
        // In order, so that of several failures always the same one is told.
        let inOrder = found.sorted { $0.key < $1.key }
        return try Dictionary(uniqueKeysWithValues: inOrder.map { ($0.key, try $0.value.get()) })
    }
}

extension Result {
    fileprivate var isFailure: Bool {
        if case .failure = self { true } else { false }
    }
}
