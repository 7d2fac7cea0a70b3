// SPDX-License-Identifier: Apache-2.0

import Images
import Storage

/// The photos below a folder, by name only: nothing is opened yet.
public struct PhotoFolder: Hashable, Sendable {
    /// The folder.
    public let path: String
    /// Paths of the photos relative to the folder, with `/`, ascending by their UTF-8 bytes: files whose extension is
    /// .jpg, .jpeg, .png, .tif or .tiff in any case.
    ///
    /// They name photos in results. No path of an output is ever made from them.
    public let names: [String]
    /// All other files, in the same order; hidden ones apart.
    public let ignored: [IgnoredFile]

    /// Lists a folder and those within it; symbolic links are not followed.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - masks: A folder that is passed over when it lies within.
    /// - Throws: ``IngestError/file(_:)`` when the folder cannot be listed.
    public init(_ path: String, masks: String? = nil) throws(IngestError) {
        let walk: FolderWalk
        do throws(FileError) { walk = try FolderWalk(path, excluding: masks) } catch { throw .file(error) }
        self.path = path
        names = walk.names.filter { ImageFormat(fileName: $0) != nil }
        let others = walk.names.filter { ImageFormat(fileName: $0) == nil }
        ignored = (walk.ignored + others.map { IgnoredFile(name: $0, reason: "not a picture by its name") })
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Where the photo of this name is.
    public func path(of name: String) -> String { "\(path)/\(name)" }
}
