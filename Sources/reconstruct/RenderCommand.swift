// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Images
import SfM
import Storage

/// `reconstruct render`
struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Draw colour, depth or normal pictures of a radiance field.",
        discussion: """
            Draws what cameras see in the field that `reconstruct radiance` trained, one PNG for each: cameras of the photos \
            named by --image, those of every image of a COLMAP model given by --path (in the frame of the workspace's model), \
            or by default those that --holdout left out of training. For cameras of photos it tells how like the photo the \
            colours are. Lens distortion is left out.

            Depth is along the optical axis: 16-bit samples, depth in the model's units times --depth-scale; 0 where it does \
            not fit. Normals are in camera coordinates, 128 + 127 (x, -y, -z); black outside the surface.
            """)

    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case color, depth, normal
    }

    @Argument(help: "Workspace with a radiance field.", completion: .directory)
    var workspace: String
    @Option(
        name: .shortAndLong, help: ArgumentHelp("Folder for the pictures.", valueName: "folder"), completion: .directory
    )
    var output: String
    @Option(help: ArgumentHelp("Name of a photo whose camera is used; may be repeated.", valueName: "name"))
    var image: [String] = []
    @Option(
        help: ArgumentHelp("COLMAP model whose images' cameras are used.", valueName: "folder"), completion: .directory)
    var path: String?
    @Option(help: "What is drawn: color, depth or normal; may be repeated.")
    var kind: [Kind] = [.color]
    @Option(help: ArgumentHelp("Bound on the longer side of the pictures, in pixels.", valueName: "n"))
    var size: Int?
    @Option(help: ArgumentHelp("Depth samples for each unit of the model.", valueName: "factor"))
    var depthScale = 1000.0
    @Flag(help: "Replace pictures that exist.")
    var force = false
    @OptionGroup var common: ComputingFlags

    func validate() throws {
        if !image.isEmpty && path != nil { throw ValidationError("Give either --image or --path.") }
        if let size, !(1...16_384).contains(size) { throw ValidationError("--size must be 1 to 16384.") }
        guard depthScale > 0, depthScale.isFinite else { throw ValidationError("--depth-scale must be above 0.") }
    }

    func run() throws {
        try withReportedErrors {
            let field = try SavedRadianceField(workspace: workspace)
            try Folder.create(output)
            let display = ProgressDisplay(common.progressStyle)
            Interruption.listen()
            for view in try RenderView.chosen(image, path: path, in: field) {
                let drawing: RadianceDrawing
                do {
                    drawing = try field.draw(
                        view.camera, cameraFromWorld: view.cameraFromWorld, longerSide: size,
                        threads: common.threadCount, progress: { display.show($0) },
                        cancellation: { Interruption.isRequested })
                } catch RadianceError.cancelled {
                    display.finish()
                    throw ExitCode(Interruption.exitCode)
                }
                display.finish()
                for kind in kind { try write(kind, of: drawing, name: view.name) }
                guard let id = view.imageID, let likeness = field.likeness(of: drawing, to: id) else { continue }
                let isHeldOut = field.report.heldOut.contains { $0.name == view.name }
                print(
                    "\(view.name): PSNR \(rounded(likeness.psnr, places: 2)) dB, SSIM \(rounded(likeness.ssim, places: 3))"
                        + (isHeldOut ? ", held out" : ", trained on"))
            }
        }
    }

    private func write(_ kind: Kind, of drawing: RadianceDrawing, name: String) throws {
        let flat = name.replacing("/", with: "_")
        let target = "\(output)/\(flat).\(kind.rawValue).png"
        guard force || !Folder.exists(target) else {
            throw CommandFailure("\(target) exists. Choose another folder, or add --force.")
        }
        let data =
            switch kind {
            case .color: try ImageFile.pngData(drawing.color)
            case .normal: try ImageFile.pngData(drawing.normals)
            case .depth:
                try ImageFile.pngData(
                    width: drawing.width, height: drawing.height, gray16: drawing.depthSamples(scale: depthScale))
            }
        try OutputFile.write(data, to: target)
    }
}
