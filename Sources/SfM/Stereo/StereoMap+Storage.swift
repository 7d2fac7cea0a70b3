// SPDX-License-Identifier: Apache-2.0

import Storage

extension StereoMap {
    /// Says that a file holds a map in the layout below.
    private static let mark: UInt64 = 0x315041_4D2D_535A

    /// The bytes of the map as it is kept until all views are done: mark, width, height, then depths, normals and costs.
    package var pieceData: [UInt8] {
        ByteWriter.bytes(16 + 12 * depths.count) { writer in
            writer.put(Self.mark)
            writer.put(UInt32(width))
            writer.put(UInt32(height))
            for depth in depths { writer.put(depth) }
            for normal in normals { writer.put(normal.bits) }
            for cost in costs { writer.put(cost) }
        }
    }

    /// Reads the bytes back; `nil` when they hold no map of this size.
    package init?(pieceData bytes: [UInt8], width: Int, height: Int) {
        let count = width * height
        guard bytes.count == 16 + 12 * count else { return nil }
        self.init(width: width, height: height)
        let isWhole = bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            guard reader.integer(UInt64.self) == Self.mark, reader.integer(UInt32.self) == UInt32(width),
                reader.integer(UInt32.self) == UInt32(height)
            else { return false }
            for place in 0..<count { depths[place] = Float(bitPattern: reader.integer(UInt32.self) ?? 0) }
            for place in 0..<count { normals[place] = PackedNormal(bits: reader.integer(UInt32.self) ?? 0) }
            for place in 0..<count { costs[place] = Float(bitPattern: reader.integer(UInt32.self) ?? 0) }
            return true
        }
        guard isWhole else { return nil }
    }
}
