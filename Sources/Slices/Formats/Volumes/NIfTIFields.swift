// SPDX-License-Identifier: Apache-2.0

import Storage

extension NIfTIHeader {
    /// Reads numbers by name from a header of either version.
    struct Fields {
        let bytes: [UInt8]
        let isBigEndian: Bool
        let layout: Layout
        /// Bytes of the header, extension mark excluded.
        let length: Int

        init(bytes: [UInt8], isBigEndian: Bool, isVersion2: Bool) {
            self.bytes = bytes
            self.isBigEndian = isBigEndian
            layout = isVersion2 ? .version2 : .version1
            length = isVersion2 ? 540 : 348
        }

        /// Element `index` of a field of whole numbers.
        ///
        /// - Precondition: the header is complete.
        func integer(_ field: KeyPath<Layout, Layout.Field>, at index: Int = 0) -> Int {
            let place = layout[keyPath: field]
            return switch place.width {
            case 2: Int(raw(place, index, as: Int16.self))
            case 4: Int(raw(place, index, as: Int32.self))
            default: Int(raw(place, index, as: Int64.self))
            }
        }

        /// Element `index` of a field of floating-point numbers.
        ///
        /// - Precondition: the header is complete.
        func number(_ field: KeyPath<Layout, Layout.Field>, at index: Int = 0) -> Double {
            let place = layout[keyPath: field]
            return place.width == 4
                ? Double(Float(bitPattern: raw(place, index, as: UInt32.self)))
                : Double(bitPattern: raw(place, index, as: UInt64.self))
        }

        private func raw<Value: FixedWidthInteger & BitwiseCopyable>(
            _ place: Layout.Field, _ index: Int, as type: Value.Type
        ) -> Value {
            bytes.withUnsafeBytes { buffer in
                var reader = ByteReader(buffer, offset: place.offset + index * place.width)
                guard let value = reader.integer(type, bigEndian: isBigEndian) else {
                    preconditionFailure("the header is complete")
                }
                return value
            }
        }
    }

    /// Offsets and element widths, in bytes, of the fields in one version of the header.
    struct Layout {
        struct Field {
            var offset: Int
            var width: Int
        }

        var dimensions, datatype, spacing, voxelOffset, slope, intercept: Field
        var qformCode, sformCode, quaternion, offset, sform: Field

        static let version1 = Layout(
            dimensions: Field(offset: 40, width: 2), datatype: Field(offset: 70, width: 2),
            spacing: Field(offset: 76, width: 4), voxelOffset: Field(offset: 108, width: 4),
            slope: Field(offset: 112, width: 4), intercept: Field(offset: 116, width: 4),
            qformCode: Field(offset: 252, width: 2), sformCode: Field(offset: 254, width: 2),
            quaternion: Field(offset: 256, width: 4), offset: Field(offset: 268, width: 4),
            sform: Field(offset: 280, width: 4))

        static let version2 = Layout(
            dimensions: Field(offset: 16, width: 8), datatype: Field(offset: 12, width: 2),
            spacing: Field(offset: 104, width: 8), voxelOffset: Field(offset: 168, width: 8),
            slope: Field(offset: 176, width: 8), intercept: Field(offset: 184, width: 8),
            qformCode: Field(offset: 344, width: 4), sformCode: Field(offset: 348, width: 4),
            quaternion: Field(offset: 352, width: 8), offset: Field(offset: 376, width: 8),
            sform: Field(offset: 400, width: 8))
    }
}
