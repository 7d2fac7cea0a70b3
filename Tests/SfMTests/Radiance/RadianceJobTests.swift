// SPDX-License-Identifier: Apache-2.0

import Fields
import Foundation
import Geometry
import Images
import SfM
import Storage
import TestSupport
import Testing

/// A workspace with a radiance field: made, kept, read, and damaged.
@Suite(.serialized) struct RadianceJobTests {
    static let files = ["field/radiance.safetensors", "field/radiance.json"]

    /// A workspace with model, photos and surface.
    static func workspace(in root: TemporaryFolder) throws -> Workspace {
        let scene = TorusScene.reconstruction(points: 200, cameras: 8)
        try Folder.create(root.path("photos"))
        for (id, picture) in ColorTorus.pictures(scene) {
            let name = try #require(scene.images[id]?.name)
            try OutputFile.write(ImageFile.pngData(picture), to: root.path("photos/\(name)"))
        }
        try Folder.create(root.path("model"))
        try ColmapModel.write(scene, to: root.path("model"), as: .binary)
        let workspace = try Workspace(root.path("out"))
        let job = try Self.job(workspace)
        try job.adoptModel(root.path("model"))
        try job.usePhotos(root.path("photos"))
        return workspace
    }

    static func job(_ workspace: Workspace, cancellation: CancellationCheck? = nil) throws -> PhotoJob {
        var options = PhotoOptions()
        options.surface = SurfaceReconstructionTests.options(steps: 20)
        options.surface.photometric = nil
        options.surface.stereo = .never
        return try PhotoJob(workspace: workspace, options: options, threads: 2, cancellation: cancellation)
    }

    @Test func fieldIsMadeOnceAndDrawn() throws {
        let root = try TemporaryFolder()
        let workspace = try Self.workspace(in: root)
        var options = ColorTorus.options(steps: 6, rays: 64)
        options.holdout = 4
        // Nothing to start from yet.
        #expect(throws: WorkspaceError.self) { try Self.job(workspace).trainRadiance(options) }
        #expect(throws: WorkspaceError.self) { try SavedRadianceField(workspace: workspace.folder) }
        let job = try Self.job(workspace)
        try job.fitSurface()
        try job.trainRadiance(options)
        #expect(job.report.radiance?.steps == 6 && job.report.radiance?.heldOut.count == 2)
        let before = try Self.files.map { try InputFile.read(workspace.path($0)) }

        let again = try Self.job(workspace)
        try again.trainRadiance(options)
        #expect(again.report.times.map(\.isReused) == [true])
        options.training.distance.steps = 7
        #expect(throws: PhotoJobInterruption.self) {
            try Self.job(workspace, cancellation: { true }).trainRadiance(options)
        }
        #expect(try Self.files.map { try InputFile.read(workspace.path($0)) } == before)

        let field = try SavedRadianceField(workspace: workspace.folder)
        #expect(field.report.options.holdout == 4)
        let image = try #require(field.model.images[1])
        let drawing = try field.draw(
            ColorTorus.camera, cameraFromWorld: image.cameraFromWorld, longerSide: 64, threads: 2)
        #expect(drawing.width == 64 && drawing.height == 48 && drawing.depth.count == 64 * 48)
        #expect(drawing.depth.allSatisfy { $0 > 0 })
        let likeness = try #require(field.likeness(of: drawing, to: 1))
        #expect(likeness.psnr > 5 && likeness.psnr < 100 && abs(likeness.ssim) <= 1)
        // The report's figure is that of the drawing at the size of training.
        let full = try field.draw(
            ColorTorus.camera, cameraFromWorld: image.cameraFromWorld, longerSide: 160, threads: 1)
        #expect(field.likeness(of: full, to: 1)?.psnr == field.report.heldOut.first?.psnr)
        let huge = Camera(width: 1 << 20, height: 1 << 20, focalLength: 1000)
        #expect(throws: RadianceError.self) {
            try field.draw(huge, cameraFromWorld: image.cameraFromWorld, threads: 1)
        }
        #expect(throws: RadianceError.cancelled) {
            try field.draw(
                ColorTorus.camera, cameraFromWorld: image.cameraFromWorld, threads: 1, cancellation: { true })
        }
        try Self.expectDamageIsFound(workspace.folder)
    }

    /// Damaged and missing files each give a typed error.
    static func expectDamageIsFound(_ folder: String) throws {
        for file in files {
            let path = "\(folder)/\(file)"
            let whole = try InputFile.read(path)
            for bytes in [[], Array(whole.prefix(whole.count / 2)), Array("{\"steps\": 1e999}".utf8)] {
                try OutputFile.write(bytes, to: path)
                let error = #expect(throws: (any Error).self, "\(file) of \(bytes.count) bytes") {
                    try SavedRadianceField(workspace: folder)
                }
                #expect(error is WorkspaceError || error is CheckpointError)
            }
            OutputFile.remove(path)
            #expect(throws: WorkspaceError.self) { try SavedRadianceField(workspace: folder) }
            try OutputFile.write(whole, to: path)
        }
        // Numbers that no field can have are found before anything of their size is allocated.
        let path = "\(folder)/\(files[1])"
        let whole = try InputFile.read(path)
        for (key, value) in [
            ("log2TableSize", "62"), ("levels", "1000000"), ("lastBeta", "0"), ("surfaceLayers", "-1"),
        ] {
            let text = String(decoding: whole, as: UTF8.self).replacing(
                try Regex("\"\(key)\" : [0-9.e-]+"), with: "\"\(key)\" : \(value)")
            try OutputFile.write(Array(text.utf8), to: path)
            #expect(throws: OptionsError.self, "\(key)") { try SavedRadianceField(workspace: folder) }
        }
        try OutputFile.write(whole, to: path)
        _ = try SavedRadianceField(workspace: folder)
    }
}
