// SPDX-License-Identifier: Apache-2.0

import Images
import Storage

/// Photos, masks or given cameras that cannot be worked with.
public enum IngestError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The operating system refused.
    case file(FileError)
    /// A photo is not the file that was listed.
    case changed(photo: String)
    /// There is no photo in the folder.
    case noPhotos(folder: String, otherFiles: Int, example: IgnoredFile?)
    /// A photo cannot be read, and neither can `others` more.
    case unreadable(ImageError, others: Int)
    /// No mask has the name of a photo.
    case noMaskMatches(folder: String, maskExample: String?, photoExample: String)
    /// The masks lie among the photos.
    case masksAmongPhotos(folder: String)
    /// A mask cannot be read.
    case unreadableMask(ImageError)
    /// A mask has another shape than its photo.
    case maskSize(mask: String, photo: String, maskSize: ImageSize, photoSize: ImageSize)
    /// One camera was asked for, but the photos have different sizes.
    case differentSizes(first: String, firstSize: ImageSize, other: String, otherSize: ImageSize)
    /// No camera was given.
    case noCameras
    /// No given camera, or more than one, is meant for a photo.
    case noFittingCamera(photo: String, size: ImageSize, cameras: Int, matches: Int)
    /// The caller asked to stop.
    case cancelled

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .changed(let photo): "\(photo) changed while it was worked with. Start again when it is complete."
        case .noPhotos(let folder, let otherFiles, let example):
            "No photo (.jpg, .jpeg, .png, .tif, .tiff) in \(folder)"
                + (example.map { "; \(otherFiles) other files, for example \($0.name) (\($0.reason))" } ?? "") + "."
        case .unreadable(let error, let others):
            error.description + (others > 0 ? " \(others) more cannot be read." : "")
        case .noMaskMatches(let folder, let maskExample, let photoExample):
            "No mask in \(folder) belongs to a photo"
                + (maskExample.map { ": it holds \($0), for example" } ?? ": it holds no .png file")
                + ". The mask of \(photoExample) is called \(MaskFolder.names(for: photoExample)[0]) or "
                + "\(MaskFolder.names(for: photoExample)[1])."
        case .masksAmongPhotos(let folder):
            "\(folder) holds the photos, so its pictures are not masks. Put the masks into a folder of their own."
        case .unreadableMask(let error): "A mask: \(error.description)"
        case .maskSize(let mask, let photo, let maskSize, let photoSize):
            "Mask \(mask) has \(maskSize) pixels, its photo \(photo) \(photoSize). "
                + "Make them equal, or at least of the same shape."
        case .differentSizes(let first, let firstSize, let other, let otherSize):
            "One camera for all photos, but \(first) has \(firstSize) pixels and \(other) \(otherSize). "
                + "Let cameras be shared by size instead."
        case .noCameras: "The given cameras are none. Check the file of --intrinsics."
        case .noFittingCamera(let photo, let size, let cameras, let matches):
            "\(matches == 0 ? "None" : "\(matches)") of the \(cameras) given cameras "
                + "\(matches == 0 ? "fits" : "fit") \(photo) (\(size) pixels). "
                + "Give one for all photos (scaled when the shape is the same), one for each photo, or one for each size."
        case .cancelled: "Stopped on request."
        }
    }
}

/// Width and height in pixels.
public struct ImageSize: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int

    /// Creates a size.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// "640 × 480".
    public var description: String { "\(width) × \(height)" }
}
