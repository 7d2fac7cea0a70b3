// SPDX-License-Identifier: Apache-2.0

import CCeres
import COpenCV
import GRDB

/// The system's libraries that photos are reconstructed with.
public enum LinkedLibraries {
    /// Name and version of each, as the library itself says.
    public static var versions: [(name: String, version: String)] {
        let sqlite = try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }
        return [
            ("OpenCV", String(cString: zs_opencv_version())), ("Ceres Solver", String(cString: zs_ceres_version())),
            ("SQLite", sqlite ?? "unknown"),
        ]
    }
}
