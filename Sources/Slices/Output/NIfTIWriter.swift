// SPDX-License-Identifier: Apache-2.0

import Storage

/// The header of a NIfTI-1 file: little-endian, with an sform alone, in millimetres.
///
/// Every number of the sform has 24 bits.
enum NIfTIWriter {
    /// 348 bytes and the mark that no extensions follow.
    static func header(_ grid: VoxelGrid, type: VoxelType) throws(VolumeFileError) -> [UInt8] {
        guard grid.size.max() <= Int(Int16.max) else {
            throw .unsupported("a NIfTI-1 file has at most 32767 voxels along an axis; write a .nrrd file")
        }
        let (code, bits): (Int16, Int16) =
            switch type {
            case .uint8: (2, 8)
            case .uint16: (512, 16)
            default: (8, 32)
            }
        return ByteWriter.bytes(352) { writer in
            writer.put(Int32(348))
            writer.put(repeatElement(0, count: 36))
            writer.put(Int16(3))
            for axis in 0..<3 { writer.put(Int16(grid.size[axis])) }
            for _ in 0..<4 { writer.put(Int16(1)) }
            writer.put(repeatElement(0, count: 14))
            writer.put(code)
            writer.put(bits)
            writer.put(Int16(0))
            writer.put(Float(1))
            for axis in 0..<3 { writer.put(Float(grid.spacing[axis])) }
            for _ in 0..<4 { writer.put(Float(0)) }
            writer.put(Float(352))
            writer.put(Float(1))  // slope
            writer.put(Float(0))  // intercept
            writer.put(Int16(0))
            writer.put(UInt8(0))
            writer.put(UInt8(2))  // millimetres
            writer.put(repeatElement(0, count: 128))
            writer.put(Int16(0))  // no qform
            writer.put(Int16(2))  // sform: aligned
            writer.put(repeatElement(0, count: 24))
            for row in 0..<3 {
                for axis in 0..<3 { writer.put(Float(grid.steps[row, axis])) }
                writer.put(Float(grid.origin[row]))
            }
            writer.put(repeatElement(0, count: 16))
            writer.put([UInt8(ascii: "n"), UInt8(ascii: "+"), UInt8(ascii: "1"), 0, 0, 0, 0, 0])
        }
    }
}
