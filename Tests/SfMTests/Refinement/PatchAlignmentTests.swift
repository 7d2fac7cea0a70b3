// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import TestSupport
import Testing

@Suite struct PatchAlignmentTests {
    /// Where `view` sees a point, in pixels of its finest level.
    static func place(_ point: SIMD3<Double>, in pose: RigidTransform) throws -> SIMD2<Double> {
        try #require(PlaneScene.camera.project(pose(point)))
    }

    /// Warp from a pixel of view 0 through z = 0 to view `other` as if that had `pose`.
    static func warp(
        column: Int, row: Int, other: Int, pose: RigidTransform
    ) throws -> (warp: PlaneWarp, point: SIMD3<Double>) {
        let pixel = SIMD2(Double(column) + 0.5, Double(row) + 0.5)
        let first = PlaneScene.poses[0]
        let (center, ray) = (
            first.cameraCenterInWorld, first.rotation.inverse(PlaneScene.camera.ray(throughPixel: pixel))
        )
        let point = center - center.z / ray.z * ray
        var second = PlaneWarp.View(PlaneScene.views[other], level: 0)
        second.cameraFromWorld = pose
        let warp = PlaneWarp(
            about: pixel, of: PlaneWarp.View(PlaneScene.views[0], level: 0), to: second, point: point,
            normal: SIMD3(0, 0, 3))
        return (try #require(warp), point)
    }

    @Test func aWarpMeetsTheProjectionsOfThePlanesPoints() throws {
        let first = PlaneScene.poses[0]
        let center = first.cameraCenterInWorld
        for other in 1..<PlaneScene.poses.count {
            let pose = PlaneScene.poses[other]
            let (warp, _) = try Self.warp(column: 90, row: 70, other: other, pose: pose)
            for offset in [SIMD2(0.0, 0.0), SIMD2(5.0, -3.0), SIMD2(-20.25, 11.5)] {
                let ray = first.rotation.inverse(
                    PlaneScene.camera.ray(throughPixel: SIMD2(90.5, 70.5) + offset))
                let expected = try Self.place(center - center.z / ray.z * ray, in: pose)
                #expect((try #require(warp.pixel(at: offset)) - expected).length < 1e-9)
            }
        }
    }

    /// A pose that is off shows as the shift between where it and the true pose see the point.
    @Test func aShiftIsFoundToAFewHundredthsOfAPixel() throws {
        var random = RandomStream(seed: 3, label: "alignment")
        var errors: [Double] = []
        for _ in 0..<200 {
            let other = 1 + random.index(below: PlaneScene.poses.count - 1)
            let truth = PlaneScene.poses[other]
            let turn = 0.006 * SIMD3((0..<3).map { _ in 2 * random.uniformDouble() - 1 })
            let off = RigidTransform(
                rotation: Quaternion(rotationVector: turn) * truth.rotation, translation: truth.translation)
            let (column, row) = (60 + random.index(below: 80), 45 + random.index(below: 60))
            let (warp, point) = try Self.warp(column: column, row: row, other: other, pose: off)
            let expected = try Self.place(point, in: truth) - Self.place(point, in: off)
            guard expected.length < 1.5 else { continue }
            let alignment = PatchAlignment(
                about: (column, row), of: PlaneScene.views[0].levels[0],
                with: PlaneScene.views[other].levels[0], through: warp)
            guard let alignment else { continue }
            errors.append((alignment.shift - expected).length)
            #expect(alignment.correlation > 0.97)
            #expect(alignment.deviation < 0.2)
        }
        errors.sort()
        #expect(errors.count > 150, "\(errors.count)")
        #expect(errors[errors.count / 2] < 0.03, "median \(errors[errors.count / 2])")
        #expect(errors[errors.count * 95 / 100] < 0.1, "95 % \(errors[errors.count * 95 / 100])")
    }

    @Test func gainAndBiasDoNotMatter() throws {
        let view = PlaneScene.views[1].levels[0].image
        let pictures = PlaneScene.raster(PlaneScene.poses[1])
        var dim = pictures
        dim.samples = pictures.samples.map { UInt8((0.5 * Double($0) + 60).rounded()) }
        let dimmed = GrayView(
            imageID: 1, camera: PlaneScene.camera, cameraFromWorld: PlaneScene.poses[1], raster: dim, longerSide: 1000)
        #expect(dimmed.levels[0].image.width == view.width)
        let (warp, _) = try Self.warp(column: 100, row: 75, other: 1, pose: PlaneScene.poses[1])
        let level = PlaneScene.views[0].levels[0]
        let plain = try #require(
            PatchAlignment(about: (100, 75), of: level, with: PlaneScene.views[1].levels[0], through: warp))
        let other = try #require(
            PatchAlignment(about: (100, 75), of: level, with: dimmed.levels[0], through: warp))
        #expect((plain.shift - other.shift).length < 0.02)
    }

    @Test func bordersAndPlainPatchesAreRefused() throws {
        let (warp, _) = try Self.warp(column: 100, row: 75, other: 1, pose: PlaneScene.poses[1])
        let level = PlaneScene.views[0].levels[0]
        #expect(PatchAlignment(about: (2, 75), of: level, with: level, through: warp) == nil)
        #expect(PatchAlignment(about: (199, 149), of: level, with: level, through: warp) == nil)
        var flat = PlaneScene.raster(PlaneScene.poses[1])
        flat.samples = flat.samples.map { _ in 128 }
        let blank = GrayView(
            imageID: 1, camera: PlaneScene.camera, cameraFromWorld: PlaneScene.poses[1], raster: flat, longerSide: 1000)
        #expect(PatchAlignment(about: (100, 75), of: level, with: blank.levels[0], through: warp) == nil)
    }
}
