// SPDX-License-Identifier: Apache-2.0

import Images
import Storage

/// The masks of photos: pictures in a folder of their own, black where the photo is ignored.
///
/// The mask of `a/b.jpg` is `a/b.jpg.png` (as COLMAP has it) or `a/b.png`; when both are there, the first.
public struct MaskFolder: Hashable, Sendable {
    /// The folder.
    public let path: String
    /// Name of the mask of each photo that has one.
    public let maskNames: [String: String]
    /// Masks that belong to no photo, ascending.
    public let unused: [String]

    /// Finds the masks of photos.
    ///
    /// - Throws: ``IngestError`` when no mask belongs to any photo, or the folder is that of the photos.
    public init(_ path: String, for photos: PhotoFolder) throws(IngestError) {
        if let identity = FileIdentity(followingLinksAt: path),
            identity == FileIdentity(followingLinksAt: photos.path)
        {
            throw .masksAmongPhotos(folder: path)
        }
        let walk: FolderWalk
        do throws(FileError) { walk = try FolderWalk(path) } catch { throw .file(error) }
        let masks = walk.names.filter { ImageFormat(fileName: $0) == .png }
        let known = Dictionary(uniqueKeysWithValues: masks.map { ($0, $0) })
        var maskNames: [String: String] = [:]
        for photo in photos.names {
            // The stored spelling, should the photo's name encode its characters in another way.
            maskNames[photo] = Self.names(for: photo).lazy.compactMap { known[$0] }.first
        }
        let used = Set(maskNames.values)
        self.path = path
        self.maskNames = maskNames
        unused = masks.filter { !used.contains($0) }
        if maskNames.isEmpty, let photo = photos.names.first {
            throw .noMaskMatches(folder: path, maskExample: masks.first, photoExample: photo)
        }
    }

    /// The two names that the mask of a photo may have.
    static func names(for photo: String) -> [String] {
        let stem = photo.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(photo[..<$0]) } ?? photo
        return [photo + ".png", stem + ".png"]
    }

    /// Reads the mask of a photo, `nil` when it has none.
    ///
    /// - Throws: ``IngestError`` when it cannot be read or has another shape than the photo.
    public func mask(of photo: String, width: Int, height: Int) throws(IngestError) -> PhotoMask? {
        guard let name = maskNames[photo] else { return nil }
        let picture: Raster
        var options = ImageReadingOptions()
        options.color = .asStored
        do throws(ImageError) {
            picture = try ImageFile.read("\(path)/\(name)", options: options)
        } catch {
            throw .unreadableMask(error)
        }
        guard let mask = PhotoMask(picture, width: width, height: height) else {
            throw .maskSize(
                mask: name, photo: photo, maskSize: ImageSize(width: picture.width, height: picture.height),
                photoSize: ImageSize(width: width, height: height))
        }
        return mask
    }
}
