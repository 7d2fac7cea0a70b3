// SPDX-License-Identifier: Apache-2.0

import Storage

/// A file of voxels could not be read or written.
public enum VolumeFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The operating system refused.
    case file(FileError)
    /// The file contradicts itself or its format.
    case malformed(String)
    /// A valid file of a kind that is not read here.
    case unsupported(String)
    /// More voxels than are accepted.
    case tooLarge(size: SIMD3<Int>)
    /// Fewer bytes of voxels than the header declares.
    case cutOff(found: Int, declared: Int)
    /// A voxel's value is no label.
    case notLabels(String)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .malformed(let reason): "malformed volume: \(reason)"
        case .unsupported(let reason): "unsupported volume: \(reason)"
        case .tooLarge(let size):
            "\(VoxelGrid.text(size)) voxels are too many; at most \(VoxelGrid.largestCount) are accepted. "
                + "Crop or resample the volume."
        case .cutOff(let found, let declared):
            "the file is cut off: the header declares \(declared) bytes of voxels, at most \(found) are there"
        case .notLabels(let reason):
            "\(reason). Labels are whole numbers from 0 (outside) to 2147483647; for grey masks, probabilities or "
                + "intensities say with --threshold from which value on a voxel is inside."
        }
    }
}
