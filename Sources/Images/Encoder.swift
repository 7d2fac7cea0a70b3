// SPDX-License-Identifier: Apache-2.0

import CImage

/// The C functions that write, as Swift calls with errors.
enum Encoder {
    static func png<Sample: FixedWidthInteger>(
        _ samples: [Sample], width: Int, height: Int, channels: Int, bits: Int
    ) throws(ImageError) -> [UInt8] {
        let (w, h, c, b) = (Int64(width), Int64(height), Int32(channels), Int32(bits))
        return try encode("a PNG picture", capacity: zs_png_bound(w, h, c, b)) { target, written, message in
            zs_png_encode(samples, w, h, c, b, target.baseAddress, target.count, &written, message)
        }
    }

    static func jpeg(_ raster: Raster, quality: Int) throws(ImageError) -> [UInt8] {
        let (w, h, c) = (Int64(raster.width), Int64(raster.height), Int32(raster.channels))
        return try encode("a JPEG picture", capacity: zs_jpeg_bound(w, h, c)) { target, written, message in
            zs_jpeg_encode(
                raster.samples, w, h, c, Int32(quality), target.baseAddress, target.count, &written, message)
        }
    }

    /// Runs `body` on a buffer large enough for any result; pages that it does not touch cost nothing.
    private static func encode(
        _ name: String, capacity: Int,
        _ body: (UnsafeMutableBufferPointer<UInt8>, inout Int, UnsafeMutablePointer<CChar>) -> Int32
    ) throws(ImageError) -> [UInt8] {
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: capacity)
        defer { buffer.deallocate() }
        var written = 0
        let (status, message) = callWithMessage { body(buffer, &written, $0) }
        guard status == ZS_IMAGE_OK else { throw .unwritable(name: name, reason: message) }
        return Array(buffer[..<written])
    }
}
