// SPDX-License-Identifier: Apache-2.0

/// A picture file format that can be read.
public enum ImageFormat: String, Hashable, Sendable, Codable, CaseIterable {
    /// Portable Network Graphics.
    case png = "PNG"
    /// JPEG in JFIF, EXIF or Adobe files.
    case jpeg = "JPEG"
    /// TIFF and BigTIFF; of several pictures the first.
    case tiff = "TIFF"

    /// The format that the first bytes of a file announce, whatever its name says; `nil` for any other.
    public init?(magic bytes: some Collection<UInt8>) {
        for format in Self.allCases where format.magics.contains(where: { bytes.starts(with: $0) }) {
            self = format
            return
        }
        return nil
    }

    /// The format that a file's name claims, upper or lower case; `nil` for a name of no picture.
    public init?(fileName: String) {
        guard let dot = fileName.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        switch fileName[fileName.index(after: dot)...].lowercased() {
        case "png": self = .png
        case "jpg", "jpeg": self = .jpeg
        case "tif", "tiff": self = .tiff
        default: return nil
        }
    }

    private var magics: [[UInt8]] {
        switch self {
        case .png: [[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]]
        case .jpeg: [[0xFF, 0xD8, 0xFF]]
        case .tiff:
            [[0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A], [0x49, 0x49, 0x2B, 0], [0x4D, 0x4D, 0, 0x2B]]
        }
    }
}
