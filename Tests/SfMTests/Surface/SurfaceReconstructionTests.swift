// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Images
import Mesh
import SfM
import Testing

@Suite struct SurfaceReconstructionTests {
    static let worldFromScene = Similarity(
        scale: 3.5, rotation: Quaternion(rotationVector: SIMD3(0.3, -0.8, 0.4)), translation: SIMD3(100, -20, 7))

    static func options(steps: Int = 500) -> SurfaceOptions {
        var options = SurfaceOptions()
        options.architecture.grid.levels = 5
        options.architecture.grid.finestResolution = 64
        options.architecture.grid.log2TableSize = 15
        options.training.steps = steps
        options.resolution = 64
        // Points lie 0.06 apart here and everywhere on the surface, so nothing far from all of them is real.
        options.trimming.seenReach = 0.1
        return options
    }

    @Test func torusComesOutClosedWithItsHole() throws {
        let scene = TorusScene.reconstruction(points: 2500, cameras: 40, worldFromScene: Self.worldFromScene)
        #expect(scene.violatedInvariants().isEmpty)
        let surface = try SurfaceReconstruction(
            of: scene, options: Self.options(), threads: 2,
            raster: { id in
                // Each picture in one colour: red for odd images, blue for even ones.
                let color: [UInt8] = id % 2 == 1 ? [255, 0, 0] : [0, 0, 255]
                return Raster(width: 32, height: 24, channels: 3, samples: (0..<32 * 24).flatMap { _ in color })
            })
        let report = surface.report
        #expect(report.cube.rule == .opticalAxes)
        #expect(report.mesh.isClosed && report.mesh.isManifold && report.mesh.genus == 1, "\(report)")
        #expect(report.mesh.components == 1)
        let back = Self.worldFromScene.inverse
        let errors = surface.mesh.positions.map { abs(TorusScene.shape.signedDistance(SIMD3<Float>(back($0)))) }
            .sorted()
        let cell = Float(report.cellSize / Self.worldFromScene.scale)
        #expect(errors[errors.count / 2] < 0.5 * cell, "median \(errors[errors.count / 2]), cell \(cell)")
        #expect(errors[errors.count * 98 / 100] < 2 * cell, "98th percentile \(errors[errors.count * 98 / 100])")
        // 2π²Rr² of the scene, in world units.
        let volume = 2 * Double.pi * Double.pi * 0.45 * 0.45 * 3.5 * 3.5 * 3.5
        #expect(abs(surface.mesh.volume / volume - 1) < 0.05)
        let colors = try #require(surface.mesh.colors)
        let pure = colors.count { $0.y == 0 && Int($0.x) + Int($0.z) >= 254 && $0.w == 255 }
        #expect(pure > colors.count * 95 / 100, "only \(pure) of \(colors.count) vertices have colours of pictures")
        try surface.mesh.checkInvariants()
    }

    @Test func bytesDoNotDependOnThreads() throws {
        let scene = TorusScene.reconstruction(points: 400, cameras: 12)
        var meshes: [TriangleMesh] = []
        for threads in [1, 2, 4, 8] {
            meshes.append(try SurfaceReconstruction(of: scene, options: Self.options(steps: 40), threads: threads).mesh)
        }
        #expect(!meshes[0].isEmpty)
        #expect(meshes.dropFirst().allSatisfy { $0 == meshes[0] })
    }

    /// What pictures add to sparse points; and bytes that do not depend on threads with them, too.
    @Test func picturesMakeTheSurfaceAccurate() throws {
        let scene = TorusScene.reconstruction(points: 500, cameras: 20)
        let pictures = scene.images.mapValues {
            TorusScene.picture(Camera(width: 320, height: 240, focalLength: 300), cameraFromScene: $0.cameraFromWorld)
        }
        var options = Self.options(steps: 400)
        options.trimming.seenReach = 0.3
        options.photometric?.rays = 512
        options.stereo = .never
        func medianError(_ surface: SurfaceReconstruction) -> Float {
            let errors = surface.mesh.positions.map { abs(TorusScene.shape.signedDistance(SIMD3<Float>($0))) }.sorted()
            return errors[errors.count / 2]
        }
        let compared = try SurfaceReconstruction(of: scene, options: options, threads: 2, raster: { pictures[$0] })
        #expect(compared.report.views == 20 && compared.report.meanSources > 2)
        #expect(compared.report.photometric.map(\.pyramidLevel) == [2, 1, 0])
        #expect(compared.report.photometric.allSatisfy { $0.tally.compared > 5000 })
        let last = try #require(compared.report.photometric.last)
        #expect(last.meanCost < 0.05, "\(last)")
        var alone = options
        alone.photometric = nil
        let sparse = try SurfaceReconstruction(of: scene, options: alone, threads: 2, raster: { pictures[$0] })
        #expect(sparse.report.photometric.isEmpty && sparse.report.views == 0)
        #expect(
            medianError(compared) < 0.5 * medianError(sparse), "\(medianError(compared)), \(medianError(sparse))")

        options.training.steps = 40
        let meshes = try [1, 3].map { threads in
            try SurfaceReconstruction(of: scene, options: options, threads: threads, raster: { pictures[$0] }).mesh
        }
        #expect(meshes[0] == meshes[1] && !meshes[0].isEmpty)
    }

    @Test func withoutPicturesPointsGiveTheColors() throws {
        let scene = TorusScene.reconstruction(points: 400, cameras: 12)
        let mesh = try SurfaceReconstruction(of: scene, options: Self.options(steps: 60), threads: 2).mesh
        #expect(mesh.colors?.allSatisfy { $0 == SIMD4(200, 100, 50, 255) } == true)
        #expect(mesh.normals?.count == mesh.positions.count)
    }

    @Test func uselessInputIsRefused() throws {
        var scene = TorusScene.reconstruction(points: 30, cameras: 4)
        var options = Self.options(steps: 5)
        options.minimumObservations = 10_000
        #expect(throws: SurfaceError.self) { try SurfaceReconstruction(of: scene, options: options, threads: 1) }
        #expect(throws: SurfaceError.noVolume(points: 0)) {
            try SurfaceReconstruction(of: Reconstruction(), options: Self.options(), threads: 1)
        }
        options = Self.options()
        options.resolution = 0
        #expect(throws: SurfaceError.self) { try SurfaceReconstruction(of: scene, options: options, threads: 1) }
        // All points in one place span nothing; points that are no numbers are passed over.
        for id in scene.pointIDs { scene.points[id]?.position = SIMD3(0, 0, 9) }
        #expect(throws: SurfaceError.self) {
            try SurfaceReconstruction(of: scene, options: Self.options(), threads: 1)
        }
        for id in scene.pointIDs { scene.points[id]?.position = SIMD3(.nan, 0, .infinity) }
        #expect(throws: SurfaceError.self) {
            try SurfaceReconstruction(of: scene, options: Self.options(), threads: 1)
        }
    }

    @Test func cancellingStops() throws {
        let scene = TorusScene.reconstruction(points: 200, cameras: 12)
        #expect(throws: SurfaceError.cancelled) {
            try SurfaceReconstruction(of: scene, options: Self.options(), threads: 1, cancellation: { true })
        }
    }

    @Test func optionsSurviveJSON() throws {
        let scene = TorusScene.reconstruction(points: 200, cameras: 12)
        #expect(SceneCube(scene)?.rule == .opticalAxes)
        var options = Self.options()
        options.loss.grazingSlope = 0
        #expect(throws: OptionsError.self) { try options.validate() }
    }
}
