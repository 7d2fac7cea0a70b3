// SPDX-License-Identifier: Apache-2.0

/// Mesh file formats, named by their extension.
public enum MeshFileFormat: String, Sendable, CaseIterable, CustomStringConvertible {
    /// Stanford polygon file.
    case ply
    /// Wavefront object file.
    case obj
    /// Stereolithography file: loose triangles.
    case stl
    /// glTF 2.0 in one binary file; write only.
    case glb

    /// The format that the extension of `path` stands for, in any case.
    public init(path: String) throws(MeshFileError) {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), let format = Self(rawValue: name[dot...].dropFirst().lowercased())
        else { throw .unknownFormat(name: path) }
        self = format
    }

    /// Name for messages.
    public var description: String { rawValue.uppercased() }

    /// All extensions, for messages.
    public static var list: String { allCases.map { ".\($0.rawValue)" }.joined(separator: ", ") }
}

/// Whether numbers in a file are bytes or decimal text.
public enum MeshFileEncoding: Sendable {
    /// Little-endian bytes (OBJ, which has no such form, is text).
    case binary
    /// Decimal text.
    case text
}
