// SPDX-License-Identifier: Apache-2.0

import Images

/// A grey picture laid out for bilinear samples: the word of each pixel holds four greys, so that a sample is one load.
///
/// Byte 0 of a word is the pixel itself, byte 1 its right neighbour, byte 2 the one below, byte 3 the one below to the
/// right; beyond the border the last pixels repeat.
package final class PackedImage: @unchecked Sendable {
    // The words are written by `init` only, hence `@unchecked Sendable`.

    /// Width in pixels.
    package let width: Int
    /// Height in pixels.
    package let height: Int
    /// `[height × width]` words, row by row from the top.
    package let words: UnsafePointer<UInt32>

    /// Packs a grey picture.
    ///
    /// - Precondition: `gray` has one channel.
    package init(_ gray: Raster) {
        precondition(gray.channels == 1, "a picture with \(gray.channels) channels cannot be packed")
        (width, height) = (gray.width, gray.height)
        let (width, height) = (width, height)
        let target = UnsafeMutablePointer<UInt32>.allocate(capacity: width * height)
        gray.samples.withUnsafeBufferPointer { samples in
            for row in 0..<height {
                let (upper, lower) = (row * width, min(row + 1, height - 1) * width)
                for column in 0..<width {
                    let right = min(column + 1, width - 1)
                    target[upper + column] =
                        UInt32(samples[upper + column]) | UInt32(samples[upper + right]) << 8
                        | UInt32(samples[lower + column]) << 16 | UInt32(samples[lower + right]) << 24
                }
            }
        }
        words = UnsafePointer(target)
    }

    deinit { words.deallocate() }

    /// The grey, 0 to 255, of one pixel.
    package subscript(column: Int, row: Int) -> UInt8 {
        precondition(0 <= column && column < width && 0 <= row && row < height, "pixel (\(column), \(row)) is outside")
        return UInt8(truncatingIfNeeded: words[row * width + column])
    }
}
