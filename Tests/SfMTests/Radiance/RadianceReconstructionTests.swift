// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Images
import SfM
import Testing

@Suite struct RadianceReconstructionTests {
    static func reconstruction(
        _ scene: Reconstruction, options: RadianceOptions, threads: Int
    ) throws -> RadianceReconstruction {
        let pictures = ColorTorus.pictures(scene)
        return try RadianceReconstruction(
            of: scene, from: ColorTorus.start(), in: #require(SceneCube(scene)), options: options, seed: 1,
            threads: threads, raster: { pictures[$0] })
    }

    /// From a surface of the points alone: photos that were left out look right, depth is right, and the distance stays one.
    @Test func photosThatWereLeftOutComeOutRight() throws {
        let scene = TorusScene.reconstruction(points: 1000, cameras: 20)
        let surface = try SurfaceReconstruction(
            of: scene, options: SurfaceReconstructionTests.options(steps: 250), threads: 2)
        let pictures = ColorTorus.pictures(scene)
        var options = ColorTorus.options(steps: 600, rays: 384)
        options.holdout = 8
        let field = try RadianceReconstruction(
            of: scene, from: surface.network, in: surface.report.cube, options: options, seed: 1, threads: 2,
            raster: { pictures[$0] })
        try field.train()
        let report = try field.report()
        #expect(report.views == 17 && report.heldOut.map(\.name) == ["0.png", "8.png", "16.png"])
        for view in report.heldOut { #expect(view.psnr >= 25 && view.ssim > 0.8, "\(view)") }
        #expect(report.gradientError <= 0.1, "mean | |∇f| - 1 | is \(report.gradientError)")

        let renderer = try RadianceRenderer(field.trainer.networks, beta: options.training.lastBeta)
        let cube = field.cube.cubeFromWorld
        for view in report.heldOut {
            let image = try #require(scene.images.values.first { $0.name == view.name })
            let rays = PixelRays(
                ColorTorus.camera.resized(width: 80, height: 60), cameraFromWorld: image.cameraFromWorld,
                cubeFromWorld: cube)
            let all = (0..<80 * 60).map { rays.ray(column: $0 % 80, row: $0 / 80) }
            var errors: [Double] = []
            for (ray, sight) in zip(all, renderer.render(all, threads: 2)) {
                guard let truth = Self.distance(from: image, along: ray.direction), sight.opacity > 0.5 else {
                    continue
                }
                errors.append(abs(Double(sight.distance) / cube.scale - truth) / truth)
            }
            errors.sort()
            #expect(errors.count > 500)
            #expect(errors[errors.count / 2] <= 0.005, "\(view.name): median depth error \(errors[errors.count / 2])")
        }
    }

    /// Distance of the torus from a camera, or `nil` where it is not met. The cube is not turned: directions are those of
    /// the world.
    static func distance(from image: PosedImage, along direction: SIMD3<Float>) -> Double? {
        let center = SIMD3<Float>(image.cameraFromWorld.cameraCenterInWorld)
        var distance: Float = 2
        for _ in 0..<100 where distance < 6 {
            let value = TorusScene.shape.signedDistance(center + distance * direction)
            if value < 1e-4 { return Double(distance) }
            distance += value
        }
        return nil
    }

    @Test func bytesDoNotDependOnThreadsOrInterruptions() throws {
        let scene = TorusScene.reconstruction(points: 300, cameras: 8)
        let options = ColorTorus.options(steps: 12, rays: 96)
        var results: Set<[UInt8]> = []
        for threads in [1, 2, 4, 8] {
            let field = try Self.reconstruction(scene, options: options, threads: threads)
            try field.train()
            results.insert(try field.trainer.checkpoint().encoded())
        }
        // Stopped after every few steps, continued by others.
        var kept: [UInt8]?
        while true {
            let field = try Self.reconstruction(scene, options: options, threads: 2)
            if let kept { try field.trainer.restore(from: SafetensorsFile(parsing: kept)) }
            do {
                try field.train(interval: 5) {
                    kept = try $0.checkpoint().encoded()
                    throw RadianceError.cancelled
                }
            } catch RadianceError.cancelled { continue }
            results.insert(try field.trainer.checkpoint().encoded())
            break
        }
        #expect(results.count == 1)
    }

    @Test func uselessInputIsRefused() throws {
        let scene = TorusScene.reconstruction(points: 100, cameras: 3)
        var options = ColorTorus.options(steps: 2, rays: 32)
        options.holdout = 2
        #expect(throws: RadianceError.tooFewViews(found: 1, needed: 2)) {
            try Self.reconstruction(scene, options: options, threads: 1)
        }
        let cube = try #require(SceneCube(scene))
        #expect(throws: RadianceError.tooFewViews(found: 0, needed: 2)) {
            try RadianceReconstruction(
                of: scene, from: ColorTorus.start(), in: cube, options: options, seed: 1, threads: 1,
                raster: { _ in nil })
        }
        options.holdout = 0
        options.raysPerStep = 1
        #expect(throws: RadianceError.self) { try Self.reconstruction(scene, options: options, threads: 1) }
        options.raysPerStep = 32
        let field = try Self.reconstruction(scene, options: options, threads: 1)
        #expect(throws: RadianceError.cancelled) { try field.train(cancellation: { true }) }
    }

    @Test func optionsAreChecked() throws {
        for quality in [Quality.fast, .default, .high] { try RadianceOptions(quality: quality).validate() }
        let wrong: [(inout RadianceOptions) -> Void] = [
            { $0.raysPerStep = 0 }, { $0.longerSide = 10 }, { $0.holdout = 1 }, { $0.holdout = -8 },
            { $0.halfSizeStart = 0.5 }, { $0.fullSizeStart = 1.5 }, { $0.training.lastBeta = 0 },
            { $0.architecture.hiddenWidths = [] },
        ]
        for (index, change) in wrong.enumerated() {
            var options = RadianceOptions()
            change(&options)
            #expect(throws: OptionsError.self, "case \(index)") { try options.validate() }
        }
    }
}
