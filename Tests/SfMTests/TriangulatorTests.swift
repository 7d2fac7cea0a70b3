// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

@Suite struct TriangulatorTests {
    private let camera = Camera(
        width: 800, height: 600, model: .openCV, parameters: [700, 710, 400, 300, -0.05, 0.01, 0.001, -0.001])

    private func lenses(_ count: Int) -> [PosedLens] {
        (0..<count).map { index in
            let turn = Quaternion(rotationVector: SIMD3(0, 0.1 * Double(index), 0))
            return PosedLens(
                camera: camera, cameraFromWorld: RigidTransform(rotation: turn, translation: SIMD3(0, 0, 5)))
        }
    }

    private func views(_ point: SIMD3<Double>, _ lenses: [PosedLens]) -> [Triangulator.View] {
        lenses.enumerated().map { index, lens in
            let p = lens.cameraPoint(point)
            let pixel = camera.pixel(ofNormalized: SIMD2(p.x, p.y) / p.z)
            return Triangulator.View(lens: index, pixel: pixel, ray: lens.ray(through: pixel))
        }
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func outliersAreLeftOut(seed: UInt64) throws {
        var random = RandomStream(seed: seed, label: "triangulator")
        func signed() -> Double { 2 * random.uniformDouble() - 1 }
        let lenses = lenses(8)
        let point = SIMD3(signed(), signed(), signed())
        var seen = views(point, lenses)
        for index in [1, 4] {
            seen[index].pixel += SIMD2(0, 60)
            seen[index].ray = lenses[index].ray(through: seen[index].pixel)
        }
        let found = try #require(Triangulator(options: TriangulationOptions()).triangulate(&seen, lenses: lenses))
        #expect((found - point).length < 1e-6)
        #expect(seen.map(\.isInlier) == [true, false, true, true, false, true, true, true])
    }

    @Test func narrowAnglesMakeNoPoint() {
        let near = [0, 0.001].map { shift in
            PosedLens(
                camera: camera, cameraFromWorld: RigidTransform(rotation: .identity, translation: SIMD3(shift, 0, 5)))
        }
        var seen = views(SIMD3(0.1, 0.1, 0), near)
        #expect(Triangulator(options: TriangulationOptions()).triangulate(&seen, lenses: near) == nil)
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func lensesAgreeWithCameras(seed: UInt64) throws {
        var random = RandomStream(seed: seed, label: "lens")
        func signed() -> Double { 2 * random.uniformDouble() - 1 }
        let pose = RigidTransform(
            rotation: Quaternion(rotationVector: SIMD3(signed(), signed(), signed())),
            translation: SIMD3(signed(), 0, 4))
        let lens = PosedLens(camera: camera, cameraFromWorld: pose)
        let point = SIMD3(signed(), signed(), signed())
        let pixel = try #require(camera.project(pose(point)))
        #expect(lens.squaredError(of: point, observed: pixel) < 1e-18)
        let ray = lens.ray(through: pixel)
        #expect(ray.cross((point - lens.center).normalized).length < 1e-9)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func essentialMatricesGiveTheirMotionBack(seed: UInt64) throws {
        var random = RandomStream(seed: seed, label: "essential")
        func signed() -> Double { 2 * random.uniformDouble() - 1 }
        let motion = RigidTransform(
            rotation: Quaternion(rotationVector: 0.4 * SIMD3(signed(), signed(), signed())),
            translation: SIMD3(signed(), signed(), 0.3 * signed()).normalized)
        let essential = (seed % 2 == 0 ? 3.0 : -0.2) * (Matrix3.cross(motion.translation) * motion.rotation.matrix)
        let points = (0..<20).map { _ in SIMD3(2 * signed(), 2 * signed(), 8 + signed()) }
        let found = try #require(
            RelativePose(
                essential: essential, first: points.map(\.normalized), second: points.map { motion($0).normalized }))
        #expect(found.pointsInFront == 20)
        #expect((found.secondFromFirst.rotation * motion.rotation.inverse).angle < 1e-6)
        #expect((found.secondFromFirst.translation - motion.translation).length < 1e-6)
    }
}
