// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images

/// Which photos are taken to come from the same camera with the same zoom.
public enum CameraSharing: String, Hashable, Sendable, Codable, CaseIterable {
    /// Those of equal size, make, model and focal length.
    case byMetadata = "metadata"
    /// None: each photo has a camera of its own.
    case perImage = "per-image"
    /// All.
    case single
}

/// The cameras of a set of photos.
public struct CameraAssignment: Hashable, Sendable {
    /// Cameras by ID, from 1 in the order of their first photo.
    public var cameras: [CameraID: CameraPrior] = [:]
    /// The camera of each photo, in the order of the photos.
    public var cameraIDs: [CameraID] = []

    /// Cameras by what the metadata tell.
    ///
    /// - Throws: ``IngestError/differentSizes(first:firstSize:other:otherSize:)`` when `sharing` is `single` and the
    ///   photos differ in size.
    public init(for photos: [Photo], sharing: CameraSharing) throws(IngestError) {
        var known: [SharingKey: CameraID] = [:]
        // One camera for all takes its focal length from the first photo that knows it.
        let informed = sharing == .single ? photos.first { $0.focalLengthPrior.evidence != .none } : nil
        for (index, photo) in photos.enumerated() {
            if sharing == .single, let first = photos.first, first.size != photo.size {
                throw .differentSizes(
                    first: first.name, firstSize: first.size, other: photo.name, otherSize: photo.size)
            }
            let key =
                switch sharing {
                case .single: SharingKey(size: photo.size)
                case .byMetadata: SharingKey(size: photo.size, exif: photo.exif)
                case .perImage: SharingKey(size: photo.size, exif: photo.exif, index: index)
                }
            add(to: &known, key) {
                (informed ?? photo).focalLengthPrior.camera(width: photo.width, height: photo.height)
            }
        }
    }

    /// Given cameras, to be held fixed: one for all photos, one for each photo in their order, or one for each size.
    ///
    /// A camera for pictures of another size is scaled when the shape is exactly the same.
    ///
    /// - Throws: ``IngestError`` when a photo is without camera or has a choice of several.
    public init(for photos: [Photo], given cameras: [Camera]) throws(IngestError) {
        guard let only = cameras.first else { throw .noCameras }
        var known: [SharingKey: CameraID] = [:]
        for (index, photo) in photos.enumerated() {
            let camera: Camera?
            var key = SharingKey(size: photo.size)
            var matches = 0
            if cameras.count == 1 {
                camera = only.scaled(to: photo.size)
            } else if cameras.count == photos.count {
                camera = cameras[index].scaled(to: photo.size)
                key.index = index
            } else {
                let equal = cameras.filter { $0.width == photo.width && $0.height == photo.height }
                matches = equal.count
                camera = equal.count == 1 ? equal[0] : nil
            }
            guard let camera else {
                throw .noFittingCamera(photo: photo.name, size: photo.size, cameras: cameras.count, matches: matches)
            }
            add(to: &known, key) { CameraPrior(camera: camera, focalLengthSource: .given) }
        }
    }

    /// Gives the next photo the camera of its key, which is made when the key is new.
    private mutating func add(
        to known: inout [SharingKey: CameraID], _ key: SharingKey, _ make: () -> CameraPrior
    ) {
        let id = known[key] ?? CameraID(cameras.count + 1)
        if known.updateValue(id, forKey: key) == nil { cameras[id] = make() }
        cameraIDs.append(id)
    }
}

/// What photos of one camera have in common.
private struct SharingKey: Hashable {
    var size: ImageSize
    var make: String?
    var model: String?
    var focalLength: Double?
    var focalLengthIn35mmFilm: Double?
    var index: Int?

    init(size: ImageSize, exif: ExifMetadata = ExifMetadata(), index: Int? = nil) {
        self.size = size
        make = exif.make
        model = exif.model
        focalLength = exif.focalLength
        focalLengthIn35mmFilm = exif.focalLengthIn35mmFilm
        self.index = index
    }
}

extension Camera {
    /// The camera for pictures of this size, `nil` when their shape is another.
    fileprivate func scaled(to size: ImageSize) -> Camera? {
        guard width > 0, height > 0, width * size.height == height * size.width else { return nil }
        return size.width == width ? self : resized(width: size.width, height: size.height)
    }
}
