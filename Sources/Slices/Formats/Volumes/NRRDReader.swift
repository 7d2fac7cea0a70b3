// SPDX-License-Identifier: Apache-2.0

import Storage

/// Reads label volumes from NRRD files: `.nrrd`, `.nhdr` with its voxels in a file of the same folder, and `.seg.nrrd` of
/// 3D Slicer with names of segments; raw or with gzip, in either byte order.
///
/// World coordinates are RAS: the axes of files in LPS or LAS are turned, so that a NIfTI file of the same volume gives
/// the same numbers. Files that name no space, or a space without directions of the body, are taken as they are.
public enum NRRDReader {
    /// Reads a file that is in memory.
    ///
    /// - Parameters:
    ///   - bytes: Those of the file, or of the header where the data are detached.
    ///   - rule: What the numbers mean.
    ///   - detached: Gives the bytes of the file with this name beside the header; asked at most once.
    /// - Throws: ``VolumeFileError``.
    public static func parse(
        _ bytes: [UInt8], rule: LabelRule = .label, detached: (String) throws(VolumeFileError) -> [UInt8]
    ) throws(VolumeFileError) -> LabelVolume {
        let text = try NRRDText(bytes)
        let header = try NRRDHeader(text)
        let segments = try SlicerSegments(header.annotations, layers: header.layers)
        var body = bytes[text.length...]
        if let name = header.dataFile { body = try detached(name)[...] }
        let format = VoxelDecoder.Format(
            type: header.type, isBigEndian: header.isBigEndian, layers: header.layers, rule: rule)
        let byteCount = header.grid.count * header.layers * header.type.size
        let skip = header.byteSkip >= 0 ? header.byteSkip : max(0, body.count - byteCount)
        let layers = try VoxelStream.decode(
            body, isCompressed: header.isCompressed, skipping: skip, count: header.grid.count, format: format)
        return segments.volume(grid: header.grid, layers: layers)
    }
}
