// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import SfM
import TestSupport
import Testing

/// Depth maps and points against exact truth.
@Suite struct StereoTests {
    /// Cameras side by side, 20 degrees apart as seen from the target.
    private static func row(_ count: Int, width: Int, height: Int, focal: Double, distance: Double) -> [PhotoView] {
        CameraPath.ring(
            around: .zero, distance: distance, elevation: 20, count: count, start: -10 * Double(count - 1), step: 20
        ).map { PhotoView(camera: Camera(width: width, height: height, focalLength: focal), cameraFromWorld: $0) }
    }

    /// A plane that leans away from the cameras, which look along -x.
    private static let plane = StereoScene(
        plane: SIMD3(0.9, 0.15, 0.3).normalized, distance: 0.1,
        views: row(3, width: 160, height: 120, focal: 200, distance: 3))

    private static let owl = StereoScene(
        .owl,
        views: CameraPath.ring(
            around: SIMD3(0, 0, 0.6), distance: 3.2, elevation: 30, count: 5, start: -40, step: 20
        ).map { PhotoView(camera: Camera(width: 400, height: 320, focalLength: 600), cameraFromWorld: $0) },
        points: 1500)

    private static func options(halvings: Int) -> StereoOptions {
        var options = StereoOptions()
        options.halvings = halvings
        return options
    }

    @Test func aLeaningPlaneIsFound() throws {
        let stereo = try DenseStereo(
            views: Self.plane.views(), in: Self.plane.reconstruction, options: Self.options(halvings: 0))
        let map = try stereo.map(of: 1)
        let found = Self.plane.agreement(of: map, image: 2)
        #expect(found.median <= 0.001, "median relative error \(found.median)")
        #expect(found.within >= 0.85, "\(found.within) within 0.5 %")
        // Points lie on the plane, and normals stand on it, facing the cameras.
        let cloud = try stereo.cloud(threads: 2)
        let normal = SIMD3(0.9, 0.15, 0.3).normalized
        let distances = cloud.points.map { abs(normal.dot(cloud.position(of: $0)) - 0.1) }.sorted()
        #expect(cloud.points.count > 20_000)
        #expect(distances[distances.count / 2] < 0.003 && distances[distances.count * 95 / 100] < 0.02)
        let cosines = cloud.points.map { SIMD3<Double>($0.normal).dot(normal) }.sorted()
        #expect(cosines[cosines.count / 2] > 0.99)
        #expect(cloud.points.allSatisfy { $0.agreeing >= 1 && $0.confidence > 0 && $0.viewIndex < 3 })
    }

    @Test func twoViewsSuffice() throws {
        let scene = StereoScene(
            plane: SIMD3(1, 0, 0), distance: 0, views: Self.row(2, width: 160, height: 120, focal: 200, distance: 3))
        let stereo = try DenseStereo(
            views: scene.views(), in: scene.reconstruction, options: Self.options(halvings: 0))
        let found = scene.agreement(of: try stereo.map(of: 0), image: 1)
        #expect(found.median <= 0.001 && found.within >= 0.7, "\(found)")
    }

    @Test func theOwlHasItsShape() throws {
        let stereo = try DenseStereo(
            views: Self.owl.views(), in: Self.owl.reconstruction, options: Self.options(halvings: 1))
        let map = try stereo.map(of: 2)
        #expect(map.width == 200 && map.height == 160)
        let found = Self.owl.agreement(of: map, image: 3)
        #expect(found.median <= 0.001, "median relative error \(found.median)")
        #expect(found.within >= 0.85, "\(found.within) within 0.5 %")
    }

    @Test func threadsDoNotChangeThePoints() throws {
        let stereo = try DenseStereo(
            views: Self.plane.views(), in: Self.plane.reconstruction, options: Self.options(halvings: 1))
        let alone = try stereo.cloud(threads: 1)
        #expect(!alone.points.isEmpty)
        for threads in [2, 4] { #expect(try stereo.cloud(threads: threads) == alone) }
        // Another seed is another search.
        var options = Self.options(halvings: 1)
        options.seed = 2
        let other = try DenseStereo(views: Self.plane.views(), in: Self.plane.reconstruction, options: options)
        #expect(try other.cloud(threads: 2) != alone)
    }

    @Test func maskedPixelsHaveNoDepth() throws {
        let mask = Raster(
            width: 160, height: 120, channels: 1, samples: (0..<160 * 120).map { $0 % 160 < 80 ? 0 : 255 })
        let stereo = try DenseStereo(
            views: Self.plane.views(masks: [2: mask]), in: Self.plane.reconstruction,
            options: Self.options(halvings: 0))
        let map = try stereo.map(of: 1)
        for row in 0..<120 {
            for column in 0..<80 { #expect(map.depths[row * 160 + column] == 0) }
        }
        #expect(map.coverage > 0.4)
    }

    @Test func aRegionBoundsTheDepths() throws {
        let region = Box(minimum: SIMD3(-0.3, -0.3, -0.3), maximum: SIMD3(0.6, 0.3, 0.3))
        let stereo = try DenseStereo(
            views: Self.plane.views(), in: Self.plane.reconstruction, region: region,
            options: Self.options(halvings: 0))
        let cloud = try stereo.cloud(threads: 2)
        #expect(cloud.points.count > 2000)
        #expect(cloud.points.allSatisfy { region.expanded(by: 0.02).contains(cloud.position(of: $0)) })
    }

    @Test func flatPicturesGiveNoPoints() throws {
        let flat = Self.plane.pictures.mapValues { picture in
            Raster(width: picture.width, height: picture.height, channels: 1, samples: picture.samples.map { _ in 120 })
        }
        let stereo = try DenseStereo(
            views: Self.plane.views(pictures: flat), in: Self.plane.reconstruction,
            options: Self.options(halvings: 0))
        #expect(try stereo.cloud(threads: 2).points.isEmpty)
    }

    @Test func unrelatedPicturesGiveFewPoints() throws {
        // Noise that differs between the views: any match is chance, and other views do not confirm it.
        let noise = Dictionary(
            uniqueKeysWithValues: Self.plane.pictures.keys.sorted().map { id in
                var random = RandomStream(seed: 9, label: "noise", UInt64(id))
                let samples = (0..<160 * 120).map { _ in UInt8(random.index(below: 256)) }
                return (id, Raster(width: 160, height: 120, channels: 1, samples: samples))
            })
        let stereo = try DenseStereo(
            views: Self.plane.views(pictures: noise), in: Self.plane.reconstruction,
            options: Self.options(halvings: 0))
        #expect(try stereo.cloud(threads: 2).points.count < 160 * 120 * 3 / 50)
    }

    @Test func whatCannotWorkIsSaid() throws {
        let views = Self.plane.views()
        var bare = Self.plane.reconstruction
        for id in bare.pointIDs { bare.removePoint(id) }
        #expect(throws: StereoError.noSources(views: 3, points: 0)) {
            try DenseStereo(views: views, in: bare, options: StereoOptions())
        }
        #expect(throws: StereoError.tooFewPictures(found: 1, images: 3)) {
            try DenseStereo(views: [views[0]], in: Self.plane.reconstruction, options: StereoOptions())
        }
        var options = StereoOptions()
        options.bestSources = 7
        #expect(throws: StereoError.self) {
            try DenseStereo(views: views, in: Self.plane.reconstruction, options: options)
        }
        let stereo = try DenseStereo(views: views, in: Self.plane.reconstruction, options: StereoOptions())
        #expect(throws: StereoError.cancelled) { try stereo.cloud(threads: 2, cancellation: { true }) }
    }

    @Test(arguments: 0..<200 as Range<UInt64>) func packedNormalsKeepTheirDirection(seed: UInt64) {
        var random = RandomStream(seed: seed, label: "normals")
        let numbers = (0..<3).map { _ in 2 * random.uniform() - 1 }
        let normal = SIMD3(numbers[0], numbers[1], numbers[2]).normalized
        let packed = PackedNormal(normal).direction
        #expect((packed - normal).length < 1e-4)
        #expect(abs(packed.length - 1) < 1e-6)
    }
}
