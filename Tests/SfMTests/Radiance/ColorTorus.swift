// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Images
import SfM

/// The torus in colour, and radiance fields of it small enough for tests.
enum ColorTorus {
    static let camera = Camera(width: 320, height: 240, focalLength: 300)

    /// What each camera of `scene` shows.
    static func pictures(_ scene: Reconstruction) -> [ImageID: Raster] {
        scene.images.mapValues { image in
            let gray = TorusScene.picture(camera, cameraFromScene: image.cameraFromWorld)
            return Raster(
                width: gray.width, height: gray.height, channels: 3,
                samples: gray.samples.flatMap { [$0, 255 - $0, 40 + $0 / 2] })
        }
    }

    static func options(steps: Int, rays: Int) -> RadianceOptions {
        var options = RadianceOptions()
        options.training.distance.steps = steps
        options.raysPerStep = rays
        options.sightingsPerStep = 0
        options.unseenRaysPerStep = 64
        options.longerSide = 160
        options.architecture.grid.levels = 4
        options.architecture.grid.finestResolution = 128
        options.architecture.grid.log2TableSize = 14
        options.architecture.surroundings?.grid.levels = 3
        options.architecture.surroundings?.grid.finestResolution = 64
        options.architecture.surroundings?.grid.log2TableSize = 12
        options.pointLoss.surfaceSamples = 128
        options.pointLoss.freeSamples = 128
        options.pointLoss.hiddenSamples = 32
        options.pointLoss.eikonalSamples = 128
        return options
    }

    /// A ball as large as the cube, in a small network.
    static func start() throws -> SDFNetwork {
        try SDFNetwork(SurfaceReconstructionTests.options().architecture, seed: 1)
    }
}
