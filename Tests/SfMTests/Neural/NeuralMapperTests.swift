// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import SfM
import Testing

@Suite struct NeuralMapperTests {
    /// Both mappers on identical matches: the surface must catch what two photos cannot, and cost the poses nothing.
    @Test(arguments: [UInt64](1...5))
    func pointsThatTheSurfaceDeniesAreRejectedAndPosesKept(seed: UInt64) throws {
        let scene = BumpyGraph(seed: seed)
        let (result, field) = try NeuralMapper().map(scene.graph, threads: 2)
        let control = try GeometricMapper().map(scene.graph)
        let model = result.models[0]
        #expect(model.violatedInvariants().isEmpty)
        #expect(model.images.count == scene.poses.count && control.models[0].images.count == scene.poses.count)
        let (ours, theirs) = (scene.errors(of: model), scene.errors(of: control.models[0]))
        #expect(ours.outliers <= 0.5 * theirs.outliers, "\(ours) \(theirs)")
        #expect(ours.rotation <= 1.1 * theirs.rotation + 0.005, "\(ours) \(theirs)")
        #expect(model.points.count > control.models[0].points.count * 3 / 4)

        // Points and field belong together: what is written is the state after the last adjustment.
        let found = try #require(field)
        let values = SDFField(found.network).values(
            at: model.points.values.map { SIMD3<Float>(found.cubeFromWorld($0.position)) })
        let sizes = values.map { abs($0) }.sorted()
        #expect(sizes[sizes.count / 2] < 0.01, "\(sizes[sizes.count / 2])")
        #expect(found.deviation.map { $0 > 0 } ?? false)
    }

    @Test func threadsDoNotChangeTheMap() throws {
        let scene = BumpyGraph(images: 4, points: 300, seed: 9)
        let results = try [1, 2, 4].map { threads in
            let (result, field) = try NeuralMapper().map(scene.graph, threads: threads)
            let network = try #require(field).network
            return (result, Array(network.parameters.buffer.elements))
        }
        #expect(results.allSatisfy { $0.0 == results[0].0 && $0.1 == results[0].1 })
    }

    /// Each part can be left out; the map is then complete all the same.
    @Test(arguments: 0..<4)
    func partsCanBeSwitchedOff(part: Int) throws {
        var options = MappingOptions()
        var levelSet = LevelSetMappingOptions()
        switch part {
        case 0: levelSet.triangulates = false
        case 1: levelSet.rejects = false
        case 2: levelSet.adjusts = false
        default: levelSet.finalWeight = 1
        }
        options.levelSet = levelSet
        // The worst of six rotations varies from scene to scene by more than the parts do.
        var (ours, theirs) = (0.0, 0.0)
        for seed in [UInt64](11...14) {
            let scene = BumpyGraph(images: 4, points: 300, seed: seed)
            let (result, field) = try NeuralMapper(options: options).map(scene.graph, threads: 2)
            #expect(result.models[0].images.count == 4 && field != nil)
            #expect(result.models[0].violatedInvariants().isEmpty)
            ours += scene.errors(of: result.models[0]).rotation
            theirs += scene.errors(of: try GeometricMapper().map(scene.graph).models[0]).rotation
        }
        // Of 300 points in 4 images some are rejected, which costs the poses a little; a surface that keeps its weight to the
        // end gives its errors to them.
        #expect(ours <= (part == 3 ? 2 : 1.25) * theirs + 0.005, "\(ours) \(theirs)")
    }

    /// Points that fill a ball lie on no surface: they stay free, and poses do not depend on the field. A focal length off by
    /// 5 %, a third of the matches wrong, and a photo of something else must not matter either.
    @Test func scenesWithoutSurfaceAreMappedAllTheSame() throws {
        var options = SyntheticViewGraph.Options()
        (options.imageCount, options.pointCount, options.outlierShare) = (8, 400, 0.3)
        (options.focalFactor, options.focalSource) = (1.05, .exif)
        var scene = SyntheticViewGraph(options, seed: 8)
        var random = RandomStream(seed: 8, label: "stranger")
        scene.graph.images[99] = ViewNode(
            name: "stranger.jpg", cameraID: 1,
            keypoints: (0..<300).map { _ in SIMD2(800 * random.uniformDouble(), 600 * random.uniformDouble()) })
        let (result, _) = try NeuralMapper().map(scene.graph, threads: 2)
        #expect(result.models[0].images.count == 8)
        #expect(result.models[0].violatedInvariants().isEmpty)
        #expect(scene.errors(of: result.models[0]).rotation < 0.2)
        #expect(result.report.images.contains { $0.name == "stranger.jpg" && $0.modelIndex == nil })
    }

    @Test func mappingCanBeCancelled() {
        #expect(throws: MappingError.cancelled) {
            try NeuralMapper().map(BumpyGraph(images: 3, points: 200, seed: 2).graph, threads: 1, isCancelled: { true })
        }
    }

    @Test func roomsAndOutgrownCubesAreRecognised() throws {
        var random = RandomStream(seed: 3, label: "modes")
        let points = (0..<500).map { _ in
            SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble()) - 0.5
        }.map { $0.normalized * 2 }
        #expect(SceneNormalization.isRoom(points, centers: [SIMD3(0.1, 0, 0), SIMD3(-0.2, 0.1, 0)]))
        #expect(!SceneNormalization.isRoom(points, centers: [SIMD3(0.1, 0, 0), SIMD3(5, 0, 0)]))
        let cube = try #require(SceneNormalization.cubeFromWorld(points))
        #expect(!SceneNormalization.isOutgrown(cube, by: points))
        #expect(SceneNormalization.isOutgrown(cube, by: points + points.map { 3 * $0 }))
        // A little far background is no reason to move.
        #expect(!SceneNormalization.isOutgrown(cube, by: points + points.prefix(20).map { 50 * $0 }))
    }
}
