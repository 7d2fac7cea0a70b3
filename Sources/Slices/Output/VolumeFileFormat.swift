// SPDX-License-Identifier: Apache-2.0

/// A format that volumes of labels are written in, named by the end of the file's name.
public enum VolumeFileFormat: String, Sendable, CaseIterable {
    /// NIfTI-1, compressed or not.
    case compressedNIfTI = ".nii.gz"
    /// See ``compressedNIfTI``.
    case nifti = ".nii"
    /// NRRD with what 3D Slicer needs to show segments with names.
    case segmentation = ".seg.nrrd"
    /// NRRD, compressed.
    case nrrd = ".nrrd"

    /// The format that the name of `path` ends with, in any case; `nil` for any other name.
    public init?(path: String) {
        let name = path.lowercased()
        // Longer endings come first in the list.
        guard let format = Self.allCases.first(where: { name.hasSuffix($0.rawValue) }) else { return nil }
        self = format
    }

    /// All endings, for messages.
    public static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
