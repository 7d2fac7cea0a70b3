// SPDX-License-Identifier: Apache-2.0

import Fields
import Images

/// The photos of a folder, and what became of its other files.
public struct PhotoSet: Sendable {
    /// The photo folder.
    public var folder: PhotoFolder
    /// The mask folder, if one was given.
    public var masks: MaskFolder?
    /// Photos that can be used, in the order of their names.
    public var photos: [Photo]
    /// What was left out, and on what the focal lengths rest.
    public var report: IngestReport

    /// Reads a photo and its mask.
    ///
    /// - Throws: ``IngestError`` when the file cannot be read, or is not the one that was listed.
    public func load(_ photo: Photo, options: ImageReadingOptions = .init()) throws(IngestError) -> LoadedPhoto {
        let path = folder.path(of: photo.name)
        let bytes: [UInt8]
        let raster: Raster
        do throws(ImageError) {
            bytes = try ImageFile.bytes(of: path, limits: options.limits)
            raster = try ImageFile.decode(bytes, name: path, options: options)
        } catch {
            throw .unreadable(error, others: 0)
        }
        guard bytes.count == photo.fileSize && Fingerprint.fnv1a64(bytes) == photo.fingerprint else {
            throw .changed(photo: path)
        }
        return LoadedPhoto(
            raster: raster, mask: try masks?.mask(of: photo.name, width: photo.width, height: photo.height))
    }
}

/// The samples of a photo.
public struct LoadedPhoto: Sendable {
    /// In the size of the file.
    public var raster: Raster
    /// What counts of it; `nil` for all.
    public var mask: PhotoMask?
}
