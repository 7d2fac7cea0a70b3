// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Geometry
import Images
import Mesh
import Storage

/// Writes a model and its meshes in the frame of the world: `sparse/0`, `points.ply`, `transforms.json`, meshes and dense
/// points under their own names, and `transform.json` with the map.
public struct WorldOutput {
    /// Folder of a workspace, or of a COLMAP model alone.
    public let source: String
    /// Where the photos are, for GPS and `transforms.json`; `nil` when that is not known.
    public let photoFolder: String?

    /// Files of a workspace that are mapped when they are there; point clouds are meshes without faces.
    private static let meshNames = ["mesh", "dense"]

    /// Takes what `source` holds.
    public init(source: String, photoFolder: String?) {
        self.source = source
        self.photoFolder = photoFolder
    }

    /// Where the photos of a workspace are, by its record; `nil` for other folders.
    public static func photoFolder(of workspace: String) -> String? {
        guard let bytes = try? InputFile.read("\(workspace)/run.json", limit: 256 << 20),
            let record = try? JSONDecoder().decode(WorkspaceRecord.self, from: Data(bytes))
        else { return nil }
        return record.photoFolder
    }

    /// Finds the map from the model and the options, without writing anything.
    ///
    /// - Throws: ``FrameError``, ``SceneFileError``.
    public func find(_ options: FrameOptions) throws -> FrameReport {
        try WorldFrame.find(try model(), options: options, metadata: metadata)
    }

    /// Writes everything into a new folder that takes the place of `target` when it is complete.
    ///
    /// - Parameters:
    ///   - report: Holds the map that is applied; becomes `transform.json`.
    ///   - target: A folder that is missing, empty, or was written by this function before.
    /// - Returns: Names of the files, relative to `target`.
    /// - Throws: ``FrameError/foreignFolder(path:)``, `SceneFileError`, `MeshFileError`, `FileError`.
    @discardableResult
    public func write(_ report: FrameReport, to target: String) throws -> [String] {
        // A slash at the end would put the unfinished folder inside the one that is removed.
        var target = target
        while target.count > 1, target.hasSuffix("/") { target.removeLast() }
        guard Folder.contents(of: target).isEmpty || Folder.exists("\(target)/transform.json") else {
            throw FrameError.foreignFolder(path: target)
        }
        let map = report.worldFromModel
        let unfinished = "\(target).unfinished"
        Folder.remove(unfinished)
        try Folder.create("\(unfinished)/sparse/0")
        let model = try model().transformed(by: map)
        try ColmapModel.write(model, to: "\(unfinished)/sparse/0", as: .binary)
        try ScenePointFile.write(model, to: "\(unfinished)/points.ply")
        try TransformsFile.write(
            model, to: "\(unfinished)/transforms.json", photoFolder: photoFolder ?? "", pointFile: "points.ply")
        var files = ["cameras", "images", "points3D"].map { "sparse/0/\($0).bin" }
        files += ["points.ply", "transforms.json"]
        for name in meshFiles {
            // GLB is written only; its mesh is the one of the PLY beside it.
            let isBinary = name.hasSuffix(".glb")
            let path = "\(source)/\(isBinary ? String(name.dropLast(4)) + ".ply" : name)"
            try MeshFile.write(try MeshFile.read(path).transformed(by: map), to: "\(unfinished)/\(name)")
            files.append(name)
        }
        try OutputFile.write(try Workspace.json(report), to: "\(unfinished)/transform.json")
        files.append("transform.json")
        try Folder.replace(target, with: unfinished)
        return files
    }

    private var meshFiles: [String] {
        Self.meshNames.flatMap { stem in
            MeshFileFormat.allCases.map { "\(stem).\($0.rawValue)" }.filter { name in
                Folder.exists("\(source)/\(name)")
                    && (!name.hasSuffix(".glb") || Folder.exists("\(source)/\(stem).ply"))
            }
        }
    }

    private func model() throws -> Reconstruction {
        let inner = ["\(source)/refined/sparse/0", "\(source)/sparse/0"]
        let folder = inner.first { Folder.exists($0) } ?? source
        return try ColmapModel.read(folder, repeatedObservations: .kept).reconstruction
    }

    private var metadata: ((String) -> ExifMetadata?)? {
        photoFolder.map { folder in { name in try? ImageFile.header(of: "\(folder)/\(name)").exif } }
    }
}
