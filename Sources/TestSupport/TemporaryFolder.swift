// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A folder that is deleted, with all it holds, when the last reference to it goes away.
public final class TemporaryFolder: Sendable {
    private let url: URL

    /// Makes an empty folder among the system's temporary ones.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("zeroset-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The full path of the folder itself.
    public var root: String { url.path }

    /// The full path of a name in the folder.
    public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Names in the folder, sorted.
    public func contents() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
}
