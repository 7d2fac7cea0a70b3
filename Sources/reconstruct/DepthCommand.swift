// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SfM
import Storage

/// `reconstruct depth`
struct DepthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "depth", abstract: "Find dense depth maps and oriented points by stereo, on the CPU.",
        discussion: """
            Writes dense.ply (coloured points with normals, in the frame of the model) and for each image a depth, a normal \
            and a confidence map in COLMAP's dense format (stereo/depth_maps/NAME.geometric.bin and so on; 0 where nothing \
            is known) with a preview of the normals. Maps belong to the undistorted pinhole cameras of stereo/sparse. \
            Depths are along the optical axis, normals in camera coordinates.

            Works on the workspace of `reconstruct map`, on another workspace, or on any COLMAP model with points. After an \
            interruption the same command continues and ends with the same bytes.
            """)

    @Argument(
        help: ArgumentHelp(
            "COLMAP model or workspace to use. Default: the output workspace's own.", valueName: "model"),
        completion: .directory)
    var model: String?
    @OptionGroup var photos: ModelPhotoFlags
    @OptionGroup var workspace: WorkspaceFlags
    @OptionGroup var choice: PhotoOptionFlags
    @OptionGroup var common: ComputingFlags

    func run() throws {
        try withReportedErrors {
            let options = try choice.resolved(seed: common.seed)
            if choice.printOptions { return print(try JSONText.encode(options)) }
            let input = try model.map { try DepthInput($0) }
            let isOwn = input.map { Folder.absolute($0.folder) == Folder.absolute(workspace.output) } ?? true
            try PhotoRun(workspace: try workspace.open(), options: options, common: common) { job in
                if let input, !isOwn { try job.adoptModel(input.model) }
                try job.findDepths(
                    photoFolder: photos.images ?? (isOwn ? nil : input?.photoFolder), masks: photos.masks)
            }
        }
    }
}

/// A model on the command line: a COLMAP model's folder, or a workspace that holds one.
private struct DepthInput {
    /// As given.
    let folder: String
    /// Folder of the COLMAP model.
    let model: String
    /// Where a workspace says that its photos are.
    let photoFolder: String?

    init(_ folder: String) throws {
        self.folder = folder
        guard Folder.exists("\(folder)/run.json"), Folder.exists("\(folder)/sparse/0") else {
            (model, photoFolder) = (folder, nil)
            return
        }
        let record = try Workspace.readRecord(of: folder)
        (model, photoFolder) = ("\(folder)/\(record.posedModelFolder)", record.photoFolder)
    }
}
