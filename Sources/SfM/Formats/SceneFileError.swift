// SPDX-License-Identifier: Apache-2.0

import Storage

/// A file with cameras, poses, points or matches could not be read or written.
public enum SceneFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Where in a file.
    public enum Place: Equatable, Sendable {
        /// Line, from 1.
        case line(Int)
        /// Offset, from 0.
        case byte(Int)
        /// A row of a table or an element of a list, as `images 7`.
        case entry(String)
    }

    /// There is nothing of the kind at this path.
    case missing(path: String, what: String)
    /// The content breaks the rules of its format.
    case malformed(file: String, Place, String)
    /// A camera has a model that we cannot compute with.
    case unsupportedCameraModel(file: String, Place, model: String)
    /// The value breaks a rule of the format that it should be written in.
    case notRepresentable(String)
    /// SQLite refused.
    case database(path: String, reason: String)
    /// The operating system refused.
    case file(FileError)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .missing(let path, let what): "\(path) holds no \(what)."
        case .malformed(let file, let place, let reason): "\(file) is damaged: \(Self.words(place)): \(reason)"
        case .unsupportedCameraModel(let file, let place, let model):
            "\(file), \(Self.words(place)): the camera model \(model) is not supported. Undistort the pictures first, or use "
                + CameraModelName.supported + "."
        case .notRepresentable(let reason): reason
        case .database(let path, let reason): "Cannot use the database \(path): \(reason)."
        case .file(let error): error.description
        }
    }

    private static func words(_ place: Place) -> String {
        switch place {
        case .line(let line): "line \(line)"
        case .byte(let byte): "byte \(byte)"
        case .entry(let entry): entry
        }
    }
}

extension SceneFileError {
    /// Runs a parser on the bytes of a file.
    static func parsing<Value>(
        _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(SceneFileError) -> Value
    ) throws(SceneFileError) -> Value {
        let result = bytes.withUnsafeBytes { buffer -> Result<Value, SceneFileError> in
            do throws(SceneFileError) { return .success(try body(buffer)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Reads a whole file.
    static func bytes(of path: String) throws(SceneFileError) -> [UInt8] {
        do { return try InputFile.read(path) } catch { throw .file(error) }
    }

    /// Writes a whole file.
    static func write(_ chunks: [[UInt8]], to path: String) throws(SceneFileError) {
        do { try OutputFile.write(chunks, to: path) } catch { throw .file(error) }
    }
}
