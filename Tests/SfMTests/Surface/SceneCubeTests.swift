// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct SceneCubeTests {
    @Test func camerasAroundAnObjectMeetThere() throws {
        let scene = TorusScene.reconstruction(
            points: 300, cameras: 20, worldFromScene: SurfaceReconstructionTests.worldFromScene)
        let cube = try #require(SceneCube(scene))
        #expect(cube.rule == .opticalAxes)
        // Cameras are 4 scene units, 14 world units, from the centre.
        #expect(cube.cubeFromWorld(SIMD3(100, -20, 7)).length < 1e-9)
        #expect(abs(cube.halfSide - 0.36 * 14) < 1e-9)
    }

    /// A wall seen from one side: the cube follows the points, and a few far blunders do not matter.
    @Test func camerasBeforeAWallGetTheBoxOfThePoints() throws {
        var scene = Reconstruction()
        scene.cameras[1] = Camera(width: 400, height: 300, focalLength: 400)
        for id in 1...6 {
            scene.images[ImageID(id)] = PosedImage(
                name: "\(id)", cameraID: 1,
                cameraFromWorld: RigidTransform(rotation: .identity, translation: SIMD3(-Double(id), 0, 0)),
                keypoints: Array(repeating: .zero, count: 1000))
        }
        var random = RandomStream(seed: 1, label: "wall")
        for index in 0..<1000 {
            var position = SIMD3(
                8 * random.uniformDouble(), 6 * random.uniformDouble(), 10 + 0.2 * random.uniformDouble())
            if index % 100 == 0 { position.z = 500 }
            scene.insert(
                ScenePoint(
                    position: position,
                    track: [
                        Observation(imageID: 1, keypointIndex: index), Observation(imageID: 2, keypointIndex: index),
                    ]), id: PointID(index))
        }
        let cube = try #require(SceneCube(scene))
        #expect(cube.rule == .pointBounds)
        #expect(abs(cube.halfSide - 4.6) < 0.4)
        let center = cube.cubeFromWorld.inverse(.zero)
        #expect((center - SIMD3(4, 3, 10.1)).length < 0.3)
    }

    /// Axes of cameras in the middle of a room meet, too, but behind or beside what they see: the cube holds the walls.
    @Test(arguments: [0.0, 0.6])
    func camerasInsideARoomGetItsWalls(circle: Double) throws {
        var scene = Reconstruction()
        scene.cameras[1] = Camera(width: 400, height: 300, focalLength: 250)
        var random = RandomStream(seed: 2, label: "room")
        for id in 0..<16 {
            let angle = 2 * Double.pi * Double(id) / 16
            let rotation = Quaternion(rotationVector: SIMD3(0, angle, 0))
            // On a small circle, looking outwards.
            let center = SIMD3(-sin(angle), 0, cos(angle)) * circle
            scene.images[ImageID(id)] = PosedImage(
                name: "\(id)", cameraID: 1,
                cameraFromWorld: RigidTransform(rotation: rotation, translation: -rotation(center)),
                keypoints: Array(repeating: .zero, count: 2000))
        }
        for index in 0..<2000 {
            var position = SIMD3(
                6 * random.uniformDouble() - 3, 2.4 * random.uniformDouble() - 1.2, 4 * random.uniformDouble() - 2)
            switch index % 3 {
            case 0: position.x = position.x < 0 ? -3 : 3
            case 1: position.y = position.y < 0 ? -1.2 : 1.2
            default: position.z = position.z < 0 ? -2 : 2
            }
            scene.insert(
                ScenePoint(
                    position: position,
                    track: [
                        Observation(imageID: 0, keypointIndex: index), Observation(imageID: 1, keypointIndex: index),
                    ]), id: PointID(index))
        }
        let cube = try #require(SceneCube(scene))
        #expect(cube.rule == .pointBounds)
        #expect(cube.halfSide > 3 && cube.halfSide < 3.6, "\(cube.halfSide)")
        #expect(cube.cubeFromWorld.inverse(.zero).length < 0.2)
    }
}
