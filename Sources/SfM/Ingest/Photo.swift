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
