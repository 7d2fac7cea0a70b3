// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SfM
import Storage

/// `reconstruct transform`
struct TransformCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transform", abstract: "Turn and scale a result to the axes and units of the world.",
        discussion: """
            Reads a workspace (sparse/0, meshes) or a COLMAP model, finds the map by --up, --scale-from or both, and writes \
            everything mapped into a new folder, with the map and its residuals as transform.json. The input stays as it is. \
            Up becomes +z; without positions the model's origin stays. With positions or gps the axes are theirs.
            """)

    @Argument(help: "Workspace or COLMAP model folder.", completion: .directory)
    var input: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Folder to write.", valueName: "folder"), completion: .directory)
    var output: String

    @OptionGroup var frame: FrameFlags

    @Option(
        help: ArgumentHelp("Folder of the photos, for gps. Default: that of the workspace.", valueName: "folder"),
        completion: .directory)
    var photos: String?

    @Option(help: ArgumentHelp("Seed of the robust fits.", valueName: "n"))
    var seed: UInt64 = 1

    @Flag(help: "Replace an existing folder.")
    var force = false

    @Flag(help: "Print the map and its residuals as one JSON object on standard output.")
    var json = false

    func validate() throws {
        guard frame.isGiven else { throw ValidationError("Give --up, --scale-from, or both.") }
    }

    func run() throws {
        try withReportedErrors {
            guard Folder.exists(input) else { throw CommandFailure("\(input) does not exist.") }
            if Folder.exists(output) {
                let (from, to) = (Folder.absolute(input), Folder.absolute(output))
                guard from != to, !from.hasPrefix(to + "/") else {
                    throw CommandFailure("\(output) holds the input. Choose another folder.")
                }
                guard force || Folder.contents(of: output).isEmpty else { throw FileError.exists(path: output) }
            }
            let world = WorldOutput(source: input, photoFolder: photos ?? WorldOutput.photoFolder(of: input))
            let report = try world.find(try frame.options(seed: seed))
            try world.write(report, to: output)
            print(json ? try JSONText.encode(report) : FrameReportText(report, folder: output).text)
        }
    }
}
