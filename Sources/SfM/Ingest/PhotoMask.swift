// SPDX-License-Identifier: Apache-2.0

import Images

/// Which pixels of a photo count.
public struct PhotoMask: Hashable, Sendable {
    /// One sample for each pixel of the photo: 0 where it is ignored, else 255.
    public let raster: Raster

    /// Takes a picture as mask, scaled to the photo by nearest neighbours: black is ignored, all else counts.
    ///
    /// - Returns: `nil` when the shapes differ by more than rounding to whole pixels explains.
    public init?(_ picture: Raster, width: Int, height: Int) {
        guard
            Self.fits(
                ImageSize(width: picture.width, height: picture.height), to: ImageSize(width: width, height: height))
        else { return nil }
        raster = Self.nearest(Self.binary(picture), width: width, height: height)
    }

    /// Whether the pixel with these coordinates counts; (0.5, 0.5) is the centre of the first. Outside is ignored.
    public func keeps(_ pixel: SIMD2<Double>) -> Bool {
        guard pixel.x >= 0 && pixel.y >= 0 && pixel.x < Double(raster.width) && pixel.y < Double(raster.height) else {
            return false
        }
        return raster.samples[Int(pixel.y) * raster.width + Int(pixel.x)] != 0
    }

    /// The mask at another size, by nearest neighbours.
    ///
    /// - Precondition: both sizes are positive.
    public func resized(width: Int, height: Int) -> Raster { Self.nearest(raster, width: width, height: height) }

    /// Whether scaling `mask` to the width or the height of `photo` gives the other side but for less than one
    /// pixel, of which rounding may be the cause.
    static func fits(_ mask: ImageSize, to photo: ImageSize) -> Bool {
        abs(mask.width * photo.height - mask.height * photo.width) < max(photo.width, photo.height)
    }

    private static func binary(_ picture: Raster) -> Raster {
        let samples = (0..<(picture.width * picture.height)).map { pixel in
            let first = pixel * picture.channels
            return picture.samples[first..<(first + picture.channels)].contains { $0 != 0 } ? UInt8(255) : 0
        }
        return Raster(width: picture.width, height: picture.height, channels: 1, samples: samples)
    }

    private static func nearest(_ raster: Raster, width: Int, height: Int) -> Raster {
        if raster.width == width && raster.height == height { return raster }
        var samples: [UInt8] = []
        samples.reserveCapacity(width * height)
        let columns = (0..<width).map { (2 * $0 + 1) * raster.width / (2 * width) }
        for y in 0..<height {
            let row = (2 * y + 1) * raster.height / (2 * height) * raster.width
            for column in columns { samples.append(raster.samples[row + column]) }
        }
        return Raster(width: width, height: height, channels: 1, samples: samples)
    }
}
