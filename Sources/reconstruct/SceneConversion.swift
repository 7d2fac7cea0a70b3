// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SfM
import Storage

/// The work behind one `reconstruct convert`.
struct SceneConversion {
    /// What was written.
    struct Report: Encodable {
        let output: String
        let format: SceneFormat
        let cameras: Int
        let images: Int
        let points: Int

        var text: String {
            "\(output): \(cameras) camera(s), \(images) image(s), \(points) point(s) as \(format.rawValue)"
        }
    }

    let format: SceneFormat
    let input: String
    let output: String
    let photoFolder: String

    private var encoding: ColmapModel.Encoding? {
        switch format {
        case .colmapBinary: .binary
        case .colmapText: .text
        default: nil
        }
    }

    /// Throws when something would be replaced without leave, or when the result would not be found again.
    func checkOutput(replacing: Bool) throws {
        guard let encoding else { return try OutputFile.check(output, replacing: replacing) }
        let isInPlace = Self.withoutSlash(input) == Self.withoutSlash(output)
        // A binary model beside the text is what readers take; it may be there only when it is the source of the text.
        if encoding == .text && ColmapModel.encoding(in: output) == .binary && !isInPlace {
            throw CommandFailure(
                "\(output) holds a model as .bin, which would be read instead of the text. Choose another folder.")
        }
        guard FileManager.default.fileExists(atPath: output) else { return }
        for stem in ["cameras", "images", "points3D", "rigs", "frames"] {
            try OutputFile.check("\(output)/\(stem).\(encoding.rawValue)", replacing: replacing)
        }
    }

    func run() throws -> Report {
        guard (format == .database) == input.lowercased().hasSuffix(".db") else {
            throw CommandFailure("A database can only be written from a database (.db), and a model only from a model.")
        }
        if format == .database { return try rewriteDatabase() }
        let model = try SceneInput.read(input)
        switch format {
        case .colmapBinary: try ColmapModel.write(model, to: output, as: .binary)
        case .colmapText: try ColmapModel.write(model, to: output, as: .text)
        case .transforms: try TransformsFile.write(model, to: output, photoFolder: photoFolder)
        case .tum: try TumTrajectory(model).write(to: output)
        case .pointCloud: try ScenePointFile.write(model, to: output)
        case .database: break
        }
        return Report(
            output: output, format: format, cameras: model.cameras.count, images: model.images.count,
            points: model.points.count)
    }

    private func rewriteDatabase() throws -> Report {
        let content = try ColmapDatabase.read(input)
        try ColmapDatabase.write(content, to: output)
        return Report(
            output: output, format: format, cameras: content.cameras.count, images: content.images.count, points: 0)
    }

    private static func withoutSlash(_ path: String) -> Substring {
        var path = path[...]
        while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
