// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import TestSupport
import Testing

/// Scenes whose truth can be computed by hand, and the owl.
struct SyntheticPhotoSceneTests {
    static let camera = Camera(width: 160, height: 120, focalLength: 170)
    static let plain = SurfaceTexture(
        seed: 3, dark: SIMD3(0.1, 0.1, 0.1), light: SIMD3(0.8, 0.8, 0.8), accent: SIMD3(0.6, 0.3, 0.2))

    /// A ball of radius 0.4 around (0, 0, 0.5) over a table of radius 2.
    static let ball: SyntheticPhotoScene = {
        var solid = Solid()
        solid.add(.sphere(center: SIMD3(0, 0, 0.5), radius: 0.4))
        return SyntheticPhotoScene(object: solid, materials: [plain], table: plain, tableRadius: 2)
    }()

    static func ring(_ camera: Camera, count: Int, step: Double) -> [PhotoView] {
        CameraPath.ring(around: SIMD3(0, 0, 0.6), distance: 2.7, elevation: 27, count: count, start: 10, step: step)
            .map { PhotoView(camera: camera, cameraFromWorld: $0) }
    }

    @Test func depthIsThatOfTheRaysIntersectionWithBallAndTable() {
        for view in Self.ring(Self.camera, count: 3, step: 70) {
            let truth = Self.ball.truth(of: view)
            let eye = view.cameraFromWorld.cameraCenterInWorld
            var worst = 0.0
            for row in 0..<view.camera.height {
                for column in 0..<view.camera.width {
                    let pixel = SIMD2(Double(column) + 0.5, Double(row) + 0.5)
                    let inCamera = view.camera.ray(throughPixel: pixel)
                    let ray = view.cameraFromWorld.rotation.inverse(inCamera)
                    let offset = eye - SIMD3(0, 0, 0.5)
                    let middle = offset.dot(ray)
                    let discriminant = middle * middle - offset.dot(offset) + 0.16
                    // Within 1e-4 of the outline, hit or miss depends on the tolerance.
                    if abs(discriminant) < 1e-4 { continue }
                    var expected = 0.0
                    if discriminant > 0 {
                        expected = (-middle - discriminant.squareRoot()) * inCamera.z
                    } else if ray.z < 0 {
                        let ground = eye - eye.z / ray.z * ray
                        if ground.length <= 2 { expected = -eye.z / ray.z * inCamera.z }
                    }
                    let index = row * view.camera.width + column
                    worst = max(worst, abs(truth.depth[index] - expected))
                    #expect(truth.isObject[index] == (discriminant > 0))
                }
            }
            #expect(worst < 1e-4)
        }
    }

    @Test func onlyTheBackdropHasNoDepth() {
        let view = Self.ring(Self.camera, count: 1, step: 0)[0]
        let truth = SyntheticPhotoScene.owl.truth(of: view)
        #expect(zip(truth.depth, truth.isObject).allSatisfy { depth, isObject in !isObject || depth > 0 })
        #expect(truth.isObject.contains(true) && truth.depth.contains(0))
        #expect(zip(truth.depth, truth.isObject).contains { depth, isObject in !isObject && depth > 0 })
    }

    @Test func depthPointsLieOnTheSolidOrTheTable() {
        let scene = SyntheticPhotoScene.owl
        for view in Self.ring(Self.camera, count: 2, step: 110) {
            let truth = scene.truth(of: view)
            for index in stride(from: 0, to: truth.depth.count, by: 7) where truth.depth[index] > 0 {
                let pixel = SIMD2(Double(index % truth.width) + 0.5, Double(index / truth.width) + 0.5)
                let x = view.camera.normalized(ofPixel: pixel)
                let point = view.cameraFromWorld.inverse(truth.depth[index] * SIMD3(x.x, x.y, 1))
                #expect(abs(truth.isObject[index] ? scene.object.signedDistance(point) : point.z) < 2e-6)
            }
        }
    }

    @Test func aPointHasOneColorInTwoViews() {
        let scene = SyntheticPhotoScene.owl
        let camera = Camera(width: 640, height: 480, focalLength: 690)
        let views = Self.ring(camera, count: 2, step: 15)
        let photos = views.map { scene.photograph($0, options: .bareColors) }
        let truths = views.map { scene.truth(of: $0) }
        var differences: [Double] = []
        for index in stride(from: 0, to: truths[0].depth.count, by: 13) where truths[0].depth[index] > 0 {
            let pixel = SIMD2(Double(index % camera.width) + 0.5, Double(index / camera.width) + 0.5)
            let x = camera.normalized(ofPixel: pixel)
            let point = views[0].cameraFromWorld.inverse(truths[0].depth[index] * SIMD3(x.x, x.y, 1))
            guard let other = views[1].project(point), camera.contains(other) else { continue }
            // Seen by the second view, too, and within a tenth of a pixel of where that view took its sample.
            let place = other - 0.5
            let nearest = SIMD2(place.x.rounded(), place.y.rounded())
            guard (place - nearest).length < 0.1, nearest.min() >= 0 else { continue }
            let target = Int(nearest.y) * camera.width + Int(nearest.x)
            guard target < truths[1].depth.count, nearest.x < Double(camera.width) else { continue }
            let depth = views[1].cameraFromWorld(point).z
            guard abs(truths[1].depth[target] - depth) < 0.002 else { continue }
            let colors = [index, target].enumerated().map { photos[$0].samples[3 * $1 + 1] }
            differences.append(abs(Double(colors[0]) - Double(colors[1])))
        }
        differences.sort()
        #expect(differences.count > 200, "\(differences.count) points")
        #expect(differences[differences.count / 2] <= 3, "median \(differences[differences.count / 2])")
    }

    @Test func bytesDoNotDependOnThreads() {
        let view = Self.ring(Self.camera, count: 1, step: 0)[0]
        var options = PhotographOptions()
        let alone = SyntheticPhotoScene.owl.photograph(view, options: options)
        options.threads = 2
        #expect(SyntheticPhotoScene.owl.photograph(view, options: options) == alone)
        #expect(SyntheticPhotoScene.owl.truth(of: view, threads: 2) == SyntheticPhotoScene.owl.truth(of: view))
        options.seed = 1
        #expect(SyntheticPhotoScene.owl.photograph(view, options: options) != alone)
    }

    @Test func noiseHasTheGivenStrength() {
        let view = Self.ring(Self.camera, count: 1, step: 0)[0]
        var options = PhotographOptions.bareColors
        let clean = Self.ball.photograph(view, options: options)
        options.noise = 2
        let noisy = Self.ball.photograph(view, options: options)
        let errors = zip(clean.samples, noisy.samples)
            .filter { clean, _ in (20..<235).contains(clean) }
            .map { Double($1) - Double($0) }
        let count = Double(errors.count)
        let mean = errors.reduce(0, +) / count
        let variance = errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        #expect(abs(mean) < 0.05)
        // Rounding of both pictures adds a twelfth each, less what is common.
        #expect(abs(variance.squareRoot() - 2) < 0.1)
    }

    @Test func meshIsTheClosedSurfaceOfTheSolid() throws {
        for scene in [SyntheticPhotoScene.owl, .teapot, .facade] {
            let mesh = try scene.objectMesh(cells: 96, threads: 2)
            let topology = try MeshTopology(of: mesh)
            #expect(topology.isClosed && topology.isManifold && topology.isConsistentlyWound)
            // Not all vertices: at creases a few lie in the middle of a cell, where nothing is refined.
            let distances = mesh.positions.map { abs(scene.object.signedDistance($0)) }.sorted()
            #expect(distances[distances.count / 2] < 1e-6)
        }
    }

    @Test func signedDistanceGrowsNoFasterThanTheWayWalked() {
        for scene in [SyntheticPhotoScene.owl, .teapot, .facade] {
            var random = RandomStream(seed: 4, label: "pairs")
            for _ in 0..<20_000 {
                let center = SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble()) * 3 - 1.5
                let offset = SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble()) * 0.4 - 0.2
                let change = scene.object.signedDistance(center + offset) - scene.object.signedDistance(center)
                #expect(abs(change) <= offset.length * (1 + 1e-9))
            }
        }
    }

    @Test func camerasOfARingLookAtTheTargetFromTheGivenSide() {
        let target = SIMD3(0.3, -0.2, 0.6)
        let poses = CameraPath.ring(around: target, distance: 2, elevation: 30, count: 12, start: 15, step: 30)
        for (index, pose) in poses.enumerated() {
            let inCamera = pose(target)
            #expect((inCamera - SIMD3(0, 0, 2)).length < 1e-12)
            #expect(abs(pose.cameraCenterInWorld.z - target.z - 1) < 1e-12)
            // What is above the target in the world is above it in the picture: y points down.
            #expect(pose(target + SIMD3(0, 0, 1)).y < 0 && abs(pose(target + SIMD3(0, 0, 1)).x) < 1e-12)
            let next = poses[(index + 1) % poses.count].cameraCenterInWorld - target
            // Chord of 30° on the circle of radius 2 cos 30°.
            #expect(abs((next - pose.cameraCenterInWorld + target).length - 0.896_575_472_168_053_6) < 1e-12)
        }
    }

    @Test func aSweepWalksFromStartToEnd() {
        let (start, end) = (SIMD3(3.0, -1.5, 1), SIMD3(3.0, 1.5, 1))
        let poses = CameraPath.sweep(
            from: start, to: end, targets: (SIMD3(0, -1, 1), SIMD3(0, 1, 1)), count: 5,
            shake: CameraPath.Shake(position: 0.01, aim: 0.01, roll: 2, seed: 9))
        for (index, pose) in poses.enumerated() {
            let eye = start + 0.25 * Double(index) * (end - start)
            let stray = pose.cameraCenterInWorld - eye
            #expect(stray.length > 0 && stray.length < 0.01 * 3.1 * 1.8)
        }
    }
}
