// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Geometry
import Mesh
import SfM

/// `reconstruct evaluate mesh`
struct EvaluateMeshCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mesh", abstract: "Compare a mesh with a reference mesh.",
        discussion: """
            Without --cameras the whole of both surfaces is compared: volume by counting points of a grid inside, distances \
            between points drawn on both (chamfer, Hausdorff, F-scores at 0.5, 1 and 2 % of the diagonal of the reference's \
            box), normals, topology.

            With --cameras only what they see is compared, within the reference's box grown by 5 % of its diagonal: accuracy \
            from the mesh to the truth (reference and --context), completeness from points of the reference that \
            --views cameras see to the mesh, F-scores at 0.25, 0.5 and 1 %. With --model, the model that the mesh was made \
            with, the mesh is first moved by the similarity between the two models' camera centres; without it the mesh is \
            taken as it is. The reference may then be scanned points, a PLY file without faces: accuracy is the distance to \
            the nearest point, completeness counts points that lie on --views pictures.
            """)

    @Argument(help: "Mesh to judge.", completion: .file(extensions: ["ply", "obj", "stl"]))
    var mesh: String

    @Option(
        help: ArgumentHelp("True surface; with --cameras a mesh or points.", valueName: "mesh"),
        completion: .file(extensions: ["ply", "obj", "stl"]))
    var reference: String

    @Option(
        help: ArgumentHelp(
            "Further true surface, such as the ground: it hides, and a mesh near it is not wrong. Can be repeated.",
            valueName: "mesh"), completion: .file(extensions: ["ply", "obj", "stl"]))
    var context: [String] = []

    @Option(
        help: ArgumentHelp(
            "True model (COLMAP folder or transforms.json): judge what its cameras see.", valueName: "model"),
        completion: .directory)
    var cameras: String?

    @Option(
        help: ArgumentHelp(
            "Model in whose frame the mesh is. Default: the mesh is in the true frame.", valueName: "model"),
        completion: .directory)
    var model: String?

    @Option(help: "Cameras that must see a point of the reference. Default: \(SeenSurfaceOptions().minimumViews).")
    var views: Int?

    @Option(
        help: """
            Points drawn on each surface. Default: \(MeshComparisonOptions().samples), with --cameras \
            \(SeenSurfaceOptions().samples).
            """)
    var samples: Int?

    @Option(help: "Points of the volume grid along each axis. Default: \(MeshComparisonOptions().gridCells).")
    var grid: Int?

    @OptionGroup var common: ComputingFlags

    func validate() throws {
        guard cameras == nil else {
            if grid != nil { throw ValidationError("--grid has no use with --cameras.") }
            return
        }
        guard context.isEmpty, model == nil, views == nil else {
            throw ValidationError("--context, --model and --views need --cameras.")
        }
    }

    func run() throws {
        try withReportedErrors {
            let subject = try NamedFileError.naming(mesh) { try MeshFile.read(mesh) }
            let truth = try NamedFileError.naming(reference) { try MeshFile.read(reference) }
            if let cameras {
                try compareSeen(subject, truth, cameras: cameras)
            } else {
                try compareWhole(subject, truth)
            }
        }
    }

    private func compareWhole(_ subject: TriangleMesh, _ truth: TriangleMesh) throws {
        var options = MeshComparisonOptions()
        if let samples { options.samples = samples }
        if let grid { options.gridCells = grid }
        if let seed = common.seed { options.seed = seed }
        let result = try MeshComparison(of: subject, with: truth, options: options, threads: common.threadCount)
        print(common.json ? try JSONText.encode(result) : MeshEvaluationText(result).text)
    }

    private func compareSeen(_ subject: TriangleMesh, _ truth: TriangleMesh, cameras: String) throws {
        var options = SeenSurfaceOptions()
        if let samples { options.samples = samples }
        if let views { options.minimumViews = views }
        if let seed = common.seed { options.seed = seed }
        let trueModel = try SceneInput.readLargest(cameras)
        guard !truth.triangles.isEmpty || context.isEmpty else {
            throw ValidationError("--context needs a reference with faces.")
        }
        let further = try context.map { path in try NamedFileError.naming(path) { try MeshFile.read(path) } }
        let moved = try model.map { path in
            let estimate = try SceneInput.readLargest(path)
            return subject.transformed(
                by: try ModelAlignment.truthFromEstimate(estimate: estimate, truth: trueModel))
        }
        if truth.triangles.isEmpty {
            let result = try SeenScanEvaluation(
                of: moved ?? subject, scan: truth.positions, cameras: trueModel, options: options,
                threads: common.threadCount)
            return print(common.json ? try JSONText.encode(result) : MeshEvaluationText(result).text)
        }
        let result = try SeenSurfaceEvaluation(
            of: moved ?? subject, reference: truth, context: further, cameras: trueModel, options: options,
            threads: common.threadCount)
        print(common.json ? try JSONText.encode(result) : MeshEvaluationText(result).text)
    }
}
