// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Mesh
import Storage

/// `reconstruct mesh clean`
struct MeshCleanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean", abstract: "Write a mesh without debris, doubled faces and small holes.",
        discussion: """
            Joins vertices at equal positions, drops collapsed and doubled triangles, turns triangles so that neighbours \
            agree and a closed surface looks outwards, drops small components and fills small holes. Reads .ply, .obj and .stl; \
            writes .ply, .obj, .stl and .glb.
            """)

    @Argument(help: "Mesh to read.", completion: .file(extensions: ["ply", "obj", "stl"]))
    var input: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Mesh to write.", valueName: "file"),
        completion: .file(extensions: MeshFileFormat.allCases.map(\.rawValue)))
    var output: String

    @Option(
        help: ArgumentHelp(
            "Drop components with less than this share of the area of the largest, 0 to 1; 0 keeps all.",
            valueName: "share"))
    var minimumShare = MeshCleaningOptions().minimumAreaShare

    @Option(
        help: ArgumentHelp(
            "Drop triangles with a vertex of less confidence than this, 0 to 1; surfaces from photos (.ply) carry it.",
            valueName: "confidence"))
    var minimumConfidence = MeshCleaningOptions().minimumConfidence

    @Option(
        help: ArgumentHelp(
            "Fill holes whose boundary is at most this long, in percent of the diagonal; 0 fills none.",
            valueName: "percent"))
    var fillHoles = MeshCleaningOptions().holePerimeterPercent

    @Flag(inversion: .prefixedNo, help: "Turn triangles so that they look outwards.")
    var orient = MeshCleaningOptions().orients

    @Flag(help: "Replace an existing output.")
    var force = false

    @Flag(help: "Print what was done as one JSON object on standard output.")
    var json = false

    /// The JSON output.
    private struct Report: Encodable {
        let output: String
        let cleaning: MeshCleaning.Report
        let mesh: MeshReport
    }

    private var options: MeshCleaningOptions {
        var options = MeshCleaningOptions()
        options.minimumAreaShare = minimumShare
        options.minimumConfidence = minimumConfidence
        options.holePerimeterPercent = fillHoles
        options.orients = orient
        return options
    }

    func validate() throws {
        guard (0...1).contains(minimumShare) else { throw ValidationError("--minimum-share must be 0 to 1.") }
        guard (0...1).contains(minimumConfidence) else {
            throw ValidationError("--minimum-confidence must be 0 to 1.")
        }
        guard (0...100).contains(fillHoles) else { throw ValidationError("--fill-holes must be 0 to 100.") }
    }

    func run() throws {
        try withReportedErrors {
            try MeshOutput.checkFormat(output)
            try OutputFile.check(output, replacing: force)
            let mesh = try NamedFileError.naming(input) { try MeshFile.read(input) }
            let result = try MeshCleaning(of: mesh, options: options)
            try NamedFileError.naming(output) { try MeshFile.write(result.mesh, to: output) }
            let (report, done) = (try MeshReport(of: result.mesh), result.report)
            if json {
                return print(try JSONText.encode(Report(output: output, cleaning: done, mesh: report)))
            }
            print(
                "\(output): \(report.triangles) of \(mesh.triangles.count) triangles, \(report.components) component(s), "
                    + (report.isClosed ? "closed" : "open") + (report.isManifold ? "" : ", NOT manifold"))
            print(
                "dropped: \(done.droppedVertices) vertices, \(done.collapsedFaces) collapsed and \(done.duplicateFaces) "
                    + "doubled triangles, \(done.doubtfulFaces) of little confidence, \(done.droppedComponents) component(s); turned \(done.turnedFaces) triangles; "
                    + "filled \(done.filledHoles) hole(s)")
            if !done.isOrientable {
                print("The surface has only one side in places; no orientation can be consistent.")
            }
        }
    }
}
