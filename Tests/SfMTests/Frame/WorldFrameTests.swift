// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry
import Images
import SfM
import Testing

/// A scene whose true frame has z up and metres, and the same seen from an arbitrary frame.
private struct TiltedScene {
    let truth: Reconstruction
    let model: Reconstruction
    let worldFromModel: Similarity

    /// Cameras on a ring that look at the origin, level or tilted down, and points on a ground and on a ball above it.
    init(seed: Int, cameras: Int = 8, hasGround: Bool = true, height: Double = 1.5) {
        var random = RandomStream(seed: UInt64(seed), label: "tilted scene")
        var truth = Reconstruction()
        truth.cameras[1] = Camera(width: 640, height: 480, focalLength: 500)
        for index in 0..<cameras {
            let angle = 2 * Double.pi * Double(index) / Double(cameras)
            let center = SIMD3(4 * cos(angle), 4 * sin(angle), height + 0.1 * Double(index % 3))
            let forward = (SIMD3(0, 0, 0.5) - center).normalized
            let right = forward.cross(SIMD3(0, 0, 1)).normalized
            let rotation = Quaternion(rotationMatrix: Matrix3(rows: right, forward.cross(right), forward))
            truth.images[ImageID(index + 1)] = PosedImage(
                name: "set/\(index).jpg", cameraID: 1,
                cameraFromWorld: RigidTransform(rotation: rotation, translation: -rotation(center)), keypoints: [])
        }
        for index in 0..<400 {
            let isGround = hasGround && index < 250
            let direction = Self.vector(&random).normalized
            truth.points[PointID(index + 1)] = ScenePoint(
                position: isGround
                    ? SIMD3(3 * direction.x, 3 * direction.y, 0.002 * direction.z)
                    : SIMD3(0, 0, 0.8) + 0.7 * direction,
                track: [])
        }
        worldFromModel = Similarity(
            scale: 0.2 + 4 * random.uniformDouble(), rotation: Quaternion(rotationVector: 3 * Self.vector(&random)),
            translation: 5 * Self.vector(&random))
        self.truth = truth
        model = truth.transformed(by: worldFromModel.inverse)
    }

    static func vector(_ random: inout RandomStream) -> SIMD3<Double> {
        SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble()) * 2 - 1
    }

    static func center(_ model: Reconstruction, _ index: Int) -> SIMD3<Double> {
        model.images[ImageID(index + 1)]?.cameraFromWorld.cameraCenterInWorld ?? .zero
    }

    /// True positions of all cameras by name.
    var positions: [String: SIMD3<Double>] {
        Dictionary(uniqueKeysWithValues: truth.images.values.map { ($0.name, $0.cameraFromWorld.cameraCenterInWorld) })
    }

    /// The model's direction that truly is up.
    var up: SIMD3<Double> { worldFromModel.rotation.inverse(SIMD3(0, 0, 1)) }
}

@Suite struct WorldFrameTests {
    @Test(arguments: 0..<40)
    func mappingKeepsPixels(seed: Int) throws {
        let scene = TiltedScene(seed: seed)
        for index in 0..<8 {
            let id = ImageID(index + 1)
            let (a, b) = (try #require(scene.truth.images[id]), try #require(scene.model.images[id]))
            for point in scene.truth.pointIDs.prefix(20) {
                let (x, y) = (try #require(scene.truth.points[point]), try #require(scene.model.points[point]))
                let seen = (a.cameraFromWorld(x.position), b.cameraFromWorld(y.position))
                #expect((seen.0 / seen.0.z - seen.1 / seen.1.z).length < 1e-9)
            }
        }
    }

    @Test(arguments: 0..<40)
    func positionsGiveTheWholeFrame(seed: Int) throws {
        let scene = TiltedScene(seed: seed)
        let report = try WorldFrame.find(scene.model, options: FrameOptions(scale: .positions(scene.positions)))
        let map = report.worldFromModel
        #expect(abs(map.scale / scene.worldFromModel.scale - 1) < 1e-9)
        #expect((map.translation - scene.worldFromModel.translation).length < 1e-8)
        #expect((map.rotation * scene.worldFromModel.rotation.inverse).angle < 1e-8)
        #expect(report.residuals.count == 8 && report.residuals.allSatisfy { $0.error < 1e-8 })
        #expect(report.matrix[3] == [0, 0, 0, 1] && report.units == "given")
        let point = SIMD3(0.3, -2, 1.1)
        let byMatrix = (0..<3).map { row in
            report.matrix[row][0] * point.x + report.matrix[row][1] * point.y + report.matrix[row][2] * point.z
                + report.matrix[row][3]
        }
        #expect((SIMD3(byMatrix[0], byMatrix[1], byMatrix[2]) - scene.worldFromModel(point)).length < 1e-8)
    }

    @Test(arguments: 0..<20)
    func wrongPositionsAreLeftOut(seed: Int) throws {
        let scene = TiltedScene(seed: seed, cameras: 12)
        var positions = scene.positions
        var random = RandomStream(seed: UInt64(seed), label: "noise")
        for name in positions.keys.sorted() { positions[name]? += 0.001 * TiltedScene.vector(&random) }
        for name in ["set/3.jpg", "set/7.jpg"] { positions[name]? += SIMD3(2, -1, 5) }
        positions["elsewhere.jpg"] = .zero
        let report = try WorldFrame.find(scene.model, options: FrameOptions(scale: .positions(positions)))
        #expect(abs(report.scale / scene.worldFromModel.scale - 1) < 0.001)
        let unused = report.residuals.filter { !$0.isUsed }.map(\.name)
        #expect(unused.contains("set/3.jpg") && unused.contains("set/7.jpg"))
        #expect((report.errors?.maximum ?? 1) < 0.01 && report.residuals.count == 12)
        #expect(report.notes.contains { $0.contains("elsewhere.jpg") })
    }

    @Test(arguments: 0..<20)
    func distancesGiveTheScaleAlone(seed: Int) throws {
        let scene = TiltedScene(seed: seed)
        let centers = (0..<8).map { TiltedScene.center(scene.truth, $0) }
        let known = [(0, 1), (2, 6)].map { a, b in
            KnownDistance(first: "set/\(a).jpg", second: "\(b).JPG", distance: (centers[a] - centers[b]).length)
        }
        let report = try WorldFrame.find(scene.model, options: FrameOptions(scale: .distances(known)))
        #expect(abs(report.scale / scene.worldFromModel.scale - 1) < 1e-9)
        #expect(report.rotation == [1, 0, 0, 0] && report.translation == [0, 0, 0] && report.up == nil)
        #expect(report.residuals.map(\.name) == ["set/0.jpg:1.JPG", "set/2.jpg:6.JPG"])
        #expect(report.residuals.allSatisfy { $0.error < 1e-9 })
    }

    @Test(arguments: 0..<40)
    func groundMakesUpExact(seed: Int) throws {
        // Cameras alone would do here, so half of them are rolled by 20°.
        var scene = TiltedScene(seed: seed).model
        let up = TiltedScene(seed: seed).up
        for id in scene.imageIDs where id % 2 == 0 {
            let roll = Quaternion(rotationVector: SIMD3(0, 0, 20 * Double.pi / 180))
            let pose = scene.images[id]?.cameraFromWorld ?? .identity
            scene.images[id]?.cameraFromWorld = RigidTransform(
                rotation: roll * pose.rotation, translation: roll(pose.translation))
        }
        let report = try WorldFrame.find(scene, options: FrameOptions(up: .automatic))
        let turned = report.worldFromModel.rotation(up)
        #expect(acos(min(1, turned.z)) < 0.1 * .pi / 180, "\(turned)")
        #expect(report.scale == 1 && (report.up?.groundShare ?? 0) > 0.6)
    }

    @Test func camerasDecideUpWithoutGround() throws {
        let scene = TiltedScene(seed: 3, hasGround: false)
        let report = try WorldFrame.find(scene.model, options: FrameOptions(up: .automatic))
        #expect(report.up?.groundShare == nil && (report.up?.cameraAgreement ?? 0) > 0.9)
        // The ring is even, so tilts cancel but for the uneven heights.
        #expect(report.worldFromModel.rotation(scene.up).z > cos(2 * Double.pi / 180))
    }

    @Test func camerasWithoutCommonDirectionDecideNothing() {
        var scene = TiltedScene(seed: 3, hasGround: false).model
        for id in scene.imageIDs {
            let roll = Quaternion(rotationVector: SIMD3(0, 0, Double(id % 2) * .pi))
            let pose = scene.images[id]?.cameraFromWorld ?? .identity
            scene.images[id]?.cameraFromWorld = RigidTransform(
                rotation: roll * pose.rotation, translation: roll(pose.translation))
        }
        #expect(throws: FrameError.self) { try WorldFrame.find(scene, options: FrameOptions(up: .automatic)) }
    }

    @Test(arguments: [
        (UpDirection.x, SIMD3<Double>(1, 0, 0)), (.minusX, SIMD3(-1, 0, 0)), (.y, SIMD3(0, 1, 0)),
        (.minusY, SIMD3(0, -1, 0)), (.z, SIMD3(0, 0, 1)), (.minusZ, SIMD3(0, 0, -1)),
    ])
    func givenAxisBecomesUp(direction: UpDirection, axis: SIMD3<Double>) throws {
        let report = try WorldFrame.find(TiltedScene(seed: 1).model, options: FrameOptions(up: direction))
        #expect((report.worldFromModel.rotation(axis) - SIMD3(0, 0, 1)).length < 1e-12)
        #expect(report.up?.source == direction && report.scale == 1)
        if direction == .z { #expect(report.worldFromModel == .identity) }
    }

    @Test func gpsGivesMetresEastNorthUp() throws {
        let scene = TiltedScene(seed: 5)
        let home = GeographicPosition(latitude: 48.2, longitude: 16.37, altitude: 171)
        // Degrees of the true positions by the local radii of curvature: exact to a few parts in 10⁶ at 4 m.
        let (phi, a, e2) = (48.2 * Double.pi / 180, 6_378_137.0, 0.00669437999014)
        let w = 1 - e2 * sin(phi) * sin(phi)
        let (meridian, normal) = (a * (1 - e2) / (w * w.squareRoot()), a / w.squareRoot())
        let positions = scene.positions.mapValues { p in
            GeographicPosition(
                latitude: home.latitude + p.y / (meridian + 171) * 180 / .pi,
                longitude: home.longitude + p.x / ((normal + 171) * cos(phi)) * 180 / .pi, altitude: 171 + p.z)
        }
        let report = try WorldFrame.find(scene.model, options: FrameOptions(scale: .gps)) { name in
            var metadata = ExifMetadata()
            metadata.position = positions[name]
            return metadata
        }
        #expect(report.units == "metres" && report.origin == positions["set/0.jpg"])
        #expect(abs(report.scale / scene.worldFromModel.scale - 1) < 1e-5)
        #expect((report.worldFromModel.rotation * scene.worldFromModel.rotation.inverse).angle < 1e-4)
        // The first photo is the origin.
        #expect(report.worldFromModel(TiltedScene.center(scene.model, 0)).length < 1e-4)
        #expect(report.notes.isEmpty)
        #expect(throws: FrameError.noPhotos) {
            try WorldFrame.find(scene.model, options: FrameOptions(scale: .gps))
        }
        #expect(throws: FrameError.tooFewPositions(found: 0, needed: 3, source: "the GPS tags of the photos")) {
            try WorldFrame.find(scene.model, options: FrameOptions(scale: .gps)) { _ in nil }
        }
    }

    @Test func tangentPlaneAgreesWithKnownLengths() {
        // A minute of latitude at the equator is 1842.9 m long, one of longitude 1855.3 m.
        let plane = LocalTangentPlane(at: GeographicPosition(latitude: 0, longitude: 0, altitude: 0))
        let north = plane(GeographicPosition(latitude: 1.0 / 60, longitude: 0, altitude: 0))
        let east = plane(GeographicPosition(latitude: 0, longitude: 1.0 / 60, altitude: 0))
        #expect(abs(north.y - 1842.9) < 0.1 && abs(east.x - 1855.3) < 0.1)
        #expect(abs(north.x) < 1e-9 && abs(east.y) < 1e-9 && north.z < 0)
        #expect(plane(GeographicPosition(latitude: 0, longitude: 0, altitude: 12)).z == 12)
    }

    @Test func whatCannotWorkIsNamed() throws {
        let scene = TiltedScene(seed: 2)
        let find = { (options: FrameOptions) throws(FrameError) in try WorldFrame.find(scene.model, options: options) }
        #expect(throws: FrameError.nothingAsked) { try find(FrameOptions()) }
        #expect(throws: FrameError.upGivenTwice) { try find(FrameOptions(up: .x, scale: .positions(scene.positions))) }
        let two = scene.positions.filter { $0.key < "set/2" }
        #expect(throws: FrameError.tooFewPositions(found: 2, needed: 3, source: "positions")) {
            try find(FrameOptions(scale: .positions(two)))
        }
        var line: [String: SIMD3<Double>] = [:]
        for index in 0..<5 { line["set/\(index).jpg"] = SIMD3(Double(index), 2 * Double(index), 0) }
        #expect(throws: FrameError.collinear(count: 5, source: "positions")) {
            try find(FrameOptions(scale: .positions(line)))
        }
        #expect(throws: FrameError.unknownImage(name: "x")) {
            try find(FrameOptions(scale: .distances([KnownDistance(first: "x", second: "0.jpg", distance: 1)])))
        }
        for (second, distance) in [("1.jpg", 0.0), ("1.jpg", -1), ("1.jpg", .nan), ("0.jpg", 1)] {
            #expect(throws: FrameError.self) {
                try find(
                    FrameOptions(
                        scale: .distances([KnownDistance(first: "0.jpg", second: second, distance: distance)])))
            }
        }
    }

    @Test func positionFilesAreRead() throws {
        let text = "name,x,y,z\n# comment\n\n\"a b.jpg\", 1, 2.5, -3e2\r\nc.jpg\t0 0 1\n"
        #expect(
            try CameraPositionFile.parse(text, path: "p.csv") == [
                "a b.jpg": SIMD3(1, 2.5, -300), "c.jpg": SIMD3(0, 0, 1),
            ])
        for (bad, line) in [
            ("a 1 2", 1), ("a 1 2 3\nb 1 2 nan", 2), ("a 1 2 3\na 1 2 3", 2), ("a 1 2 x", 1), ("# c\n\n1 2 3", 3),
        ] {
            let error = #expect(throws: FrameError.self) { try CameraPositionFile.parse(bad, path: "p") }
            guard case .malformedPositions("p", line, _)? = error else {
                Issue.record("\(bad): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func mapsAreStored() throws {
        let report = try WorldFrame.find(TiltedScene(seed: 8).model, options: FrameOptions(up: .automatic))
        let copy = try JSONDecoder().decode(FrameReport.self, from: JSONEncoder().encode(report))
        #expect(copy == report)
    }
}
