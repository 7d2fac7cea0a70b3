// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import SfM
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct GrayViewTests {
    static func raster(width: Int, height: Int, _ gray: (Double, Double) -> Double) -> Raster {
        Raster(
            width: width, height: height, channels: 1,
            samples: (0..<width * height).map {
                UInt8(min(max(gray(Double($0 % width) + 0.5, Double($0 / width) + 0.5), 0), 255).rounded())
            })
    }

    @Test func wordsHoldAPixelAndItsNeighbours() {
        var random = RandomStream(seed: 1, label: "texels")
        for (width, height) in [(1, 1), (1, 5), (7, 1), (13, 9)] {
            let samples = (0..<width * height).map { _ in UInt8(random.index(below: 256)) }
            let packed = PackedImage(Raster(width: width, height: height, channels: 1, samples: samples))
            for row in 0..<height {
                for column in 0..<width {
                    let word = packed.words[row * width + column]
                    for (byte, (i, j)) in [(0, 0), (1, 0), (0, 1), (1, 1)].enumerated() {
                        let place = min(row + j, height - 1) * width + min(column + i, width - 1)
                        #expect(UInt8(word >> (8 * byte) & 255) == samples[place])
                    }
                    #expect(packed[column, row] == samples[row * width + column])
                }
            }
        }
    }

    /// Each level shows the same thing at the same direction: a ramp's grey there must not move by half a pixel.
    @Test func levelsSeeTheSameInTheSameDirection() {
        let camera = Camera(
            width: 320, height: 240, model: .pinhole, parameters: [300, 310, 155, 118])
        let view = GrayView(
            imageID: 1, camera: camera, cameraFromWorld: .identity,
            raster: Self.raster(width: 320, height: 240) { x, y in 10 + 0.5 * x + 0.25 * y }, longerSide: 1000)
        #expect(view.levels.map(\.image.width) == [320, 160, 80])
        for level in view.levels {
            for (column, row) in [(10, 12), (40, 33), (70, 50)] {
                let direction =
                    (SIMD2(Double(column), Double(row)) + 0.5 - level.principalPoint) / level.focalLengths
                let place = camera.pixel(ofNormalized: direction)
                // Two roundings of 8 bits.
                #expect(abs(Double(level.image[column, row]) - (10 + 0.5 * place.x + 0.25 * place.y)) <= 1.01)
            }
        }
    }

    @Test func picturesAreReducedAndTinyLevelsLeftOut() {
        let camera = Camera(width: 400, height: 300, focalLength: 350)
        let raster = Self.raster(width: 400, height: 300) { x, _ in x / 2 }
        let view = GrayView(
            imageID: 1, camera: camera, cameraFromWorld: .identity, raster: raster, longerSide: 100)
        #expect(view.levels.map { SIMD2($0.image.width, $0.image.height) } == [SIMD2(100, 75), SIMD2(50, 37)])
        #expect(abs(view.levels[0].focalLengths.x - 87.5) < 1e-9)
        #expect(abs(view.levels[1].principalPoint.x - 25) < 1e-9)
    }

    @Test func masksCountOnlyWholePixelsOfSmallerLevels() throws {
        let camera = Camera(width: 128, height: 128, focalLength: 100)
        let mask = Self.raster(width: 128, height: 128) { x, _ in x < 65 ? 0 : 255 }
        let view = GrayView(
            imageID: 1, camera: camera, cameraFromWorld: .identity,
            raster: Self.raster(width: 128, height: 128) { x, _ in x }, mask: mask, longerSide: 128)
        #expect(!view.levels[0].counts(column: 64, row: 5) && view.levels[0].counts(column: 65, row: 5))
        #expect(!view.levels[1].counts(column: 32, row: 5) && view.levels[1].counts(column: 33, row: 5))
    }

    /// The picture of a distorted camera, drawn analytically, becomes that of the pinhole camera.
    @Test(arguments: [
        (CameraModel.simpleRadial, [250.0, 160, 120, -0.12]), (.radial, [250, 158, 123, 0.1, -0.03]),
        (.openCV, [250, 255, 161, 117, -0.1, 0.02, 0.003, -0.002]),
    ])
    func undistortionFollowsTheCameraModel(model: CameraModel, parameters: [Double]) {
        let camera = Camera(width: 320, height: 240, model: model, parameters: parameters)
        func gray(_ direction: SIMD2<Double>) -> Double { 128 + 60 * sin(7 * direction.x) + 50 * sin(9 * direction.y) }
        let raster = Self.raster(width: 320, height: 240) { gray(camera.normalized(ofPixel: SIMD2($0, $1))) }
        let straight = Undistortion(camera: camera)
        #expect(straight.pinhole.distortion.isEmpty)
        let (result, mask) = (straight.redrawn(raster), straight.mask(nil))
        var compared = 0
        for row in 0..<240 {
            for column in 0..<320 {
                let pixel = SIMD2(Double(column), Double(row)) + 0.5
                let direction = straight.pinhole.normalized(ofPixel: pixel)
                let isShown = camera.contains(camera.pixel(ofNormalized: direction))
                #expect((mask[row * 320 + column] != 0) == isShown)
                // Beside the border samples repeat pixels.
                guard (4..<316).contains(column), (4..<236).contains(row), isShown,
                    camera.resized(width: 320, height: 240).contains(camera.pixel(ofNormalized: direction) + 1),
                    camera.contains(camera.pixel(ofNormalized: direction) - 1)
                else { continue }
                compared += 1
                #expect(abs(Double(result.samples[row * 320 + column]) - gray(direction)) <= 1.05)
            }
        }
        #expect(compared > 50_000)
    }
}

@Suite struct SourceViewsTests {
    /// Cameras on an arc, 5 degrees apart, that all see a cloud of points: the best sources are about 15 degrees off.
    @Test func sourcesAreNeitherNearNorFar() throws {
        var scene = Reconstruction()
        scene.cameras[1] = Camera(width: 64, height: 48, focalLength: 60)
        let eyes = (0..<19).map { index -> SIMD3<Double> in
            let angle = Double(index) * 5 * .pi / 180
            return SIMD3(10 * cos(angle), 10 * sin(angle), 0)
        }
        var random = RandomStream(seed: 2, label: "cloud")
        for (index, eye) in eyes.enumerated() {
            scene.images[ImageID(index)] = PosedImage(
                name: "\(index)", cameraID: 1, cameraFromWorld: TorusScene.lookingAtOrigin(from: eye),
                keypoints: Array(repeating: .zero, count: 50))
        }
        for point in 0..<50 {
            scene.insert(
                ScenePoint(
                    position: SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble()) - 0.5,
                    // The last image sees nothing that others see.
                    track: (0..<18).map { Observation(imageID: ImageID($0), keypointIndex: point) }),
                id: PointID(point))
        }
        let raster = GrayViewTests.raster(width: 64, height: 48) { x, _ in x }
        let views = GrayView.all(of: scene, longerSide: 64, threads: 2, raster: { $0 == 4 ? nil : raster })
        #expect(views.map(\.imageID) == (0..<19).filter { $0 != 4 }.map { ImageID($0) })
        let sources = SourceViews.choose(for: views, in: scene, count: 4)
        for (view, chosen) in sources.enumerated().dropLast() {
            #expect(chosen.count == 4 && !chosen.contains(view))
            let own = Int(views[view].imageID)
            for source in chosen {
                let angle = 5 * abs(Int(views[source].imageID) - own)
                #expect((10...30).contains(angle), "view \(own) with one \(angle) degrees off")
            }
            #expect(5 * abs(Int(views[chosen[0]].imageID) - own) <= 20)
        }
        #expect(sources[17].isEmpty)
    }
}
