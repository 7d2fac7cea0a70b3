// SPDX-License-Identifier: Apache-2.0

import Storage

/// The door for files of voxels: what the first bytes say decides the format.
public enum VolumeFile {
    /// Reads a NIfTI or NRRD file.
    ///
    /// - Throws: ``VolumeFileError``.
    public static func read(_ path: String, rule: LabelRule = .label) throws(VolumeFileError) -> LabelVolume {
        try parse(bytes(of: path), path: path, rule: rule)
    }

    /// Whether `bytes` start like a file that ``read(_:rule:)`` takes.
    static func recognizes(_ bytes: [UInt8]) -> Bool { NRRDHeader.isNRRD(bytes) || NIfTIReader.recognizes(bytes) }

    /// Reads what is in memory; `path` tells in which folder detached voxels are.
    static func parse(_ bytes: [UInt8], path: String, rule: LabelRule) throws(VolumeFileError) -> LabelVolume {
        if NRRDHeader.isNRRD(bytes) {
            let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
            return try NRRDReader.parse(bytes, rule: rule) { name throws(VolumeFileError) in
                try Self.bytes(of: folder + name)
            }
        }
        guard NIfTIReader.recognizes(bytes) else {
            throw .unsupported("it starts neither like NIfTI nor like NRRD")
        }
        return try NIfTIReader.parse(bytes, rule: rule)
    }

    private static func bytes(of path: String) throws(VolumeFileError) -> [UInt8] {
        do throws(FileError) { return try InputFile.read(path) } catch { throw .file(error) }
    }
}
