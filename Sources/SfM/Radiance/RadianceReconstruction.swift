// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Images

/// A radiance field of posed photos: colours and surroundings are trained about a signed distance, and it with them.
public final class RadianceReconstruction {
    /// The training; holds the networks.
    public let trainer: RadianceTrainer
    /// The cube of the field.
    public let cube: SceneCube
    private let options: RadianceOptions
    private let seed: UInt64
    private let threads: Int
    private let reconstruction: Reconstruction
    private let lines: [SightLine]
    private let sightings: OuterSightings
    private let unseen: UnseenRays
    private let views: [ColorView]
    private let heldOut: [ColorView]

    private static let leastViews = 2
    /// Draws of a pixel that counts before the ray is left out.
    private static let attempts = 4

    /// Prepares to train.
    ///
    /// - Parameters:
    ///   - reconstruction: Cameras, posed images and points with their tracks.
    ///   - distance: Where the surface is to begin with; it is trained further, in place.
    ///   - cube: Its cube.
    ///   - options: Networks, training and drawing.
    ///   - seed: Names the random numbers.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    ///   - raster: Gives the photo of an image, of any size with the camera's proportions; called from several threads.
    /// - Throws: ``RadianceError``.
    public init(
        of reconstruction: Reconstruction, from distance: SDFNetwork, in cube: SceneCube, options: RadianceOptions,
        seed: UInt64, threads: Int, raster: @Sendable (ImageID) -> Raster?
    ) throws(RadianceError) {
        let ids = reconstruction.imageIDs
        let longerSide = options.longerSide
        let all = Parallel.map(count: ids.count, threads: threads, block: 1) { index -> ColorView? in
            guard let image = reconstruction.images[ids[index]], let camera = reconstruction.cameras[image.cameraID],
                let raster = raster(ids[index])
            else { return nil }
            return ColorView(
                imageID: ids[index], camera: camera, cameraFromWorld: image.cameraFromWorld, raster: raster,
                longerSide: longerSide)
        }.compactMap { $0 }
        let isHeldOut = { (index: Int) in options.holdout > 0 && index % options.holdout == 0 }
        views = all.indices.filter { !isHeldOut($0) }.map { all[$0] }
        heldOut = all.indices.filter(isHeldOut).map { all[$0] }
        guard views.count >= Self.leastViews else {
            throw .tooFewViews(found: views.count, needed: Self.leastViews)
        }
        do throws(OptionsError) {
            try options.validate()
            let networks = try RadianceNetworks(options.architecture, about: distance, seed: seed)
            trainer = try RadianceTrainer(
                networks, pictures: views.count, options: options.training, seed: seed, threads: threads)
        } catch { throw .options(error) }
        lines = SightLine.all(of: reconstruction, in: cube)
        sightings = OuterSightings(of: reconstruction, in: cube, views: views)
        unseen = UnseenRays(
            centers: views.map { SIMD3<Float>(cube.cubeFromWorld($0.cameraFromWorld.cameraCenterInWorld)) },
            targets: lines.map(\.point))
        self.reconstruction = reconstruction
        self.cube = cube
        self.options = options
        self.seed = seed
        self.threads = threads
    }

    /// Makes the steps that are left.
    ///
    /// - Parameters:
    ///   - progress: Told after each step.
    ///   - cancellation: Asked before each step.
    ///   - interval: Steps between calls of `checkpoint`.
    ///   - checkpoint: Called with the trainer after every `interval`-th step.
    /// - Throws: ``RadianceError``, and what `checkpoint` throws.
    public func train(
        progress: ProgressHandler? = nil, cancellation: CancellationCheck? = nil, interval: Int = 250,
        checkpoint: (RadianceTrainer) throws -> Void = { _ in }
    ) throws {
        let steps = options.training.distance.steps
        while !trainer.isFinished {
            if cancellation?() == true { throw RadianceError.cancelled }
            var others: [any SDFObjective] = []
            if !lines.isEmpty {
                others.append(
                    SightLineObjective(lines: lines, options: options.pointLoss, seed: seed, step: trainer.step))
            }
            trainer.advance(rays(step: trainer.step), and: others)
            guard trainer.loss.isFinite else { throw RadianceError.diverged(step: trainer.step) }
            progress?(
                StageProgress(
                    stage: "training the radiance field", completed: trainer.step, total: steps, figure: trainer.loss))
            if trainer.step % interval == 0 && !trainer.isFinished { try checkpoint(trainer) }
        }
    }

    /// Random pixels of random photos.
    private func rays(step: Int) -> [RadianceRay] {
        let wanted = options.pyramidLevel(step: step)
        var random = RandomStream(seed: seed, label: "radiance pixels", UInt64(step))
        var result: [RadianceRay] = []
        result.reserveCapacity(options.raysPerStep + options.sightingsPerStep + options.unseenRaysPerStep)
        for _ in 0..<options.raysPerStep {
            let index = random.index(below: views.count)
            let view = views[index]
            let level = min(wanted, view.levels.count - 1)
            let raster = view.levels[level].raster
            for _ in 0..<Self.attempts {
                let (column, row) = (random.index(below: raster.width), random.index(below: raster.height))
                guard
                    var ray = view.ray(
                        column: column, row: row, level: level, cubeFromWorld: cube.cubeFromWorld)
                else { continue }
                ray.pictureIndex = index
                result.append(ray)
                break
            }
        }
        guard options.architecture.surroundings != nil else { return result }
        return result
            + sightings.rays(
                options.sightingsPerStep, of: views, level: wanted, cubeFromWorld: cube.cubeFromWorld, random: &random)
            + unseen.rays(options.unseenRaysPerStep, random: &random)
    }

    /// Draws the photos that were left out, and measures the field.
    ///
    /// - Throws: ``RadianceError``.
    public func report(
        progress: ProgressHandler? = nil, cancellation: CancellationCheck? = nil
    ) throws(RadianceError) -> RadianceReport {
        let renderer = try renderer()
        var found: [RadianceReport.View] = []
        for view in heldOut {
            let level = view.levels[0]
            let drawing = try RadianceDrawing(
                renderer, camera: level.camera, cameraFromWorld: view.cameraFromWorld,
                cubeFromWorld: cube.cubeFromWorld, threads: threads, progress: progress, cancellation: cancellation)
            found.append(
                RadianceReport.View(
                    name: reconstruction.images[view.imageID]?.name ?? "",
                    psnr: ImageQuality.psnr(drawing.color, level.raster, counts: level.mask),
                    ssim: ImageQuality.ssim(drawing.color, level.raster)))
        }
        return RadianceReport(
            options: options, distanceArchitecture: trainer.networks.distance.architecture, cube: cube,
            views: views.count, steps: trainer.step, samples: trainer.samples,
            loss: trainer.loss, heldOut: found, gradientError: gradientError())
    }

    /// Draws pictures with the density of the last step.
    private func renderer() throws(RadianceError) -> RadianceRenderer {
        do throws(OptionsError) {
            return try RadianceRenderer(
                trainer.networks, beta: options.training.lastBeta, sampling: options.training.sampling)
        } catch { throw .options(error) }
    }

    private func gradientError() -> Double {
        let points = reconstruction.pointIDs.compactMap { reconstruction.points[$0]?.position }
            .map { SIMD3<Float>(cube.cubeFromWorld($0)) }.filter { $0.max() < 1 && $0.min() > -1 }
        guard !points.isEmpty else { return 0 }
        let gradients = SDFField(trainer.networks.distance).valuesAndGradients(at: points).gradients
        return gradients.reduce(0) { $0 + Double(abs($1.length - 1)) } / Double(points.count)
    }
}
