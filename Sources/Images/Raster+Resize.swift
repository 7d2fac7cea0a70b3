// SPDX-License-Identifier: Apache-2.0

import CImage

extension Raster {
    /// The picture scaled by area averaging: each new pixel is the mean of the rectangle it covers, parts of old pixels
    /// counted by their share, rounded.
    ///
    /// Meant for shrinking, where it keeps means exactly and does not alias; enlarging repeats pixels.
    ///
    /// - Precondition: both sizes are positive.
    /// - Complexity: O(old pixels), about one pass over them.
    public func resized(width newWidth: Int, height newHeight: Int) -> Raster {
        precondition(newWidth > 0 && newHeight > 0, "a picture of \(newWidth) × \(newHeight) pixels")
        if newWidth == width && newHeight == height { return self }
        let scratchCount = zs_resize_area_scratch(Int64(width), Int32(channels))
        let resized = [UInt8](unsafeUninitializedCapacity: newWidth * newHeight * channels) { output, count in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: scratchCount) { scratch in
                zs_resize_area(
                    samples, Int64(width), Int64(height), Int32(channels), Int64(newWidth), Int64(newHeight),
                    output.baseAddress, scratch.baseAddress)
            }
            count = newWidth * newHeight * channels
        }
        return Raster(width: newWidth, height: newHeight, channels: channels, samples: resized)
    }

    /// The picture scaled down so that its longer side has at most `limit` pixels; itself when it is small enough.
    ///
    /// - Precondition: `limit` is positive.
    public func resized(longerSideAtMost limit: Int) -> Raster {
        let size = Self.fittedSize(width: width, height: height, longerSideAtMost: limit)
        return resized(width: size.width, height: size.height)
    }

    /// The size of ``resized(longerSideAtMost:)``: the other side is rounded to whole pixels.
    public static func fittedSize(width: Int, height: Int, longerSideAtMost limit: Int) -> (width: Int, height: Int) {
        precondition(limit > 0, "a picture of \(limit) pixels")
        let longer = max(width, height)
        guard longer > limit else { return (width, height) }
        let fitted = { (side: Int) in max(1, (2 * side * limit + longer) / (2 * longer)) }
        return (fitted(width), fitted(height))
    }
}
