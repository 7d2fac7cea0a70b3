// SPDX-License-Identifier: Apache-2.0

import CImage

/// What a file says of its picture before any sample is read.
public struct ImageHeader: Hashable, Sendable, Codable {
    /// The format by the file's first bytes.
    public var format: ImageFormat
    /// Width in pixels, positive.
    public var width: Int
    /// Height in pixels, positive.
    public var height: Int
    /// Samples of one pixel in the file; with alpha, and 1 for palettes.
    public var channels: Int
    /// Bits of one sample in the file.
    public var bitsPerSample: Int
    /// Samples of one pixel once decoded: 1 (grey) or 3 (red, green, blue).
    public var decodedChannels: Int
    /// What the camera wrote.
    public var exif: ExifMetadata

    init(_ header: zs_image_header, format: ImageFormat) {
        self.format = format
        width = Int(header.width)
        height = Int(header.height)
        channels = Int(header.channels)
        bitsPerSample = Int(header.bits)
        decodedChannels = Int(header.output_channels)
        exif = ExifMetadata(header.exif)
    }
}

extension ExifMetadata {
    init(_ exif: zs_exif) {
        make = Self.text(exif.make)
        model = Self.text(exif.model)
        focalLength = Self.known(exif.focal_length)
        focalLengthIn35mmFilm = Self.known(exif.focal_length_35mm)
        sensorWidth =
            exif.focal_plane_resolution > 0 ? Self.known(exif.focal_plane_width / exif.focal_plane_resolution) : nil
        orientation = exif.has_orientation != 0 ? Int(exif.orientation) : nil
        position =
            exif.has_position != 0
            ? GeographicPosition(
                latitude: exif.latitude, longitude: exif.longitude,
                altitude: exif.has_altitude != 0 ? exif.altitude : nil) : nil
    }

    private static func known(_ value: Double) -> Double? { value > 0 && value.isFinite ? value : nil }

    /// The text of a C array that ends with a zero.
    private static func text<Characters>(_ characters: Characters) -> String? {
        let text = withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return text.isEmpty ? nil : text
    }
}
