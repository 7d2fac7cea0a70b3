// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Data sets too large, or not free enough, to live in the repository.
///
/// Tests that need them are skipped when they are absent.
public enum SharedData {
    /// The folder named by the environment variable `ZEROSET_SHARED`, else `../shared` beside the package; `nil` when there
    /// is no such folder.
    public static let folder: String? = {
        let path = getenv("ZEROSET_SHARED").map { String(cString: $0) } ?? sibling("shared")
        return access(path, R_OK | X_OK) == 0 ? path : nil
    }()

    /// The full path of a file in the folder, or `nil` when it is not there.
    public static func path(_ name: String) -> String? {
        guard let folder else { return nil }
        let path = "\(folder)/\(name)"
        return access(path, R_OK) == 0 ? path : nil
    }

    /// The root folder of the package, from the place of this source file.
    public static let packageRoot: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/")
    }()

    private static func sibling(_ name: String) -> String { "\(packageRoot)/../\(name)" }
}
