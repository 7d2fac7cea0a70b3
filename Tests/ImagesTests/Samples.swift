// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images

/// Pictures that are easy to tell apart: ramps along both axes, a blocky pattern, and noise.
enum Samples {
    /// `[height × width × channels]` of a smooth picture.
    static func smooth(width: Int, height: Int, channels: Int) -> Raster {
        raster(width, height, channels) { x, y, channel in
            let ramp = channel == 0 ? 255 * x / width : channel == 1 ? 255 * y / height : 255 - 255 * x / width
            return UInt8(clamping: ramp)
        }
    }

    /// Independent uniform samples.
    static func noise(width: Int, height: Int, channels: Int, seed: UInt64 = 1) -> Raster {
        var random = RandomStream(seed: seed, label: "noise", UInt64(width), UInt64(height))
        return raster(width, height, channels) { _, _, _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    private static func raster(
        _ width: Int, _ height: Int, _ channels: Int, _ sample: (Int, Int, Int) -> UInt8
    ) -> Raster {
        var samples: [UInt8] = []
        samples.reserveCapacity(width * height * channels)
        for y in 0..<height { for x in 0..<width { for c in 0..<channels { samples.append(sample(x, y, c)) } } }
        return Raster(width: width, height: height, channels: channels, samples: samples)
    }
}

extension Raster {
    /// Largest difference of any sample; `nil` when the shapes differ.
    func largestDifference(to other: Raster) -> Int? {
        guard width == other.width && height == other.height && channels == other.channels else { return nil }
        return zip(samples, other.samples).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
    }
}

extension ImageReadingOptions {
    static var asStored: ImageReadingOptions {
        var options = ImageReadingOptions()
        options.color = .asStored
        return options
    }
}
