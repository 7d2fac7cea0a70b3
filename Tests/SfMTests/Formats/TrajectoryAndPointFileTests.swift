// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import SfM
import TestSupport
import Testing

@Suite struct TrajectoryAndPointFileTests {
    @Test func trajectoriesKeepEveryBit() throws {
        for seed in UInt64(0)..<50 {
            let trajectory = TumTrajectory(SceneSamples.reconstruction(seed: seed))
            #expect(try TumTrajectory.decode(Array(trajectory.encode().joined())) == trajectory, "seed \(seed)")
        }
    }

    /// A camera turned by 90 degrees about its optical axis, 5 to the right of the world's origin.
    @Test func trajectoriesHoldWorldFromCamera() throws {
        var model = Reconstruction()
        model.cameras[1] = Camera(width: 8, height: 6, focalLength: 5)
        let turn = Quaternion(rotationVector: SIMD3(0, 0, .pi / 2))
        model.images[4] = PosedImage(
            name: "a", cameraID: 1,
            cameraFromWorld: RigidTransform(rotation: turn, translation: turn(SIMD3(-5, 0, 0))), keypoints: [])
        let text = String(decoding: TumTrajectory(model).encode().joined(), as: UTF8.self)
        let numbers = text.split(separator: "\n").last?.split(separator: " ").compactMap { Double($0) } ?? []
        let expected = [4, 5, 0, 0, 0, 0, -0.5.squareRoot(), 0.5.squareRoot()]
        #expect(numbers.count == 8)
        #expect(zip(numbers, expected).allSatisfy { abs($0 - $1) < 1e-14 }, "\(text)")
    }

    @Test(arguments: ["1 2 3", "1 0 0 0 0 0 0 0", "1 0 0 0 0 0 nan 1", "1 0 0 0 0 0 0 1 9", "x 0 0 0 0 0 0 1"])
    func badTrajectoriesAreRefused(line: String) {
        #expect(throws: SceneFileError.self) { try TumTrajectory.decode(Array(line.utf8)) }
    }

    @Test func pointsAreWrittenWithColours() throws {
        for offset in [0.0, 5e6] {
            var model = Reconstruction()
            let positions = [SIMD3(0.125, 1, 2), SIMD3(-3, 0.5, 0.25), SIMD3(1, 1, 1)].map { $0 + offset }
            for (index, position) in positions.enumerated() {
                model.points[PointID(10 - index)] = ScenePoint(
                    position: position, color: SIMD3(UInt8(index), 20, 255), track: [])
            }
            let mesh = try MeshFile.decode(Array(ScenePointFile.encode(model).joined()), as: .ply)
            #expect(mesh.positions == positions.reversed())
            #expect(mesh.colors == [2, 1, 0].map { SIMD4(UInt8($0), 20, 255, 255) })
            #expect(mesh.triangles.isEmpty)
        }
        #expect(
            try MeshFile.decode(Array(ScenePointFile.encode(Reconstruction()).joined()), as: .ply).positions.isEmpty)
    }
}
