// SPDX-License-Identifier: Apache-2.0

import CImage

/// The C functions that read one format, as Swift calls with errors.
struct Codec {
    private let format: ImageFormat
    private let name: String

    /// The codec for the format that the first bytes announce.
    init(of bytes: [UInt8], name: String) throws(ImageError) {
        guard let format = ImageFormat(magic: bytes) else {
            throw .unknownFormat(name: name, isEmpty: bytes.isEmpty)
        }
        self.format = format
        self.name = name
    }

    func header(of bytes: [UInt8]) throws(ImageError) -> ImageHeader {
        let read =
            switch format {
            case .png: zs_png_header
            case .jpeg: zs_jpeg_header
            case .tiff: zs_tiff_header
            }
        var header = zs_image_header()
        let (status, message) = callWithMessage { read(bytes, bytes.count, &header, $0) }
        if status != ZS_IMAGE_OK { throw error(status, message) }
        return ImageHeader(header, format: format)
    }

    func decode(_ bytes: [UInt8], header: ImageHeader, acceptDamaged: Bool) throws(ImageError) -> Raster {
        let read =
            switch format {
            case .png: zs_png_decode
            case .jpeg: zs_jpeg_decode
            case .tiff: zs_tiff_decode
            }
        // Zeros, because damaged files do not fill the whole of it.
        var samples = [UInt8](repeating: 0, count: header.width * header.height * header.decodedChannels)
        let (status, message) = callWithMessage {
            read(
                bytes, bytes.count, Int64(header.width), Int64(header.height), Int32(header.decodedChannels), &samples,
                samples.count, $0)
        }
        if status < 0 || (status == ZS_IMAGE_DAMAGED && !acceptDamaged) { throw error(status, message) }
        return Raster(width: header.width, height: header.height, channels: header.decodedChannels, samples: samples)
    }

    /// Samples as the numbers they are stored as, or `nil` when the format or the kind of picture does not give them.
    func labels(_ bytes: [UInt8], header: ImageHeader) throws(ImageError) -> [UInt16]? {
        let read:
            (UnsafePointer<UInt8>?, Int, Int64, Int64, UnsafeMutablePointer<UInt16>?, Int, UnsafeMutablePointer<CChar>?)
                -> Int32
        switch format {
        case .png: read = zs_png_labels
        case .tiff: read = zs_tiff_labels
        case .jpeg: return nil
        }
        var samples = [UInt16](repeating: 0, count: header.width * header.height)
        let (status, message) = callWithMessage {
            read(bytes, bytes.count, Int64(header.width), Int64(header.height), &samples, samples.count, $0)
        }
        if status == ZS_IMAGE_UNSUPPORTED { return nil }
        if status != ZS_IMAGE_OK { throw error(status, message) }
        return samples
    }

    private func error(_ status: Int, _ message: String) -> ImageError {
        switch status {
        case ZS_IMAGE_UNSUPPORTED: .unsupported(name: name, format: format, reason: message)
        case ZS_IMAGE_DAMAGED: .damaged(name: name, format: format, reason: message)
        default: .malformed(name: name, format: format, reason: message)
        }
    }
}

/// Calls a function of the shim with a buffer for its message; the message comes back without a full stop at its end.
func callWithMessage(_ body: (UnsafeMutablePointer<CChar>) -> Int32) -> (status: Int, message: String) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(ZS_IMAGE_MESSAGE_SIZE)) { buffer in
        buffer.initialize(repeating: 0)
        guard let base = buffer.baseAddress else { return (ZS_IMAGE_NO_ROOM, "no memory") }
        let status = Int(body(base))
        let text = UnsafeRawBufferPointer(buffer).prefix { $0 != 0 }
        let message = String(decoding: text, as: UTF8.self)
        return (status, message.hasSuffix(".") ? String(message.dropLast()) : message)
    }
}
