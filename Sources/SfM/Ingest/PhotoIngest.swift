// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import Storage

/// From a folder to the list of its photos: names, sizes, metadata, masks, duplicates.
public enum PhotoIngest {
    /// Reads the headers (and checks the samples) of all photos below a folder.
    ///
    /// - Parameters:
    ///   - folder: The photo folder.
    ///   - masks: The mask folder, or `nil`.
    ///   - options: What is read and what is refused.
    ///   - threads: Upper bound on concurrency, at least 1; the result does not depend on it. Each thread holds one
    ///     photo at a time.
    ///   - progress: Told after each file.
    ///   - isCancelled: Asked before each file.
    /// - Throws: ``IngestError``.
    public static func run(
        photos folder: String, masks: String? = nil, options: IngestOptions = .init(), threads: Int,
        progress: ProgressHandler? = nil, isCancelled: CancellationCheck? = nil
    ) throws(IngestError) -> PhotoSet {
        let photoFolder = try PhotoFolder(folder, masks: masks)
        guard !photoFolder.names.isEmpty else {
            let ignored = photoFolder.ignored
            throw .noPhotos(folder: folder, otherFiles: ignored.count, example: ignored.first)
        }
        var maskFolder: MaskFolder?
        if let masks { maskFolder = try MaskFolder(masks, for: photoFolder) }
        let inspection = PhotoInspection(folder: photoFolder, masks: maskFolder, options: options)
        let outcomes = try inspection.all(threads: threads, progress: progress, isCancelled: isCancelled)

        var set = PhotoSet(folder: photoFolder, masks: maskFolder, photos: [], report: IngestReport())
        set.report.ignored = photoFolder.ignored
        set.report.unusedMasks = maskFolder?.unused ?? []
        try collect(outcomes, skipUnreadable: options.skipUnreadable, into: &set)
        try leaveOutDuplicates(of: &set)
        if maskFolder != nil { set.report.unmasked = set.photos.filter { $0.maskName == nil }.map(\.name) }
        set.report.photoCount = set.photos.count
        for photo in set.photos { set.report.focalLengthEvidence[photo.focalLengthPrior.evidence, default: 0] += 1 }
        return set
    }

    private static func collect(
        _ outcomes: [PhotoInspection.Outcome], skipUnreadable: Bool, into set: inout PhotoSet
    ) throws(IngestError) {
        var errors: [ImageError] = []
        for (name, outcome) in zip(set.folder.names, outcomes) {
            switch outcome {
            case .whole(let photo): set.photos.append(photo)
            case .damaged(let photo, let error):
                set.photos.append(photo)
                set.report.damaged.append(IgnoredFile(name: name, reason: error.description))
            case .unreadable(let error):
                errors.append(error)
                set.report.unreadable.append(IgnoredFile(name: name, reason: error.description))
            case .unusable(let error): throw error
            }
        }
        if let first = errors.first, !skipUnreadable || set.photos.isEmpty {
            throw .unreadable(first, others: errors.count - 1)
        }
    }

    /// Of photos with the same bytes keeps the first: the others would only pose as views of their own.
    private static func leaveOutDuplicates(of set: inout PhotoSet) throws(IngestError) {
        var earlier: [DuplicateKey: [Photo]] = [:]
        var kept: [Photo] = []
        for photo in set.photos {
            let key = DuplicateKey(fingerprint: photo.fingerprint, fileSize: photo.fileSize)
            var original: Photo?
            for candidate in earlier[key] ?? [] where original == nil {
                if try haveSameBytes(photo, candidate, in: set.folder) { original = candidate }
            }
            if let original {
                set.report.duplicates.append(.init(name: photo.name, original: original.name))
            } else {
                earlier[key, default: []].append(photo)
                kept.append(photo)
            }
        }
        set.photos = kept
    }

    private struct DuplicateKey: Hashable {
        var fingerprint: UInt64
        var fileSize: Int
    }

    private static func haveSameBytes(
        _ a: Photo, _ b: Photo, in folder: PhotoFolder
    ) throws(IngestError) -> Bool {
        do throws(FileError) {
            return try InputFile.read(folder.path(of: a.name)) == InputFile.read(folder.path(of: b.name))
        } catch {
            throw .file(error)
        }
    }
}
