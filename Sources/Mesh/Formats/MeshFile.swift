// SPDX-License-Identifier: Apache-2.0

import Storage

/// Reads and writes meshes in the format that a file's extension names.
public enum MeshFile {
    /// Reads a PLY, OBJ or STL file.
    ///
    /// Any content gives either a mesh that satisfies ``TriangleMesh/checkInvariants()`` or an error, in memory
    /// proportional to the file's size.
    ///
    /// - Throws: ``MeshFileError``.
    public static func read(_ path: String) throws(MeshFileError) -> TriangleMesh {
        let format = try MeshFileFormat(path: path)
        guard format != .glb else { throw .notReadable(format) }
        let bytes: [UInt8]
        do { bytes = try InputFile.read(path) } catch { throw .file(error) }
        return try decode(bytes, as: format)
    }

    /// Reads a mesh from the bytes of a file.
    public static func decode(_ bytes: [UInt8], as format: MeshFileFormat) throws(MeshFileError) -> TriangleMesh {
        let result = bytes.withUnsafeBytes { buffer -> Result<TriangleMesh, MeshFileError> in
            do throws(MeshFileError) {
                switch format {
                case .ply: return .success(try PLYReader.read(buffer))
                case .obj: return .success(try OBJReader.read(buffer))
                case .stl: return .success(try STLReader.read(buffer))
                case .glb: throw .notReadable(format)
                }
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// The bytes of a file, in pieces.
    public static func encode(
        _ mesh: TriangleMesh, as format: MeshFileFormat, encoding: MeshFileEncoding = .binary
    ) throws(MeshFileError) -> [[UInt8]] {
        do { try mesh.checkInvariants() } catch { throw .invalidMesh(error) }
        switch (format, encoding) {
        case (.ply, .binary): return PLYWriter.binary(mesh)
        case (.ply, .text): return PLYWriter.text(mesh)
        case (.obj, _): return OBJWriter.text(mesh)
        case (.stl, .binary): return STLWriter.binary(mesh)
        case (.stl, .text): return STLWriter.text(mesh)
        case (.glb, .binary): return GLBWriter.binary(mesh)
        case (.glb, .text): throw .noTextForm(format)
        }
    }

    /// Writes a file whole, in the format of its extension; an existing file is replaced.
    public static func write(
        _ mesh: TriangleMesh, to path: String, encoding: MeshFileEncoding = .binary
    ) throws(MeshFileError) {
        let chunks = try encode(mesh, as: try MeshFileFormat(path: path), encoding: encoding)
        do { try OutputFile.write(chunks, to: path) } catch { throw .file(error) }
    }
}
