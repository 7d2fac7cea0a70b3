// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

@Suite struct PoseSearchTests {
    private struct Scene {
        var pose: RigidTransform
        var points: [SIMD3<Double>] = []
        var directions: [SIMD2<Double>] = []
    }

    private func scene(seed: UInt64, outlierShare: Double, noise: Double) -> Scene {
        var random = RandomStream(seed: seed, label: "pose search")
        func signed() -> Double { 2 * random.uniformDouble() - 1 }
        var result = Scene(
            pose: RigidTransform(
                rotation: Quaternion(rotationVector: 2 * SIMD3(signed(), signed(), signed())),
                translation: SIMD3(signed(), signed(), 6 + signed())))
        for _ in 0..<120 {
            let point = 2 * SIMD3(signed(), signed(), signed())
            let seen = result.pose(point)
            result.points.append(point)
            if random.uniformDouble() < outlierShare {
                result.directions.append(0.5 * SIMD2(signed(), signed()))
            } else {
                result.directions.append(SIMD2(seen.x, seen.y) / seen.z + noise * SyntheticViewGraph.gaussian(&random))
            }
        }
        return result
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func posesAreFoundAmongOutliers(seed: UInt64) throws {
        let scene = scene(seed: seed, outlierShare: 0.5, noise: 0.0005)
        let search = PoseSearch(maximumError: 4, seed: seed)
        let found = try #require(search.pose(points: scene.points, directions: scene.directions, focalLength: 800))
        let turn = (found.cameraFromWorld.rotation * scene.pose.rotation.inverse).angle
        #expect(Angle.degrees(radians: turn) < 0.5)
        #expect((found.cameraFromWorld.cameraCenterInWorld - scene.pose.cameraCenterInWorld).length < 0.1)
        #expect(found.inlierCount >= 45 && found.inlierCount == found.isInlier.filter { $0 }.count)
        let again = try #require(search.pose(points: scene.points, directions: scene.directions, focalLength: 800))
        #expect(again.cameraFromWorld == found.cameraFromWorld)
    }

    @Test func hopelessInputHasNoPose() {
        let search = PoseSearch(maximumError: 4, seed: 1)
        #expect(search.pose(points: [], directions: [], focalLength: 800) == nil)
        let same = [SIMD3<Double>](repeating: SIMD3(1, 1, 1), count: 20)
        let found = search.pose(points: same, directions: Array(repeating: .zero, count: 20), focalLength: 800)
        if let pose = found?.cameraFromWorld { #expect(pose.translation.isFinite) }
        let wild = [SIMD3<Double>](repeating: SIMD3(.nan, 0, 0), count: 20)
        #expect(search.pose(points: wild, directions: Array(repeating: .zero, count: 20), focalLength: 800) == nil)
    }
}
