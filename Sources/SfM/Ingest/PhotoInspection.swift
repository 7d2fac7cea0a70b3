// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Images
import Synchronization

/// Looks at each photo of a folder.
struct PhotoInspection: Sendable {
    /// What is known of one photo afterwards.
    enum Outcome: Sendable {
        case whole(Photo)
        case damaged(Photo, ImageError)
        case unreadable(ImageError)
        /// Nothing that leaving out this photo should hide.
        case unusable(IngestError)
    }

    let folder: PhotoFolder
    let masks: MaskFolder?
    let options: IngestOptions

    /// Looks at all photos.
    ///
    /// - Returns: One outcome for each name, in their order.
    /// - Throws: ``IngestError/cancelled`` only.
    func all(
        threads: Int, progress: ProgressHandler?, isCancelled: CancellationCheck?
    ) throws(IngestError) -> [Outcome] {
        var outcomes: [Outcome] = []
        let count = folder.names.count
        // In small batches, so that the calling thread can report and be stopped between them.
        while outcomes.count < count {
            if isCancelled?() == true { throw .cancelled }
            let first = outcomes.count
            let batch = Mutex<[Int: Outcome]>([:])
            let size = min(4 * threads, count - first)
            Parallel.forEach(count: size, threads: threads) { item, _ in
                let outcome = inspect(folder.names[first + item])
                batch.withLock { $0[item] = outcome }
            }
            let results = batch.withLock { $0 }
            outcomes += (0..<size).compactMap { results[$0] }
            progress?(StageProgress(stage: "reading photos", completed: outcomes.count, total: count))
        }
        return outcomes
    }

    private func inspect(_ name: String) -> Outcome {
        let path = folder.path(of: name)
        do throws(ImageError) {
            let bytes = try ImageFile.bytes(of: path, limits: options.limits)
            let header = try ImageFile.header(of: bytes, name: path, limits: options.limits)
            var photo = Photo(
                name: name, width: header.width, height: header.height, exif: header.exif, fileSize: bytes.count,
                fingerprint: Fingerprint.fnv1a64(bytes))
            if let failure = addMask(to: &photo) { return .unusable(failure) }
            guard let damage = try damage(of: bytes, path) else { return .whole(photo) }
            return .damaged(photo, damage)
        } catch {
            return .unreadable(error)
        }
    }

    /// What is wrong with samples that are accepted all the same; `nil` when nothing is.
    private func damage(of bytes: [UInt8], _ path: String) throws(ImageError) -> ImageError? {
        guard options.checksSamples else { return nil }
        var strict = options.reading
        strict.acceptDamaged = false
        strict.color = .asStored
        do throws(ImageError) {
            _ = try ImageFile.decode(bytes, name: path, options: strict)
            return nil
        } catch {
            guard options.acceptDamaged, case .damaged = error else { throw error }
            return error
        }
    }

    /// Notes the mask; what is wrong with its header, else `nil`.
    private func addMask(to photo: inout Photo) -> IngestError? {
        guard let masks, let name = masks.maskNames[photo.name] else { return nil }
        photo.maskName = name
        do throws(ImageError) {
            let header = try ImageFile.header(of: "\(masks.path)/\(name)")
            let size = ImageSize(width: header.width, height: header.height)
            if PhotoMask.fits(size, to: photo.size) { return nil }
            return .maskSize(mask: name, photo: photo.name, maskSize: size, photoSize: photo.size)
        } catch {
            return .unreadableMask(error)
        }
    }
}
