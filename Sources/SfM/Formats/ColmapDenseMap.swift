// SPDX-License-Identifier: Apache-2.0

import Storage

/// A picture of floats in COLMAP's dense format: `width&height&channels&` in ASCII, then little-endian 32-bit floats, one
/// plane after the other, each row by row from the top.
public struct ColmapDenseMap: Hashable, Sendable {
    /// Width in pixels.
    public let width: Int
    /// Height in pixels.
    public let height: Int
    /// Values of one pixel.
    public let channels: Int
    /// `[channels × height × width]`.
    public let values: [Float]

    /// Largest side that is read.
    private static let largestSide = 1 << 20

    /// Creates a map.
    ///
    /// - Precondition: the values fill it.
    public init(width: Int, height: Int, channels: Int, values: [Float]) {
        precondition(values.count == width * height * channels, "\(values.count) values do not fill the map")
        self.width = width
        self.height = height
        self.channels = channels
        self.values = values
    }

    /// The bytes of the file, in pieces.
    public var data: [[UInt8]] {
        let body = ByteWriter.bytes(4 * values.count) { writer in for value in values { writer.put(value) } }
        return [Array("\(width)&\(height)&\(channels)&".utf8), body]
    }

    /// Reads the bytes of a file; `name` stands for it in errors.
    ///
    /// - Throws: ``SceneFileError/malformed(file:_:_:)`` when the header is none or the values are not as many as it says.
    public init(_ bytes: [UInt8], name: String) throws(SceneFileError) {
        var numbers: [Int] = []
        var offset = 0
        // Three numbers of at most seven digits each.
        for _ in 0..<3 {
            var number = 0
            let start = offset
            while offset < bytes.count, offset - start < 8, (0x30...0x39).contains(bytes[offset]) {
                number = 10 * number + Int(bytes[offset] - 0x30)
                offset += 1
            }
            guard offset > start, offset < bytes.count, bytes[offset] == UInt8(ascii: "&"), number > 0,
                number <= Self.largestSide
            else { throw .malformed(file: name, .byte(start), "a number of width&height&channels& is missing") }
            offset += 1
            numbers.append(number)
        }
        let count = numbers[0] * numbers[1]
        guard numbers[2] <= 16, bytes.count - offset == 4 * count * numbers[2] else {
            throw .malformed(
                file: name, .byte(offset),
                "\(bytes.count - offset) bytes follow the header, which announces "
                    + "\(numbers[0]) × \(numbers[1]) × \(numbers[2]) floats")
        }
        let values = bytes.withUnsafeBytes { bytes in
            (0..<count * numbers[2]).map { place in
                Float(
                    bitPattern: UInt32(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 4 * place, as: UInt32.self)))
            }
        }
        self.init(width: numbers[0], height: numbers[1], channels: numbers[2], values: values)
    }

    /// Reads a file.
    ///
    /// - Throws: ``SceneFileError``.
    public static func read(_ path: String) throws(SceneFileError) -> ColmapDenseMap {
        try ColmapDenseMap(SceneFileError.bytes(of: path), name: path)
    }
}
