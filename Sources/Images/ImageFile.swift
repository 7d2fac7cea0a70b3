// SPDX-License-Identifier: Apache-2.0

import Storage

/// The one door for pictures: first bytes, header, limits, samples, completeness, in this order.
///
/// 16 bits are rounded to 8, palettes expanded, CMYK turned to RGB. Alpha is ignored (composited over nothing), and so are
/// colour profiles and the orientation that EXIF asks for: samples are those that the sensor saw.
public enum ImageFile {
    /// Reads what a file says of its picture.
    ///
    /// - Throws: ``ImageError``, also for pictures beyond the limits, if any are given.
    public static func header(of path: String, limits: ImageLimits? = nil) throws(ImageError) -> ImageHeader {
        try header(of: bytes(of: path, limits: limits ?? ImageLimits()), name: path, limits: limits)
    }

    /// Reads what the bytes of a file say of its picture; `name` stands for it in errors.
    ///
    /// - Throws: ``ImageError``, also for pictures beyond the limits, if any are given.
    public static func header(
        of bytes: [UInt8], name: String, limits: ImageLimits? = nil
    ) throws(ImageError) -> ImageHeader {
        let header = try Codec(of: bytes, name: name).header(of: bytes)
        let violation = limits?.violation(
            width: header.width, height: header.height, channels: header.decodedChannels, fileSize: bytes.count)
        if let violation {
            throw .tooLarge(name: name, width: header.width, height: header.height, reason: violation)
        }
        return header
    }

    /// Reads a PNG, JPEG or TIFF file.
    ///
    /// - Throws: ``ImageError``, also for files that are cut off or corrupt unless the options accept them.
    public static func read(_ path: String, options: ImageReadingOptions = .init()) throws(ImageError) -> Raster {
        try decode(bytes(of: path, limits: options.limits), name: path, options: options)
    }

    /// Decodes the bytes of a PNG, JPEG or TIFF file; `name` stands for it in errors.
    ///
    /// - Throws: ``ImageError``, also for files that are cut off or corrupt unless the options accept them.
    public static func decode(
        _ bytes: [UInt8], name: String, options: ImageReadingOptions = .init()
    ) throws(ImageError) -> Raster {
        let header = try header(of: bytes, name: name, limits: options.limits)
        let raster = try Codec(of: bytes, name: name)
            .decode(bytes, header: header, acceptDamaged: options.acceptDamaged)
        switch options.color {
        case .gray: return raster.gray
        case .rgb: return raster.rgb
        case .asStored: return raster
        }
    }

    /// Encodes a picture as PNG, without loss.
    public static func pngData(_ raster: Raster) throws(ImageError) -> [UInt8] {
        try Encoder.png(
            raster.samples, width: raster.width, height: raster.height, channels: raster.channels, bits: 8)
    }

    /// Encodes 16-bit shades of grey, depth for example, as PNG, without loss.
    ///
    /// - Precondition: the sizes are positive and there are `width · height` samples, row by row from the top.
    public static func pngData(width: Int, height: Int, gray16 samples: [UInt16]) throws(ImageError) -> [UInt8] {
        precondition(width > 0 && height > 0 && samples.count == width * height, "samples do not fill the picture")
        return try Encoder.png(samples, width: width, height: height, channels: 1, bits: 16)
    }

    /// Encodes a picture as JPEG with full colour resolution (4:4:4).
    ///
    /// - Parameters:
    ///   - raster: One channel (grey) or three (RGB).
    ///   - quality: 1 to 100; values outside are taken as the nearest of these.
    public static func jpegData(_ raster: Raster, quality: Int = 95) throws(ImageError) -> [UInt8] {
        try Encoder.jpeg(raster, quality: min(max(quality, 1), 100))
    }

    /// Writes a picture; the extension of `path` chooses PNG or JPEG.
    ///
    /// - Throws: ``ImageError``; a file at `path` is whole or not there.
    public static func write(_ raster: Raster, to path: String, quality: Int = 95) throws(ImageError) {
        let data: [UInt8]
        switch ImageFormat(fileName: path) {
        case .png: data = try pngData(raster)
        case .jpeg: data = try jpegData(raster, quality: quality)
        case .tiff, nil: throw .unwritable(name: path, reason: "pictures are written as .png or .jpg")
        }
        do throws(FileError) { try OutputFile.write(data, to: path) } catch { throw .file(error) }
    }

    /// Reads all bytes of a file, for callers that need them beside the picture.
    ///
    /// - Throws: ``ImageError/file(_:)``, also for files larger than the limits allow.
    public static func bytes(of path: String, limits: ImageLimits = .init()) throws(ImageError) -> [UInt8] {
        do throws(FileError) {
            return try InputFile.read(path, limit: limits.fileSize)
        } catch {
            throw .file(error)
        }
    }
}
