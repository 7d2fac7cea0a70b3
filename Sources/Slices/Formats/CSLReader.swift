// SPDX-License-Identifier: Apache-2.0

import Storage

/// Reads cross-sections from CSL text ("contour slice" files), as used by the published data sets of slice reconstruction.
///
/// Real files break the documented rules in harmless ways; those are repaired and reported, see ``SliceRepair``. Files
/// that break the grammar are refused with the line and what was expected there.
public enum CSLReader {
    /// Reads the file at `path`.
    ///
    /// - Returns: The sections in world units, as in the file, and what had to be repaired.
    /// - Throws: ``SliceFileError``.
    public static func read(path: String) throws(SliceFileError) -> (SliceSet, [SliceRepair]) {
        let bytes: [UInt8]
        do {
            bytes = try InputFile.read(path)
        } catch {
            throw .unreadable(error)
        }
        return try parse(bytes: bytes)
    }

    /// Reads a file that is in memory already.
    ///
    /// Memory stays within a small multiple of `bytes.count`, whatever the counts in the text claim.
    ///
    /// - Throws: ``SliceFileError``.
    /// - Complexity: O(n).
    public static func parse(bytes: [UInt8]) throws(SliceFileError) -> (SliceSet, [SliceRepair]) {
        var assembler = CSLAssembler(try CSLParser.parse(bytes))
        return try assembler.assemble()
    }
}
