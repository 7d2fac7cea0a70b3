// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry
import Glibc
import Storage

/// Reads and writes COLMAP's model folders: `cameras`, `images` and `points3D`, each `.bin` or `.txt`.
///
/// Only the three classic files are written; COLMAP 4 takes each camera of such a model as a rig of its own. Its `rigs` and
/// `frames` files are not read: `images` holds `cameraFromWorld` of every image all the same.
public enum ColmapModel {
    /// How the three files are written.
    public enum Encoding: String, Sendable, CaseIterable {
        /// Little-endian numbers, `.bin`.
        case binary = "bin"
        /// One object a line, shortest decimals that read back to the same bits, `.txt`.
        case text = "txt"
    }

    /// What becomes of further keypoints of an image that a track has already; one in two hundred of COLMAP's observations.
    public enum RepeatedObservations: Sendable {
        /// They are left out, so that the model satisfies ``Reconstruction/violatedInvariants(allowingRepeatedImages:)``.
        case dropped
        /// They stay: for conversion and evaluation, where nothing may change.
        case kept
    }

    /// What a folder holds.
    public struct Contents: Hashable, Sendable {
        /// Cameras, images and points.
        public var reconstruction: Reconstruction
        /// Links between points and keypoints that were left out because only one side knew them, or because a track had
        /// a second keypoint of one image and such are dropped.
        public var droppedObservations: Int
    }

    /// Reads a folder; where both forms are there, the binary one. Without points files there are no points.
    ///
    /// Numbers keep their bits, quaternions too when they have length 1 to rounding.
    ///
    /// - Throws: ``SceneFileError`` when there is no model or a file is damaged: counts that the file cannot hold, numbers
    ///   that are not finite, IDs used twice, links to nothing, unknown camera models.
    public static func read(
        _ folder: String, repeatedObservations: RepeatedObservations = .dropped
    ) throws(SceneFileError) -> Contents {
        guard let encoding = encoding(in: folder) else {
            throw .missing(path: folder, what: "COLMAP model (cameras and images as .bin or .txt)")
        }
        let path = { (stem: String) in "\(folder)/\(stem).\(encoding.rawValue)" }
        let points = access(path("points3D"), F_OK) == 0 ? try SceneFileError.bytes(of: path("points3D")) : nil
        return try decode(
            cameras: try SceneFileError.bytes(of: path("cameras")),
            images: try SceneFileError.bytes(of: path("images")), points: points, as: encoding,
            repeatedObservations: repeatedObservations)
    }

    /// The form in which a folder would be read, or `nil` when it holds no model.
    public static func encoding(in folder: String) -> Encoding? {
        Encoding.allCases.first { encoding in
            ["cameras", "images"].allSatisfy { access("\(folder)/\($0).\(encoding.rawValue)", F_OK) == 0 }
        }
    }

    /// `folder` when it holds a model, else that of its sub-folders whose model has the most images (the first by name among
    /// equals), as mappers leave several.
    ///
    /// - Throws: ``SceneFileError`` when there is none, or one of several is damaged.
    public static func largestModel(under folder: String) throws(SceneFileError) -> String {
        if encoding(in: folder) != nil { return folder }
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        let models = names.map { "\(folder)/\($0)" }.filter { encoding(in: $0) != nil }
        guard models.count != 1 else { return models[0] }
        var best: (path: String, images: Int)?
        for path in models {
            let images = try read(path).reconstruction.images.count
            if best.map({ images > $0.images }) ?? true { best = (path, images) }
        }
        guard let best else {
            throw .missing(
                path: folder, what: "COLMAP model (cameras and images as .bin or .txt), nor do its sub-folders")
        }
        return best.path
    }

    /// Reads a `cameras.txt` or `cameras.bin` alone.
    ///
    /// - Throws: ``SceneFileError``.
    public static func readCameras(_ path: String) throws(SceneFileError) -> [CameraID: Camera] {
        let bytes = try SceneFileError.bytes(of: path)
        return try SceneFileError.parsing(bytes) { buffer throws(SceneFileError) in
            path.hasSuffix(".bin")
                ? try ColmapBinaryReader.cameras(buffer, file: path) : try ColmapTextReader.cameras(buffer, file: path)
        }
    }

    /// Reads a model from the bytes of its files.
    ///
    /// - Throws: ``SceneFileError``.
    public static func decode(
        cameras: [UInt8], images: [UInt8], points: [UInt8]?, as encoding: Encoding,
        repeatedObservations: RepeatedObservations = .dropped
    ) throws(SceneFileError) -> Contents {
        let name = { (stem: String) in "\(stem).\(encoding.rawValue)" }
        var parts = ColmapModelParts()
        parts.cameras = try SceneFileError.parsing(cameras) { buffer throws(SceneFileError) in
            switch encoding {
            case .binary: try ColmapBinaryReader.cameras(buffer, file: name("cameras"))
            case .text: try ColmapTextReader.cameras(buffer, file: name("cameras"))
            }
        }
        parts.images = try SceneFileError.parsing(images) { buffer throws(SceneFileError) in
            switch encoding {
            case .binary: try ColmapBinaryReader.images(buffer, file: name("images"))
            case .text: try ColmapTextReader.images(buffer, file: name("images"))
            }
        }
        parts.points = try SceneFileError.parsing(points ?? encoding.emptyPoints) { buffer throws(SceneFileError) in
            switch encoding {
            case .binary: try ColmapBinaryReader.points(buffer, file: name("points3D"))
            case .text: try ColmapTextReader.points(buffer, file: name("points3D"))
            }
        }
        return try parts.linked(
            repeated: repeatedObservations, imagesFile: name("images"), pointsFile: name("points3D"))
    }

    /// The three files as name and content, cameras first; the same model gives the same bytes.
    ///
    /// - Throws: ``SceneFileError/notRepresentable(_:)`` for a model that breaks an invariant, or a name that the form
    ///   cannot hold.
    public static func encode(
        _ model: Reconstruction, as encoding: Encoding
    ) throws(SceneFileError) -> [(name: String, chunks: [[UInt8]])] {
        if let problem = model.violatedInvariants(allowingRepeatedImages: true).first {
            throw .notRepresentable("The model cannot be written: \(problem).")
        }
        guard model.points[.max] == nil else { throw .notRepresentable("Point ID \(PointID.max) means no point.") }
        for id in model.imageIDs { try checkName(model.images[id]?.name ?? "", of: id, encoding) }
        switch encoding {
        case .binary:
            return [
                ("cameras.bin", ColmapBinaryWriter.cameras(model)), ("images.bin", ColmapBinaryWriter.images(model)),
                ("points3D.bin", ColmapBinaryWriter.points(model)),
            ]
        case .text:
            return [
                ("cameras.txt", ColmapTextWriter.cameras(model)), ("images.txt", ColmapTextWriter.images(model)),
                ("points3D.txt", ColmapTextWriter.points(model)),
            ]
        }
    }

    /// Writes the three files into `folder`, which is made when missing; each file appears whole.
    ///
    /// `rigs` and `frames` files of the same form are removed: they would describe another model.
    ///
    /// - Throws: ``SceneFileError``.
    public static func write(
        _ model: Reconstruction, to folder: String, as encoding: Encoding = .binary
    ) throws(SceneFileError) {
        let files = try encode(model, as: encoding)
        if mkdir(folder, 0o777) != 0 && errno != EEXIST {
            let reason = String(cString: strerror(errno))
            throw .file(.system(path: folder, action: "make the folder", reason: reason))
        }
        for stem in ["rigs", "frames"] { OutputFile.remove("\(folder)/\(stem).\(encoding.rawValue)") }
        for file in files { try SceneFileError.write(file.chunks, to: "\(folder)/\(file.name)") }
    }

    private static func checkName(_ name: String, of id: ImageID, _ encoding: Encoding) throws(SceneFileError) {
        guard !name.isEmpty, !name.utf8.contains(0) else {
            throw .notRepresentable("The name of image \(id) is empty or has a NUL character.")
        }
        guard encoding == .text else { return }
        let isSpace = { (byte: UInt8?) in byte.map { $0 <= 0x20 } ?? false }
        guard !name.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D }), !isSpace(name.utf8.first),
            !isSpace(name.utf8.last)
        else {
            throw .notRepresentable(
                "The name of image \(id) begins or ends with a space or has a line end, which text cannot hold; write .bin."
            )
        }
    }
}

extension ColmapModel.Encoding {
    /// A points file without points.
    fileprivate var emptyPoints: [UInt8] { self == .binary ? Array(repeating: 0, count: 8) : [] }
}
