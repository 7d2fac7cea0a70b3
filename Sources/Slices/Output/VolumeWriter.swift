// SPDX-License-Identifier: Apache-2.0

import Storage

/// Writes volumes of labels; the same volume gives the same bytes.
public enum VolumeWriter {
    /// Writes `volume` to `path`, whose ending chooses the format.
    ///
    /// - Throws: ``VolumeFileError``, also when the format cannot hold the volume.
    public static func write(_ volume: LabelVolume, to path: String) throws(VolumeFileError) {
        guard let format = VolumeFileFormat(path: path) else {
            throw .unsupported("\(path) does not end with one of \(VolumeFileFormat.list)")
        }
        let bytes = try bytes(of: volume, format: format)
        do throws(FileError) { try OutputFile.write(bytes, to: path) } catch { throw .file(error) }
    }

    /// The file's bytes. Voxels have the smallest unsigned type that holds the labels; of several layers each voxel has
    /// the first label.
    ///
    /// - Throws: ``VolumeFileError/unsupported(_:)`` when the grid has more than 32,767 voxels along an axis and `format`
    ///   is NIfTI-1.
    public static func bytes(
        of volume: LabelVolume, format: VolumeFileFormat
    ) throws(VolumeFileError) -> [UInt8] {
        let type = VoxelType(holding: volume.labels.last ?? 0)
        let voxels = voxels(of: volume, type: type)
        switch format {
        case .nifti: return try NIfTIWriter.header(volume.grid, type: type) + voxels
        case .compressedNIfTI: return Gzip.compress(try NIfTIWriter.header(volume.grid, type: type) + voxels)
        case .nrrd: return NRRDWriter.header(volume, type: type, withSegments: false) + Gzip.compress(voxels)
        case .segmentation: return NRRDWriter.header(volume, type: type, withSegments: true) + Gzip.compress(voxels)
        }
    }

    private static func voxels(of volume: LabelVolume, type: VoxelType) -> [UInt8] {
        ByteWriter.bytes(volume.grid.count * type.size) { writer in
            for voxel in 0..<volume.grid.count {
                let layer = volume.layers.first { $0.codes[voxel] != 0 } ?? volume.layers[0]
                let label = layer.labels[Int(layer.codes[voxel])]
                switch type.size {
                case 1: writer.put(UInt8(label))
                case 2: writer.put(UInt16(label))
                default: writer.put(Int32(label))
                }
            }
        }
    }
}
