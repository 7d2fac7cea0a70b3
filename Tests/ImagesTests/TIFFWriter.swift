// SPDX-License-Identifier: Apache-2.0

/// Writes uncompressed TIFF files for tests, plainly by the specification (TIFF 6.0, Adobe 1992), sound or not.
struct TIFFWriter {
    struct Entry {
        var tag: UInt16
        /// 1 byte, 2 ASCII, 3 short, 4 long, 5 rational.
        var type: UInt16
        var values: [UInt32]
    }

    var isBigEndian = false
    var width: Int
    var height: Int
    /// `[height × width × samples]`, all of one width in bits.
    var samples: [UInt16]
    var samplesPerPixel = 1
    var bits = 8
    var photometric = 1
    /// Whether each sample has a plane of its own.
    var isPlanar = false
    /// Size of tiles, or `nil` for strips of `rowsPerStrip`.
    var tile: (width: Int, height: Int)?
    var rowsPerStrip = 7
    /// Further tags of the first directory.
    var extra: [Entry] = []
    /// Tags of the EXIF and GPS directories.
    var exif: [Entry] = []
    var position: [Entry] = []

    /// The file: header, samples, directories.
    func bytes() -> [UInt8] {
        var file = (isBigEndian ? [0x4D, 0x4D] : [0x49, 0x49]) + short(42) + long(0)
        var offsets: [UInt32] = []
        var counts: [UInt32] = []
        for block in blocks() {
            offsets.append(UInt32(file.count))
            counts.append(UInt32(block.count))
            file += block
        }
        var entries = layoutEntries(offsets: offsets, counts: counts) + extra
        if !exif.isEmpty {
            entries.append(Entry(tag: 0x8769, type: 4, values: [UInt32(file.count)]))
            append(exif, to: &file)
        }
        if !position.isEmpty {
            entries.append(Entry(tag: 0x8825, type: 4, values: [UInt32(file.count)]))
            append(position, to: &file)
        }
        file.replaceSubrange(4..<8, with: long(UInt32(file.count)))
        append(entries, to: &file)
        return file
    }

    private func layoutEntries(offsets: [UInt32], counts: [UInt32]) -> [Entry] {
        var entries = [
            Entry(tag: 256, type: 4, values: [UInt32(width)]), Entry(tag: 257, type: 4, values: [UInt32(height)]),
            Entry(tag: 258, type: 3, values: Array(repeating: UInt32(bits), count: samplesPerPixel)),
            Entry(tag: 259, type: 3, values: [1]), Entry(tag: 262, type: 3, values: [UInt32(photometric)]),
            Entry(tag: 277, type: 3, values: [UInt32(samplesPerPixel)]),
            Entry(tag: 284, type: 3, values: [isPlanar ? 2 : 1]),
        ]
        if let tile {
            entries += [
                Entry(tag: 322, type: 4, values: [UInt32(tile.width)]),
                Entry(tag: 323, type: 4, values: [UInt32(tile.height)]),
                Entry(tag: 324, type: 4, values: offsets), Entry(tag: 325, type: 4, values: counts),
            ]
        } else {
            entries += [
                Entry(tag: 273, type: 4, values: offsets), Entry(tag: 278, type: 4, values: [UInt32(rowsPerStrip)]),
                Entry(tag: 279, type: 4, values: counts),
            ]
        }
        return entries
    }

    /// Strips or tiles, plane after plane.
    private func blocks() -> [[UInt8]] {
        let planes = isPlanar ? (0..<samplesPerPixel).map { $0..<($0 + 1) } : [0..<samplesPerPixel]
        let (blockWidth, blockHeight) = tile ?? (width, rowsPerStrip)
        var result: [[UInt8]] = []
        for plane in planes {
            for top in stride(from: 0, to: height, by: blockHeight) {
                for left in stride(from: 0, to: width, by: blockWidth) {
                    // The last strip ends with the picture; tiles are always whole.
                    let bottom = tile == nil ? min(top + blockHeight, height) : top + blockHeight
                    var block: [UInt8] = []
                    for y in top..<bottom {
                        for x in left..<(left + blockWidth) {
                            for s in plane {
                                let isInside = x < width && y < height
                                let value = isInside ? samples[(y * width + x) * samplesPerPixel + s] : 0
                                block += bits == 16 ? short(value) : [UInt8(truncatingIfNeeded: value)]
                            }
                        }
                    }
                    result.append(block)
                }
            }
        }
        return result
    }

    /// Adds a directory and what does not fit into its entries.
    private func append(_ entries: [Entry], to file: inout [UInt8]) {
        let sorted = entries.sorted { $0.tag < $1.tag }
        var directory = short(UInt16(sorted.count))
        var outside: [UInt8] = []
        let outsideStart = file.count + 2 + 12 * sorted.count + 4
        for entry in sorted {
            let isRational = entry.type == 5
            directory += short(entry.tag) + short(entry.type) + long(UInt32(entry.values.count / (isRational ? 2 : 1)))
            var data: [UInt8] = []
            for value in entry.values {
                switch entry.type {
                case 1, 2: data.append(UInt8(truncatingIfNeeded: value))
                case 3: data += short(UInt16(truncatingIfNeeded: value))
                default: data += long(value)
                }
            }
            if data.count <= 4 {
                directory += data + [UInt8](repeating: 0, count: 4 - data.count)
            } else {
                directory += long(UInt32(outsideStart + outside.count))
                outside += data + (data.count % 2 == 1 ? [0] : [])
            }
        }
        file += directory + long(0) + outside
    }

    private func short(_ value: UInt16) -> [UInt8] {
        isBigEndian ? [UInt8(value >> 8), UInt8(value & 255)] : [UInt8(value & 255), UInt8(value >> 8)]
    }

    private func long(_ value: UInt32) -> [UInt8] {
        let (high, low) = (short(UInt16(value >> 16)), short(UInt16(value & 0xFFFF)))
        return isBigEndian ? high + low : low + high
    }
}

extension TIFFWriter.Entry {
    static func text(_ tag: UInt16, _ text: String) -> Self {
        Self(tag: tag, type: 2, values: text.utf8.map { UInt32($0) } + [0])
    }
}
