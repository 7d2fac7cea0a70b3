// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Mesh
import Storage

/// `reconstruct mesh simplify`
struct MeshSimplifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simplify", abstract: "Write a mesh with fewer triangles.",
        discussion: """
            Collapses edges where that changes the shape least (quadric error metric). The vertices that are left keep their \
            positions and colours; a closed surface stays closed. Reads .ply, .obj and .stl; writes .ply, .obj, .stl and .glb.
            """)

    @Argument(help: "Mesh to read.", completion: .file(extensions: ["ply", "obj", "stl"]))
    var input: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Mesh to write.", valueName: "file"),
        completion: .file(extensions: MeshFileFormat.allCases.map(\.rawValue)))
    var output: String

    @Option(help: ArgumentHelp("Stop at this many triangles.", valueName: "n"))
    var faces: Int?

    @Option(
        help: ArgumentHelp(
            "Stop before the surface moves by more than this, in percent of the diagonal of its box.",
            valueName: "percent"))
    var error: Double?

    @Flag(inversion: .prefixedNo, help: "Keep the vertices on the border of an open surface.")
    var keepBoundary = true

    @Flag(help: "Replace an existing output.")
    var force = false

    @Flag(help: "Print what was done as one JSON object on standard output.")
    var json = false

    /// The JSON output.
    private struct Report: Encodable {
        let output: String
        let trianglesBefore: Int
        let errorPercent: Double
        let mesh: MeshReport
    }

    func validate() throws {
        guard (faces == nil) != (error == nil) else { throw ValidationError("Give either --faces or --error.") }
        if let faces, faces < 4 { throw ValidationError("--faces is \(faces); it must be at least 4.") }
        if let error, !(error > 0 && error <= 100) {
            throw ValidationError("--error is \(error); it must be above 0 and at most 100 %.")
        }
    }

    func run() throws {
        try withReportedErrors {
            try MeshOutput.checkFormat(output)
            try OutputFile.check(output, replacing: force)
            let mesh = try NamedFileError.naming(input) { try MeshFile.read(input) }
            var options = SimplificationOptions(goal: faces.map { .faces($0) } ?? .error(percentOfDiagonal: error ?? 0))
            options.keepsBoundary = keepBoundary
            let result = try Simplification(of: mesh, options: options)
            try NamedFileError.naming(output) { try MeshFile.write(result.mesh, to: output) }
            let report = try MeshReport(of: result.mesh)
            if json {
                print(
                    try JSONText.encode(
                        Report(
                            output: output, trianglesBefore: mesh.triangles.count, errorPercent: result.errorPercent,
                            mesh: report)))
                return
            }
            print(
                "\(output): \(report.triangles) of \(mesh.triangles.count) triangles, \(report.vertices) vertices, "
                    + "error \(rounded(result.errorPercent, places: 4)) % of the diagonal, "
                    + (report.isClosed ? "closed" : "open") + (report.isManifold ? "" : ", NOT manifold"))
            if let faces, report.triangles > faces {
                print("Fewer than \(report.triangles) triangles would have broken the surface or its border.")
            }
        }
    }
}
