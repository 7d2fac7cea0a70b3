// SPDX-License-Identifier: Apache-2.0

import Storage

/// A mesh file could not be read or written. The caller knows, and says, which file it was.
public enum MeshFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Where in a file.
    public enum Place: Equatable, Sendable {
        /// Line, from 1.
        case line(Int)
        /// Offset, from 0.
        case byte(Int)
    }

    /// The name's extension belongs to no known format.
    case unknownFormat(name: String)
    /// The format is written but not read.
    case notReadable(MeshFileFormat)
    /// The format has no text form.
    case noTextForm(MeshFileFormat)
    /// The content breaks the rules of its format.
    case malformed(MeshFileFormat, Place, String)
    /// The mesh breaks a rule that every file needs.
    case invalidMesh(MeshInvariantError)
    /// The operating system refused.
    case file(FileError)

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .unknownFormat(let name): "\(name) has no known extension; use \(MeshFileFormat.list)."
        case .notReadable(let format): "\(format.rawValue) files can be written but not read; use .ply, .obj or .stl."
        case .noTextForm(let format): "\(format.rawValue) files have no text form; leave --ascii out."
        case .malformed(let format, .line(let line), let reason): "not a valid \(format) file: line \(line): \(reason)"
        case .malformed(let format, .byte(let byte), let reason): "not a valid \(format) file: byte \(byte): \(reason)"
        case .invalidMesh(let error): error.description
        case .file(let error): error.description
        }
    }
}
