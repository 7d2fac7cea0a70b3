// SPDX-License-Identifier: Apache-2.0

import Images

/// One photo that can be read, with what its file tells; the samples are not kept.
public struct Photo: Hashable, Sendable, Codable {
    /// Path relative to the photo folder, with `/`.
    public var name: String
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int
    /// What the camera wrote.
    public var exif: ExifMetadata
    /// Size of the file in bytes.
    public var fileSize: Int
    /// FNV-1a digest of the file: tells whether it changed between two runs.
    public var fingerprint: UInt64
    /// Name of its mask in the mask folder, if it has one.
    public var maskName: String?

    /// Describes a photo.
    public init(
        name: String, width: Int, height: Int, exif: ExifMetadata = ExifMetadata(), fileSize: Int = 0,
        fingerprint: UInt64 = 0, maskName: String? = nil
    ) {
        self.name = name
        self.width = width
        self.height = height
        self.exif = exif
        self.fileSize = fileSize
        self.fingerprint = fingerprint
        self.maskName = maskName
    }

    /// Width and height.
    public var size: ImageSize { ImageSize(width: width, height: height) }

    /// The focal length that the metadata suggest.
    public var focalLengthPrior: FocalLengthPrior { FocalLengthPrior(width: width, height: height, exif: exif) }
}

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
}

/// What ingest found.
public struct IngestReport: Hashable, Sendable, Codable {
    /// A photo and the earlier one with the same bytes; the later is left out.
    public struct Duplicate: Hashable, Sendable, Codable {
        /// The one left out.
        public var name: String
        /// The one used.
        public var original: String
    }

    /// Photos that can be used.
    public var photoCount = 0
    /// Photos left out because they cannot be read, with the reason.
    public var unreadable: [IgnoredFile] = []
    /// Photos used although a part of them is missing or wrong, with the reason.
    public var damaged: [IgnoredFile] = []
    /// Files that are no photos.
    public var ignored: [IgnoredFile] = []
    /// Photos left out because an earlier one has the same bytes.
    public var duplicates: [Duplicate] = []
    /// Photos without mask, when there is a mask folder.
    public var unmasked: [String] = []
    /// Masks without photo.
    public var unusedMasks: [String] = []
    /// Photos by what their focal length rests on.
    public var focalLengthEvidence: [FocalLengthPrior.Evidence: Int] = [:]
}
