// SPDX-License-Identifier: Apache-2.0

/// A picture of 8-bit samples in memory.
public struct Raster: Hashable, Sendable {
    /// Width in pixels, positive.
    public let width: Int
    /// Height in pixels, positive.
    public let height: Int
    /// Samples of one pixel: 1 (grey) or 3 (red, green, blue).
    public let channels: Int
    /// `[height × width × channels]`, row by row from the top.
    public var samples: [UInt8]

    /// Creates a picture.
    ///
    /// - Precondition: the sizes are positive, `channels` is 1 or 3, and there are `width · height · channels` samples.
    public init(width: Int, height: Int, channels: Int, samples: [UInt8]) {
        precondition(width > 0 && height > 0, "a picture of \(width) × \(height) pixels")
        precondition(channels == 1 || channels == 3, "a picture has 1 or 3 channels, not \(channels)")
        precondition(samples.count == width * height * channels, "samples do not fill the picture")
        self.width = width
        self.height = height
        self.channels = channels
        self.samples = samples
    }

    /// The picture in shades of grey: `0.299 R + 0.587 G + 0.114 B`, rounded (ITU-R BT.601).
    public var gray: Raster {
        guard channels == 3 else { return self }
        var result = [UInt8](repeating: 0, count: width * height)
        for index in result.indices {
            let (r, g, b) = (Int(samples[3 * index]), Int(samples[3 * index + 1]), Int(samples[3 * index + 2]))
            result[index] = UInt8((299 * r + 587 * g + 114 * b + 500) / 1000)
        }
        return Raster(width: width, height: height, channels: 1, samples: result)
    }

    /// The picture with red, green and blue; grey ones have the same sample three times.
    public var rgb: Raster {
        guard channels == 1 else { return self }
        let result = [UInt8](unsafeUninitializedCapacity: 3 * samples.count) { buffer, count in
            for (index, sample) in samples.enumerated() {
                buffer[3 * index] = sample
                buffer[3 * index + 1] = sample
                buffer[3 * index + 2] = sample
            }
            count = 3 * samples.count
        }
        return Raster(width: width, height: height, channels: 3, samples: result)
    }
}

extension Raster: CustomStringConvertible {
    /// "640 × 480 × 3": the shape, not the samples.
    public var description: String { "\(width) × \(height) × \(channels)" }
}
