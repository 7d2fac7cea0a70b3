// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Mesh

/// `reconstruct mesh info`
struct MeshInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what meshes are made of and whether they are closed and manifold.",
        discussion: """
            Reads .ply, .obj and .stl. Lengths, areas and volumes are in the units of the file. \
            Exit code 1 when a file could not be read; the others are still reported.
            """)

    @Argument(help: "Mesh files.", completion: .file(extensions: ["ply", "obj", "stl"]))
    var files: [String]

    @Flag(help: "Print one JSON array with an object for each file.")
    var json = false

    /// One element of the JSON output.
    private struct Entry: Encodable {
        let file: String
        let mesh: MeshReport
    }

    func run() throws {
        var entries: [Entry] = []
        for file in files {
            do {
                let report = try NamedFileError.naming(file) { try MeshReport(of: try MeshFile.read(file)) }
                entries.append(Entry(file: file, mesh: report))
                if !json { print(MeshReportText(report, name: file).text) }
            } catch {
                StandardError.write("error: \(error)\n")
            }
        }
        if json { print(try JSONText.encode(entries)) }
        if entries.count < files.count { throw ExitCode(1) }
    }
}
