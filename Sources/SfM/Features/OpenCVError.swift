// SPDX-License-Identifier: Apache-2.0

import COpenCV

/// OpenCV refused a computation.
public struct OpenCVError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was computed, as a noun.
    public var operation: String
    /// The library's own words.
    public var reason: String

    /// The failure that the last call on this thread left.
    init(lastFailureOf operation: String) {
        self.operation = operation
        reason = String(cString: zs_opencv_last_error())
    }

    /// What happened, to what, and what to do.
    public var description: String {
        "OpenCV \(String(cString: zs_opencv_version())) failed at \(operation): \(reason). "
            + "If memory is short, use smaller pictures or fewer threads."
    }
}
