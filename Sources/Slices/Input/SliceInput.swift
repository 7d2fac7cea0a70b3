// SPDX-License-Identifier: Apache-2.0

import Fields
import Storage

/// Cross-sections from any input that is understood, with what a user should know about them.
public struct SliceInput: Sendable {
    /// In world units.
    public let slices: SliceSet
    /// What was mended or chosen, one sentence each.
    public let notes: [String]
    /// Digest of all that was read and of the options that matter: equal inputs have equal ones.
    public let fingerprint: UInt64
    /// The grid of the input, for inputs that have one.
    public let grid: VoxelGrid?
    /// Names of labels that the input tells.
    public let names: [Int: String]

    /// Reads a CSL, NIfTI, NRRD or DICOM structure set file, a folder of pictures, or drawings: a table of planes, or the folder that it is in.
    ///
    /// First bytes decide, not names, except for tables, which end with `.csv` or `.json`.
    ///
    /// - Parameters:
    ///   - path: File or folder.
    ///   - options: Where the input leaves a choice. Those that do not concern it are ignored.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    /// - Throws: ``SliceFileError``, ``VolumeFileError``, ``PictureStackError``, ``SVGError``, ``StructureSetError``,
    ///   ``SliceSetError``, `OptionsError`, `FileError`.
    public static func read(_ path: String, options: SliceInputOptions, threads: Int) throws -> SliceInput {
        try options.validate()
        if Folder.isFolder(path) {
            let table = PlaneTable.fileNames.map { "\(path)/\($0)" }.first { Folder.exists($0) }
            return try table.map(drawings) ?? stack(path, options: options, threads: threads)
        }
        if PlaneTable.recognizes(path) { return try drawings(path) }
        let bytes = try InputFile.read(path)
        if VolumeFile.recognizes(bytes) {
            return try volume(bytes, path: path, options: options, threads: threads)
        }
        if StructureSetReader.recognizes(bytes) { return try structures(path) }
        let (slices, repairs) = try CSLReader.parse(bytes: bytes)
        return SliceInput(
            slices: slices, notes: repairs.map(\.description), fingerprint: Fingerprint.fnv1a64(bytes), grid: nil,
            names: [:])
    }

    private static func volume(
        _ bytes: [UInt8], path: String, options: SliceInputOptions, threads: Int
    ) throws -> SliceInput {
        let volume = try VolumeFile.parse(bytes, path: path, rule: options.rule)
        let (slices, notes) = try counted(try volume.sections(options.slicing, threads: threads), options)
        let axis = options.slicing.axis(in: volume.grid)
        return SliceInput(
            slices: slices, notes: ["slices across index axis \(["i", "j", "k"][axis])"] + notes,
            fingerprint: fingerprint(of: slices),
            grid: volume.grid, names: volume.names)
    }

    private static func stack(_ path: String, options: SliceInputOptions, threads: Int) throws -> SliceInput {
        let stack = try PictureStack(folder: path, spacing: options.spacing, rule: options.rule, threads: threads)
        let (slices, notes) = try counted(try SliceSet(sections: stack.sections), options)
        return SliceInput(
            slices: slices, notes: notes, fingerprint: fingerprint(of: slices), grid: stack.grid, names: [:])
    }

    private static func structures(_ path: String) throws -> SliceInput {
        let (slices, names, notes) = try StructureSetReader.read(path)
        return SliceInput(slices: slices, notes: notes, fingerprint: fingerprint(of: slices), grid: nil, names: names)
    }

    private static func drawings(_ table: String) throws -> SliceInput {
        let folder = table.lastIndex(of: "/").map { String(table[...$0]) } ?? ""
        let slices = try SliceSet(sections: try SVGSections.read(try PlaneTable.read(table), folder: folder))
        return SliceInput(
            slices: slices, notes: [], fingerprint: fingerprint(of: slices), grid: nil, names: [:])
    }

    /// Says how many slices are empty, and leaves them out when that is wanted.
    private static func counted(
        _ slices: SliceSet, _ options: SliceInputOptions
    ) throws(SliceSetError) -> (SliceSet, notes: [String]) {
        let empty = slices.sections.count(where: \.isEmpty)
        guard empty > 0 else { return (slices, []) }
        let found = "\(empty) of \(slices.sections.count) slices are empty: "
        guard options.skipsEmpty else { return (slices, [found + "everything on them is outside"]) }
        return (try SliceSet(sections: slices.sections.filter { !$0.isEmpty }), [found + "left out"])
    }

    /// Of what was traced rather than of the file: the same shape in two formats is the same job.
    private static func fingerprint(of slices: SliceSet) -> UInt64 {
        let digests = slices.sections.map { section in
            let corners = section.polygons.reduce(0) { $0 + $1.points.count }
            let size = 8 * (6 + 3 * section.polygons.count + 2 * corners)
            return Fingerprint.fnv1a64(
                ByteWriter.bytes(size) { writer in
                    for axis in 0..<3 { writer.put(section.plane.origin[axis]) }
                    for axis in 0..<3 { writer.put(section.plane.normal[axis]) }
                    for polygon in section.polygons {
                        for number in [polygon.label, polygon.parent ?? -1, polygon.points.count] { writer.put(number) }
                        for point in polygon.points {
                            writer.put(point.x)
                            writer.put(point.y)
                        }
                    }
                })
        }
        return Fingerprint.fnv1a64(
            ByteWriter.bytes(8 * digests.count) { writer in for digest in digests { writer.put(digest) } })
    }
}
