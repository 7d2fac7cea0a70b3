// SPDX-License-Identifier: Apache-2.0

import Fields
import Images
import Storage

/// The pictures and masks of a model's images in folders of photos.
struct ModelPictures: Sendable {
    private let folder: PhotoFolder
    private let masks: MaskFolder?
    private let names: [ImageID: String]
    private let sizes: [ImageID: ImageSize]
    private let reading: ImageReadingOptions

    /// Finds them; images without a picture are passed over.
    ///
    /// - Throws: `IngestError` when a folder cannot be listed or no mask belongs to any photo.
    init(
        of model: Reconstruction, folder: String, masks: String?, reading: ImageReadingOptions
    ) throws(IngestError) {
        let photos = try PhotoFolder(folder, masks: masks)
        self.folder = photos
        self.reading = reading
        // Only what the folder lists: a model's names must not lead anywhere else.
        let known = Set(photos.names)
        names = model.images.mapValues(\.name).filter { known.contains($0.value) }
        var sizes: [ImageID: ImageSize] = [:]
        for (id, image) in model.images {
            guard let camera = model.cameras[image.cameraID] else { continue }
            sizes[id] = ImageSize(width: camera.width, height: camera.height)
        }
        self.sizes = sizes
        if let masks { self.masks = try MaskFolder(masks, for: photos) } else { self.masks = nil }
    }

    /// The picture of an image, or `nil` when there is none or it cannot be read.
    @Sendable func picture(_ id: ImageID) -> Raster? {
        names[id].flatMap { try? ImageFile.read(folder.path(of: $0), options: reading) }
    }

    /// The mask of an image at the size of its camera, 0 where it is ignored.
    @Sendable func mask(_ id: ImageID) -> Raster? {
        guard let masks, let name = names[id], let size = sizes[id] else { return nil }
        return (try? masks.mask(of: name, width: size.width, height: size.height))?.raster
    }

    /// Digests of all files, in the order of the image IDs.
    ///
    /// - Throws: `FileError`.
    func digests() throws(FileError) -> [String] {
        var result: [String] = []
        for (id, name) in names.sorted(by: { $0.key < $1.key }) {
            var paths = [folder.path(of: name)]
            if let masks, let mask = masks.maskNames[name] { paths.append("\(masks.path)/\(mask)") }
            for path in paths {
                result.append("\(id) \(Workspace.hexadecimal(Fingerprint.fnv1a64(try InputFile.read(path))))")
            }
        }
        return result
    }
}
