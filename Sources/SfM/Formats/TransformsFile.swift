// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry
import Storage

/// Reads and writes `transforms.json`, the input of nerfstudio and instant-ngp: cameras and poses without points.
///
/// `transform_matrix` is `worldFromCamera` with OpenGL's camera axes (x right, y up, z backwards), so its second and third
/// columns are ours with the opposite sign. The world is never turned or scaled: `applied_transform` is the identity in
/// what is written, and not undone in what is read, where it only says how the file came about.
public enum TransformsFile {
    /// Reads a file. Image names are its `file_path`s without a leading `./`; IDs are its `colmap_im_id`s when all frames
    /// have one, else 1, 2, …; frames with equal intrinsics share a camera.
    ///
    /// - Throws: ``SceneFileError``: no JSON, a missing or impossible number, a matrix that is no rigid motion, fisheye or
    ///   other unsupported lenses.
    public static func read(_ path: String) throws(SceneFileError) -> Reconstruction {
        try decode(try SceneFileError.bytes(of: path), file: path)
    }

    /// Reads the bytes of a file; `file` is its name in errors.
    ///
    /// - Throws: ``SceneFileError``.
    public static func decode(
        _ bytes: [UInt8], file: String = "transforms.json"
    ) throws(SceneFileError) -> Reconstruction {
        let document: TransformsDocument
        do {
            document = try JSONDecoder().decode(TransformsDocument.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw .malformed(file: file, .entry(error.place), "\(error.reason).")
        } catch {
            throw .malformed(file: file, .byte(0), "it is not valid JSON.")
        }
        return try document.reconstruction(file: file)
    }

    /// The bytes of a file, in pieces; the same model gives the same bytes.
    ///
    /// - Parameters:
    ///   - model: Its points are not part of the file.
    ///   - photoFolder: Path of the photos relative to the file; empty when the names are relative to it already.
    ///   - pointFile: Name of a point cloud beside the file, for `ply_file_path`.
    public static func encode(
        _ model: Reconstruction, photoFolder: String = "", pointFile: String? = nil
    ) -> [[UInt8]] {
        TransformsWriter(model: model, photoFolder: photoFolder, pointFile: pointFile).chunks()
    }

    /// Writes a file whole; an existing one is replaced.
    ///
    /// - Throws: ``SceneFileError/file(_:)``.
    public static func write(
        _ model: Reconstruction, to path: String, photoFolder: String = "", pointFile: String? = nil
    ) throws(SceneFileError) {
        try SceneFileError.write(encode(model, photoFolder: photoFolder, pointFile: pointFile), to: path)
    }
}

extension DecodingError {
    private var context: Context? {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            context
        @unknown default: nil
        }
    }

    /// Where in the document, as `frames 3 transform_matrix`.
    fileprivate var place: String {
        let path = (context?.codingPath ?? []).map { $0.intValue.map { "\($0)" } ?? $0.stringValue }
        return path.isEmpty ? "top level" : path.joined(separator: " ")
    }

    fileprivate var reason: String {
        switch self {
        case .keyNotFound(let key, _): "\(key.stringValue) is missing"
        case .typeMismatch, .valueNotFound: "a value of the wrong type"
        default: "it is not valid JSON"
        }
    }
}
