// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Storage

/// The files that a viewer may fetch: a report and what it links to, listed once.
///
/// A request is only ever compared with this list. No path is made from it, so none can lead out of the folder, whatever dots,
/// slashes and encodings it holds.
public struct ServedFiles: Sendable {
    /// One file.
    public struct File: Hashable, Sendable {
        /// Where it is.
        public var path: String
        /// What browsers are told that it is.
        public var contentType: String
    }

    /// Files by the path that a browser asks for, decoded.
    private let files: [String: File]

    private static let contentTypes = [
        "html": "text/html; charset=utf-8", "json": "application/json", "ply": "application/octet-stream",
        "obj": "text/plain; charset=utf-8", "stl": "model/stl", "glb": "model/gltf-binary",
    ]

    /// A page, and the meshes and JSON files beside it.
    ///
    /// - Parameter path: A report, or a folder with a `report.html`. Beside a report of another name only files that begin with
    ///   that name are served: the folder may be anything.
    /// - Throws: `FileError` when there is no such page.
    public init(_ path: String) throws(FileError) {
        let isPage = path.hasSuffix(".html")
        let page = isPage ? path : "\(path)/report.html"
        let slash = page.lastIndex(of: "/")
        let folder = slash.map { $0 == page.startIndex ? "/" : String(page[..<$0]) } ?? "."
        let name = slash.map { String(page[page.index(after: $0)...]) } ?? page
        // Said now, not to a browser.
        _ = try InputFile.read(page)
        var files = ["/": File(path: page, contentType: Self.contentTypes["html"] ?? "")]
        let stem = name.dropLast(".html".count)
        for other in Folder.contents(of: folder) where !other.hasPrefix(".") {
            guard name == "report.html" || other.hasPrefix(stem), let type = Self.contentType(of: other),
                InputFile.isRegular("\(folder)/\(other)")
            else { continue }
            files["/\(other)"] = File(path: "\(folder)/\(other)", contentType: type)
        }
        self.files = files
    }

    /// The file behind a request's path, as it was sent; `nil` for anything else.
    public func file(for target: String) -> File? { target.removingPercentEncoding.flatMap { files[$0] } }

    private static func contentType(of name: String) -> String? {
        name.lastIndex(of: ".").flatMap { contentTypes[name[name.index(after: $0)...].lowercased()] }
    }
}
