// SPDX-License-Identifier: Apache-2.0

import Fields
import FoundationEssentials
import Geometry
import Images
import Storage

/// A radiance field that a workspace holds, to draw pictures of.
public struct SavedRadianceField: Sendable {
    /// How it was made.
    public let report: RadianceReport
    /// The model it was made of.
    public let model: Reconstruction
    private let renderer: RadianceRenderer
    private let photoFolder: String?

    static let weightFile = "field/radiance.safetensors"
    static let reportFile = "field/radiance.json"

    /// Reads the field of the workspace `folder`.
    ///
    /// - Throws: ``WorkspaceError/missingStage(folder:stage:command:)``, `CheckpointError`, `SceneFileError`, `FileError`.
    public init(workspace folder: String) throws {
        let record = try Workspace.readRecord(of: folder)
        guard record.stages[PhotoStage.radiance.rawValue] != nil, Folder.exists("\(folder)/\(Self.weightFile)"),
            Folder.exists("\(folder)/\(Self.reportFile)")
        else {
            throw WorkspaceError.missingStage(
                folder: folder, stage: .radiance, command: "reconstruct radiance -o \(folder)")
        }
        let bytes = try InputFile.read("\(folder)/\(Self.reportFile)", limit: 16 << 20)
        guard let report = try? JSONDecoder().decode(RadianceReport.self, from: Data(bytes)) else {
            throw WorkspaceError.foreignRecord(path: "\(folder)/\(Self.reportFile)")
        }
        self.report = report
        let distance = try SDFNetwork(report.distanceArchitecture, seed: 1)
        let networks = try RadianceNetworks(report.options.architecture, about: distance, seed: 1)
        try networks.restoreWeights(
            from: SafetensorsFile(parsing: InputFile.read("\(folder)/\(Self.weightFile)")))
        renderer = try RadianceRenderer(
            networks, beta: report.options.training.lastBeta, sampling: report.options.training.sampling)
        model = try ColmapModel.read("\(folder)/\(record.posedModelFolder)").reconstruction
        photoFolder = record.photoFolder
    }

    /// Draws what a camera sees.
    ///
    /// - Parameters:
    ///   - camera: Its distortion is left out.
    ///   - cameraFromWorld: Its pose, in the frame of the workspace's model.
    ///   - longerSide: Bound on the longer side of the picture, in pixels; `nil` for the camera's own size.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    ///   - progress: Told how far the work is.
    ///   - cancellation: Asked between groups of rays.
    /// - Throws: ``RadianceError``.
    public func draw(
        _ camera: Camera, cameraFromWorld: RigidTransform, longerSide: Int? = nil, threads: Int,
        progress: ProgressHandler? = nil, cancellation: CancellationCheck? = nil
    ) throws(RadianceError) -> RadianceDrawing {
        var camera = camera
        if let longerSide {
            let size = Raster.fittedSize(width: camera.width, height: camera.height, longerSideAtMost: longerSide)
            camera = camera.resized(width: size.width, height: size.height)
        }
        let pinhole = Camera(
            width: camera.width, height: camera.height, model: .pinhole,
            parameters: [
                camera.focalLengths.x, camera.focalLengths.y, camera.principalPoint.x, camera.principalPoint.y,
            ])
        return try RadianceDrawing(
            renderer, camera: pinhole, cameraFromWorld: cameraFromWorld, cubeFromWorld: report.cube.cubeFromWorld,
            threads: threads, progress: progress, cancellation: cancellation)
    }

    /// How like its photo a drawing of a registered image is; `nil` without the photo.
    public func likeness(of drawing: RadianceDrawing, to image: ImageID) -> (psnr: Double, ssim: Double)? {
        guard let photoFolder, let posed = model.images[image], let camera = model.cameras[posed.cameraID],
            let pictures = try? ModelPictures(
                of: model, folder: photoFolder, masks: nil, reading: ImageReadingOptions()),
            let raster = pictures.picture(image)
        else { return nil }
        let view = ColorView(
            imageID: image, camera: camera, cameraFromWorld: posed.cameraFromWorld, raster: raster,
            longerSide: max(drawing.width, drawing.height), levels: 1)
        let photo = view.levels[0]
        guard photo.raster.width == drawing.width, photo.raster.height == drawing.height else { return nil }
        return (
            ImageQuality.psnr(drawing.color, photo.raster, counts: photo.mask),
            ImageQuality.ssim(drawing.color, photo.raster)
        )
    }
}
