// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

@Suite struct NeuralRegistrationTests {
    /// A photo that the map does not know yet is placed by points of the map and by rays of matches without a point, traced
    /// to the surface; keypoints are half a pixel off, and a fifth of the matches are wrong.
    @Test(arguments: [UInt64](1...5))
    func aPhotoLeftOutIsPlacedByPointsAndRays(seed: UInt64) throws {
        let scene = BumpyGraph(points: 1500, seed: seed)
        let new: ImageID = 4
        let truth = try #require(scene.poses[new])
        let known = scene.poses.filter { $0.key != new }
        let (result, found) = try NeuralMapper().map(
            scene.without(new), startingFrom: KnownPoses(known, areHeld: true), threads: 2)
        let (model, field) = (result.models[0], try #require(found))
        let surface = LevelSet(field.network, cubeFromWorld: field.cubeFromWorld)
        var (points, rays) = matches(of: new, scene, model, surface)
        var random = RandomStream(seed: seed, label: "wrong matches")
        for index in points.indices where random.uniformDouble() < 0.2 {
            points[index].pixel = BumpyScene.size * SIMD2(random.uniformDouble(), random.uniformDouble())
        }
        #expect(points.count > 100 && rays.count > 20, "\(points.count) \(rays.count)")

        let camera = try #require(model.cameras[1])
        let pose = try #require(
            PoseSearch(maximumError: 12, seed: seed).pose(
                points: points.map(\.position), directions: points.map { camera.normalized(ofPixel: $0.pixel) },
                focalLength: camera.meanFocalLength))
        let agreeing = zip(points, pose.isInlier).filter(\.1).map(\.0)
        let refined = try Resection(camera: camera).refined(pose.cameraFromWorld, seeing: agreeing + rays)
        let turn = (refined.cameraFromWorld.rotation * truth.rotation.inverse).angle
        let shift = (refined.cameraFromWorld.cameraCenterInWorld - truth.cameraCenterInWorld).length
        #expect(Angle.degrees(radians: turn) <= 0.05)
        #expect(shift <= 0.001 * truth.cameraCenterInWorld.length)
        #expect(refined.summary.iterations <= 10)
    }

    private typealias Match = (position: SIMD3<Double>, pixel: SIMD2<Double>)

    /// Keypoints of `image` with points of the map, and with hits of their partners' rays where the map has no point.
    private func matches(
        of image: ImageID, _ scene: BumpyGraph, _ model: Reconstruction, _ surface: LevelSet
    ) -> (points: [Match], rays: [Match]) {
        var points: [Match] = []
        var rays: [Match] = []
        for (pair, geometry) in scene.graph.pairs.sorted(by: { $0.key < $1.key }) {
            guard pair.first == image || pair.second == image else { continue }
            let isFirst = pair.first == image
            guard let other = model.images[isFirst ? pair.second : pair.first], let camera = model.cameras[1],
                let node = scene.graph.images[image]
            else { continue }
            for match in geometry.inliers {
                let pixel = node.keypoints[Int(isFirst ? match.first : match.second)]
                let partner = Int(isFirst ? match.second : match.first)
                if let id = other.pointIDs[partner], let point = model.points[id] {
                    points.append((point.position, pixel))
                    continue
                }
                let direction = camera.normalized(ofPixel: other.keypoints[partner])
                let ray = other.cameraFromWorld.rotation.inverse(SIMD3(direction.x, direction.y, 1)).normalized
                let hit = surface.hits([(other.cameraFromWorld.cameraCenterInWorld, ray)], threads: 1)[0]
                if let hit { rays.append((hit, pixel)) }
            }
        }
        return (points, rays)
    }
}
