// SPDX-License-Identifier: Apache-2.0

/// A picture whose pixels are numbers, not shades: labels, or a mask.
public struct LabelRaster: Hashable, Sendable {
    /// Width in pixels, positive.
    public let width: Int
    /// Height in pixels, positive.
    public let height: Int
    /// `[height × width]`, row by row from the top.
    public let samples: [UInt16]

    /// Creates a picture.
    ///
    /// - Precondition: the sizes are positive and there are `width · height` samples.
    public init(width: Int, height: Int, samples: [UInt16]) {
        precondition(width > 0 && height > 0 && samples.count == width * height, "samples do not fill the picture")
        self.width = width
        self.height = height
        self.samples = samples
    }
}

extension ImageFile {
    /// Decodes the bytes of a picture whose pixels are numbers.
    ///
    /// Grey shades of up to 16 bits and places in a palette are returned as stored. Other pictures are taken when red,
    /// green and blue are equal everywhere, with 0 to 255; JPEG among them, whose shades are not exactly those of its
    /// maker. Damaged pictures are refused: a hole would look like a part of the background.
    ///
    /// - Throws: ``ImageError``.
    public static func labels(
        _ bytes: [UInt8], name: String, limits: ImageLimits = .init()
    ) throws(ImageError) -> LabelRaster {
        let header = try header(of: bytes, name: name, limits: limits)
        let codec = try Codec(of: bytes, name: name)
        if let samples = try codec.labels(bytes, header: header) {
            return LabelRaster(width: header.width, height: header.height, samples: samples)
        }
        var options = ImageReadingOptions()
        options.limits = limits
        options.color = .asStored
        let raster = try decode(bytes, name: name, options: options)
        let samples = raster.samples
        if raster.channels == 3 {
            for index in stride(from: 0, to: samples.count, by: 3)
            where samples[index] != samples[index + 1] || samples[index] != samples[index + 2] {
                throw .unsupported(
                    name: name, format: header.format, reason: "colours cannot be labels: save it as grey or palette")
            }
        }
        return LabelRaster(
            width: raster.width, height: raster.height,
            samples: stride(from: 0, to: samples.count, by: raster.channels).map { UInt16(samples[$0]) })
    }
}
