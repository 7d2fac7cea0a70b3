// SPDX-License-Identifier: Apache-2.0

import Storage

/// Reads label volumes from NIfTI-1 and NIfTI-2 files in one piece (`.nii`, `.nii.gz`), in either byte order.
///
/// World coordinates are those of the file (RAS by the standard): the sform when it is given, else the qform, else the
/// spacing. Stored numbers are scaled as the header asks before they are taken as labels.
public enum NIfTIReader {
    /// Reads a file that is in memory.
    ///
    /// Memory stays within the bytes given plus two for each voxel.
    ///
    /// - Throws: ``VolumeFileError``.
    public static func parse(_ bytes: [UInt8], rule: LabelRule = .label) throws(VolumeFileError) -> LabelVolume {
        let isCompressed = Gzip.isCompressed(bytes)
        let header = try NIfTIHeader(try start(bytes, isCompressed: isCompressed))
        let layers = try VoxelStream.decode(
            bytes[...], isCompressed: isCompressed, skipping: header.voxelOffset, count: header.grid.count,
            format: VoxelDecoder.Format(
                type: header.type, isBigEndian: header.isBigEndian, scaling: header.scaling, rule: rule))
        return LabelVolume(grid: header.grid, layers: layers)
    }

    private static func start(_ bytes: [UInt8], isCompressed: Bool) throws(VolumeFileError) -> [UInt8] {
        guard isCompressed else { return Array(bytes.prefix(NIfTIHeader.length)) }
        do {
            return try Gzip.prefix(bytes[...], count: NIfTIHeader.length)
        } catch {
            throw .malformed("\(error)")
        }
    }

    /// Whether `bytes` start like a NIfTI file, compressed or not.
    static func recognizes(_ bytes: [UInt8]) -> Bool {
        if !Gzip.isCompressed(bytes) { return NIfTIHeader.isNIfTI(bytes) }
        return (try? Gzip.prefix(bytes[...], count: 4)).map { NIfTIHeader.isNIfTI($0) } ?? false
    }
}
