// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SfM

/// `reconstruct convert`
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Write cameras, poses and points in another format.",
        discussion: """
            Reads a COLMAP model (a folder with cameras, images and points3D as .bin or .txt; the binary ones when both \
            are there) or a transforms.json. The world is neither turned nor scaled. COLMAP's text and binary forms keep \
            every value; transforms.json and TUM trajectories hold no points, a point cloud holds no cameras. A database.db of \
            COLMAP 3 or 4 can be rewritten for COLMAP 4, and into nothing else.
            """)

    @Argument(help: "COLMAP model folder, transforms.json or database.db to read.", completion: .directory)
    var input: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Folder (COLMAP) or file to write.", valueName: "path"), completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            """
            Format to write: \(SceneFormat.allCases.map(\.rawValue).joined(separator: ", ")). Default: by the name of the \
            output: .json is transforms, .ply is ply, .tum is tum, .db is database; anything else is a folder for colmap-bin.
            """, valueName: "format"))
    var to: SceneFormat?

    @Option(
        help: ArgumentHelp(
            "For transforms.json: where the photos are, relative to it; put before every name.", valueName: "folder"))
    var photos = ""

    @Flag(help: "Replace existing output files.")
    var force = false

    @Flag(help: "Print what was written as one JSON object on standard output.")
    var json = false

    func run() throws {
        try withReportedErrors {
            let format = to ?? SceneFormat(outputName: output)
            let job = SceneConversion(format: format, input: input, output: output, photoFolder: photos)
            try job.checkOutput(replacing: force)
            let report = try job.run()
            print(json ? try JSONText.encode(report) : report.text)
        }
    }
}

extension SceneFormat: ExpressibleByArgument {}
