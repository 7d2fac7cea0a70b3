// SPDX-License-Identifier: Apache-2.0

import CCeres
import Geometry
import SfM
import Testing

@Suite struct BundleAdjustmentTests {
    private static func camera(_ model: CameraModel, _ random: inout RandomStream) -> Camera {
        var parameters = [Double](repeating: 0, count: model.parameterCount)
        for index in parameters.indices { parameters[index] = 0.1 * (random.uniformDouble() - 0.5) }
        for index in 0..<model.focalLengthCount { parameters[index] = 500 + 300 * random.uniformDouble() }
        parameters[model.focalLengthCount] = 320
        parameters[model.focalLengthCount + 1] = 240
        return Camera(width: 640, height: 480, model: model, parameters: parameters)
    }

    /// Residual and derivatives against central differences through the public camera and transforms.
    @Test(arguments: CameraModel.allCases, 0..<40 as Range<UInt64>)
    func derivativesMatchFiniteDifferences(model: CameraModel, seed: UInt64) throws {
        var random = RandomStream(seed: seed, label: "jacobian")
        func signed() -> Double { 2 * random.uniformDouble() - 1 }
        let camera = Self.camera(model, &random)
        let pose = RigidTransform(
            rotation: Quaternion(rotationVector: SIMD3(signed(), signed(), signed())),
            translation: SIMD3(signed(), signed(), 5 + signed()))
        let point = SIMD3(signed(), signed(), signed())
        let observed = SIMD2(300.0, 200.0)

        let (q, t) = (pose.rotation, pose.translation)
        var residual = [Double](repeating: 0, count: 2)
        var byPose = [Double](repeating: 0, count: 12)
        var byPoint = [Double](repeating: 0, count: 6)
        var byCamera = [Double](repeating: 0, count: 2 * model.parameterCount)
        let status = zs_ceres_reprojection(
            model.colmapID, camera.parameters, [q.w, q.xyz.x, q.xyz.y, q.xyz.z, t.x, t.y, t.z],
            [point.x, point.y, point.z], [observed.x, observed.y], &residual, &byPose, &byPoint, &byCamera)
        #expect(status == 0)

        func error(_ pose: RigidTransform, _ point: SIMD3<Double>, _ camera: Camera) -> SIMD2<Double> {
            (camera.project(pose(point)) ?? SIMD2(repeating: .nan)) - observed
        }
        let base = error(pose, point, camera)
        #expect(abs(base.x - residual[0]) < 1e-9 && abs(base.y - residual[1]) < 1e-9)
        func check(_ jacobian: [Double], _ columns: Int, _ moved: (Int, Double) -> SIMD2<Double>) {
            for column in 0..<columns {
                let h = 1e-6
                let difference = (moved(column, h) - moved(column, -h)) / (2 * h)
                for row in 0..<2 {
                    let analytic = jacobian[row * columns + column]
                    #expect(
                        abs(analytic - difference[row]) < 1e-4 * max(1, abs(analytic)),
                        "row \(row), column \(column): \(analytic) instead of \(difference[row])")
                }
            }
        }
        check(byPose, 6) { column, h in
            var moved = pose
            if column < 3 {
                var vector = SIMD3<Double>.zero
                vector[column] = h
                moved.rotation = Quaternion(rotationVector: vector) * pose.rotation
            } else {
                moved.translation[column - 3] += h
            }
            return error(moved, point, camera)
        }
        check(byPoint, 3) { column, h in
            var moved = point
            moved[column] += h
            return error(pose, moved, camera)
        }
        check(byCamera, model.parameterCount) { column, h in
            var moved = camera
            moved.parameters[column] += h
            return error(pose, point, moved)
        }
    }

    /// A ring of cameras with exact observations, then disturbed.
    private static func world(_ model: CameraModel, seed: UInt64, disturbance: Double) -> (Reconstruction, Camera) {
        var random = RandomStream(seed: seed, label: "bundle")
        func signed() -> Double { 2 * random.uniformDouble() - 1 }
        var camera = camera(model, &random)
        for index in (model.focalLengthCount + 2)..<max(model.parameterCount, model.focalLengthCount + 2) {
            camera.parameters[index] *= 0.2
        }
        var world = Reconstruction()
        world.cameras[1] = camera
        let points = (0..<80).map { _ in SIMD3(signed(), signed(), signed()) }
        for id in 1...6 as ClosedRange<ImageID> {
            let pose = RigidTransform(
                rotation: Quaternion(rotationVector: SIMD3(0.2 * signed(), Double(id), 0.2 * signed())),
                translation: SIMD3(0.1 * signed(), 0.1 * signed(), 5))
            let keypoints = points.map { camera.project(pose($0)) ?? .zero }
            world.images[id] = PosedImage(name: "\(id)", cameraID: 1, cameraFromWorld: pose, keypoints: keypoints)
        }
        for (index, point) in points.enumerated() {
            let track = (1...6 as ClosedRange<ImageID>).map { Observation(imageID: $0, keypointIndex: index) }
            let noise = SIMD3(signed(), signed(), signed())
            world.insert(ScenePoint(position: point + disturbance * noise, track: track), id: PointID(index + 1))
        }
        for id in 2...6 as ClosedRange<ImageID> {
            let turn = Quaternion(rotationVector: disturbance * SIMD3(signed(), signed(), signed()))
            let before = world.images[id]?.cameraFromWorld.rotation ?? .identity
            world.images[id]?.cameraFromWorld.rotation = turn * before
            world.images[id]?.cameraFromWorld.translation += disturbance * SIMD3(signed(), signed(), signed())
        }
        return (world, camera)
    }

    @Test(arguments: CameraModel.allCases)
    func disturbedWorldsReturnToTheTruth(model: CameraModel) throws {
        var (world, camera) = Self.world(model, seed: 3, disturbance: 0.03)
        for index in 0..<model.focalLengthCount { world.cameras[1]?.parameters[index] *= 1.03 }
        var adjustment = BundleAdjustment(intrinsics: [1: .focalLengthAndRadial])
        adjustment.options.functionTolerance = 0
        adjustment.options.parameterTolerance = 0
        let summary = try adjustment.adjust(&world)
        #expect(summary.finalCost <= summary.initialCost)
        #expect(summary.finalCost < 1e-12, "\(summary)")
        let found = try #require(world.cameras[1])
        for (a, b) in zip(found.parameters, camera.parameters) { #expect(abs(a - b) < 1e-4 * max(1, abs(b))) }
        #expect(world.violatedInvariants().isEmpty)
        #expect(world.points.values.allSatisfy { $0.error >= 0 && $0.error < 1e-5 })
    }

    @Test(arguments: 0..<30 as Range<UInt64>, [RobustLoss.squared, .softL1(scale: 1), .cauchy(scale: 1)])
    func theCostNeverRises(seed: UInt64, loss: RobustLoss) throws {
        var (world, _) = Self.world(.radial, seed: seed, disturbance: 0.3)
        var adjustment = BundleAdjustment(intrinsics: [1: .all])
        adjustment.options.loss = loss
        adjustment.options.maximumIterations = 5
        let summary = try adjustment.adjust(&world)
        #expect(summary.finalCost <= summary.initialCost && summary.finalCost.isFinite)
        var (again, _) = Self.world(.radial, seed: seed, disturbance: 0.3)
        _ = try adjustment.adjust(&again)
        let isSame = again == world
        #expect(isSame)
    }

    @Test func heldParametersStay() throws {
        var (world, _) = Self.world(.openCV, seed: 1, disturbance: 0.02)
        let before = world
        _ = try BundleAdjustment().adjust(&world)
        #expect(world.cameras == before.cameras)
        #expect(world.images[1]?.cameraFromWorld == before.images[1]?.cameraFromWorld)
        #expect(world.images[2]?.cameraFromWorld != before.images[2]?.cameraFromWorld)
    }

    @Test func pointsBehindCamerasTakeNoPart() throws {
        var (world, _) = Self.world(.pinhole, seed: 1, disturbance: 0)
        world.points[5]?.position = 1000 * SIMD3(1, 1, 1)
        let summary = try BundleAdjustment().adjust(&world)
        #expect(summary.skippedObservations > 0)
        #expect(world.points[5]?.position.isFinite == true)
    }

    @Test func numbersThatAreNotFiniteAreRefused() {
        var (world, _) = Self.world(.pinhole, seed: 1, disturbance: 0)
        world.points[5]?.position.x = .nan
        let before = world.images
        #expect(throws: BundleError.solver(reason: "a parameter is not finite")) {
            try BundleAdjustment().adjust(&world)
        }
        #expect(world.images == before)
        var adjustment = BundleAdjustment()
        adjustment.options.loss = .cauchy(scale: 0)
        #expect(throws: BundleError.self) { try adjustment.adjust(&world) }
    }

    /// One ray leaves a point's distance open; a plane settles it, and so weighs against rays by its normal's length.
    @Test func planesHoldPoints() {
        let camera = [800.0, 0, 0, 0, 0, 0, 0, 0]
        var parameters = camera
        var pose = [1.0, 0, 0, 0, 0, 0, 0]
        var point = [0.3, 0.1, 4]
        var options = zs_ceres_bundle_options()
        options.maximum_iterations = 50
        options.loss_scale = 1
        options.plane_loss_scale = 1
        var summary = zs_ceres_bundle_summary()
        var planePoint: [Int32] = [0]
        func solve() -> Int32 {
            planePoint.withUnsafeBufferPointer { indices in
                [0.0, 0, 100, 500].withUnsafeBufferPointer { values in
                    var planes = zs_ceres_planes(count: 1, points: indices.baseAddress, values: values.baseAddress)
                    return zs_ceres_adjust_bundle(
                        1, [0], &parameters, [UInt8](repeating: 1, count: 8), 1, &pose, [0], [1], 1, &point, [0], 1,
                        [80, 40], [0], [0], &planes, &options, &summary)
                }
            }
        }
        #expect(solve() == 0)
        #expect(abs(point[0] - 0.5) < 1e-6 && abs(point[1] - 0.25) < 1e-6 && abs(point[2] - 5) < 1e-6, "\(point)")
        planePoint = [1]
        #expect(solve() < 0)
    }
}
