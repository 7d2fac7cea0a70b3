// SPDX-License-Identifier: Apache-2.0

import Storage

/// A cross-section file could not be turned into a ``SliceSet``.
public enum SliceFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The bytes could not be read from disk.
    case unreadable(FileError)
    /// The text breaks the grammar at `line` (from 1): `subject` should have been `expected`, but was `found`.
    case syntax(line: Int, subject: String, expected: String, found: String)
    /// The text is well formed, but no surface can be made from what it says.
    case unusable(SliceSetError)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .syntax(let line, let subject, let expected, let found):
            "line \(line): \(subject): expected \(expected), found \(found)"
        case .unusable(let error): error.description
        }
    }
}
