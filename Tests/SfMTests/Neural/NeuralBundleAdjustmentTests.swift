// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import SfM
import Testing

@Suite struct NeuralBundleAdjustmentTests {
    private static let seeds: [UInt64] = [1, 2, 3, 4, 5]

    /// From poses that are 0.4° and 0.006 off about each axis, on the same matches: as good as without the surface, and five
    /// times better than the adjustment as published.
    @Test func posesAreAdjustedAsWellAsWithoutTheSurface() throws {
        var (neural, classical, published) = ([Double](), [Double](), [Double]())
        for seed in Self.seeds {
            let scene = BumpyGraph(images: 8, points: 600, seed: seed)
            let start = scene.shakenPoses(degrees: 0.4, distance: 0.006, seed: seed)
            var options = MappingOptions()
            // Poses that far off make errors of up to eight pixels.
            options.triangulation.maximumReprojectionError = 12
            let ours = try NeuralMapper(options: options).map(scene.graph, startingFrom: KnownPoses(start), threads: 2)
                .result
            let control = try GeometricMapper(options: options).map(scene.graph, startingFrom: KnownPoses(start))
            for model in [ours.models[0], control.models[0]] { #expect(model.images.count == 8) }
            neural.append(scene.worstRotation(ours.models[0].images.mapValues(\.cameraFromWorld)))
            classical.append(scene.worstRotation(control.models[0].images.mapValues(\.cameraFromWorld)))
            published.append(scene.worstRotation(try publishedAdjustment(of: scene, start)))
        }
        let median = { (errors: [Double]) in errors.sorted()[errors.count / 2] }
        let figures = "neural \(neural), classical \(classical), published \(published)"
        #expect(median(neural) <= 1.1 * median(classical), "\(figures)")
        #expect(5 * median(neural) <= median(published), "\(figures)")
    }

    /// The published adjustment, spared the wrong matches, from a surface that was fitted to the same poses.
    private func publishedAdjustment(
        of scene: BumpyGraph, _ start: [ImageID: RigidTransform]
    ) throws -> [ImageID: RigidTransform] {
        let ids = start.keys.sorted()
        let camera = try #require(scene.graph.cameras[1]).camera
        let places = try scene.trueTracks.map { track in
            try track.map { observation in
                let view = try #require(ids.firstIndex(of: observation.imageID))
                let node = try #require(scene.graph.images[observation.imageID])
                return (view: view, point: camera.normalized(ofPixel: node.keypoints[observation.keypointIndex]))
            }
        }
        let points = try places.map { track in
            try #require(
                SceneCube.meetingPoint(
                    of: track.map { place in
                        let pose = start[ids[place.view]] ?? .identity
                        return (
                            pose.cameraCenterInWorld,
                            pose.rotation.inverse(SIMD3(place.point.x, place.point.y, 1)).normalized
                        )
                    }))
        }
        let cubeFromWorld = try #require(SceneNormalization.cubeFromWorld(points))
        let views = ids.map { id in
            let pose = start[id] ?? .identity
            return NeuralView(
                cameraFromCube: RigidTransform(
                    rotation: pose.rotation, translation: cubeFromWorld.scale * pose(cubeFromWorld.inverse(.zero))),
                focalLength: BumpyScene.focalLength)
        }
        let pairs = places.flatMap { track in
            zip(track, track.dropFirst()).map { first, second in
                KeypointPair(
                    KeypointPair.End(view: first.view, point: first.point),
                    KeypointPair.End(view: second.view, point: second.point))
            }
        }
        let fit = try LevelSetTriangulation(of: pairs, in: views, options: LevelSetTriangulationOptions(), seed: 1)
        let network = try #require(try fit.fit(threads: 2)).network
        var adjustment = try PublishedBundleAdjustment(
            network, views: views, points: points.map { cubeFromWorld($0) }, observations: places)
        adjustment.run()
        return Dictionary(uniqueKeysWithValues: zip(ids, adjustment.views.map(\.cameraFromCube)))
    }
}
