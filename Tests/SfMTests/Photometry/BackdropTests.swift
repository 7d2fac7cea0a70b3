// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry
import Images
import SfM
import Testing

@Suite struct BackdropTests {
    private static let (width, height) = (240, 180)

    /// A shaded, noisy backdrop in colour; within `isThing` coloured noise instead.
    private func picture(
        seed: UInt64, noise: Double = 2, base: Double = 120, isThing: (Int, Int) -> Bool
    ) -> Raster {
        var random = RandomStream(seed: seed, label: "backdrop")
        var samples: [UInt8] = []
        for row in 0..<Self.height {
            for column in 0..<Self.width {
                let shade = base + 0.1 * Double(column) - 0.15 * Double(row)
                for channel in 0..<3 {
                    let value =
                        isThing(column, row)
                        ? 255 * random.uniformDouble()
                        : shade + 10 * Double(channel) + noise * (2 * random.uniformDouble() - 1)
                    samples.append(UInt8(min(max(value, 0), 255).rounded()))
                }
            }
        }
        return Raster(width: Self.width, height: Self.height, channels: 3, samples: samples)
    }

    private func distance(_ column: Int, _ row: Int) -> Double {
        (SIMD2(Double(column), Double(row)) - SIMD2(120, 90)).length
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func shadedBackdropsAreFoundUpToTheOutline(seed: UInt64) throws {
        let raster = picture(seed: seed, noise: Double(seed) / 2) { distance($0, $1) < 50 }
        let backdrop = try #require(PlainBackdrop(of: raster))
        #expect(backdrop.count == 1)
        var (missed, outside) = (0, 0)
        for row in 0..<Self.height {
            for column in 0..<Self.width {
                let label = backdrop.labels[row * Self.width + column]
                let distance = distance(column, row)
                if distance < 48 { #expect(label == 0, "(\(column), \(row)) belongs to the thing") }
                guard distance > 54 else { continue }
                outside += 1
                missed += label == 0 ? 1 : 0
            }
        }
        #expect(Double(missed) < 0.03 * Double(outside), "\(missed) of \(outside)")
    }

    @Test func plainThingsInsideAreNoBackdrop() {
        // Texture everywhere but in a disc that does not reach the border.
        #expect(PlainBackdrop(of: picture(seed: 1) { distance($0, $1) > 60 }) == nil)
        #expect(PlainBackdrop(of: picture(seed: 2) { _, _ in true }) == nil)
    }

    @Test func separateAreasHaveNumbersOfTheirOwn() throws {
        // A textured band from top to bottom.
        let backdrop = try #require(PlainBackdrop(of: picture(seed: 3) { column, _ in (100..<140).contains(column) }))
        #expect(backdrop.count == 2)
        let row = 90 * Self.width
        let (left, right) = (backdrop.labels[row + 30], backdrop.labels[row + 200])
        #expect(left != 0 && right != 0 && left != right)
    }

    @Test(arguments: [(1, 1), (1, 40), (40, 1), (2, 2), (3, 300)])
    func tinyPicturesAreSurvived(width: Int, height: Int) {
        for channels in [1, 3] {
            let raster = Raster(
                width: width, height: height, channels: channels,
                samples: Array(repeating: 90, count: width * height * channels))
            let labels = PlainBackdrop(of: raster)?.labels
            #expect(labels == nil || labels?.count == width * height)
        }
    }

    // MARK: Evidence

    private func view(_ raster: Raster, id: ImageID = 1, pose: RigidTransform = .identity) -> GrayView {
        GrayView(
            imageID: id, camera: Camera(width: Self.width, height: Self.height, focalLength: 200),
            cameraFromWorld: pose, raster: raster, longerSide: 1000, findsBackdrop: true)
    }

    /// Points with three observations each, at pixels of a camera at the origin.
    private func scene(_ pixels: [SIMD2<Double>], depth: Double) -> Reconstruction {
        var scene = Reconstruction()
        for (index, pixel) in pixels.enumerated() {
            let slope = (pixel - SIMD2(120, 90)) / 200
            scene.points[PointID(index)] = ScenePoint(
                position: SIMD3(slope.x, slope.y, 1) * depth,
                track: (1...3).map { Observation(imageID: $0, keypointIndex: index) })
        }
        return scene
    }

    @Test func pointsBehindAnAreaSayThatItIsASurface() {
        let view = view(picture(seed: 4) { distance($0, $1) < 50 })
        func pixel(_ column: Int, _ row: Int) -> SIMD2<Double> { SIMD2(Double(column), Double(row)) }
        let onThing = (0..<100).map { pixel(100 + $0 % 10 * 4, 70 + $0 / 10 * 4) }
        let behind = (0..<20).map { pixel(10 + 2 * $0, 20) }
        func backdrops(_ pixels: [SIMD2<Double>], depth: Double = 5, looksAtOnePlace: Bool = true) -> [UInt16] {
            BackdropEvidence.backdrops(
                of: [view], in: scene(pixels, depth: depth), looksAtOnePlace: looksAtOnePlace)
        }
        #expect(backdrops(onThing) == [0b10])
        #expect(backdrops(onThing + behind.prefix(2)) == [0b10], "two blunders prove nothing")
        #expect(backdrops(onThing + behind) == [0])
        #expect(backdrops(onThing + behind, depth: -5) == [0b10], "behind the camera")
    }

    @Test func roomsHaveNoBackdrops() {
        let raster = picture(seed: 5) { distance($0, $1) < 50 }
        let views = (0..<4).map { quarter in
            view(
                raster, id: ImageID(quarter + 1),
                pose: RigidTransform(
                    rotation: Quaternion(rotationVector: SIMD3(0, 0.5 * Double.pi * Double(quarter), 0)),
                    translation: .zero))
        }
        let empty = Reconstruction()
        #expect(
            BackdropEvidence.backdrops(of: views, in: empty, looksAtOnePlace: false) == [0, 0, 0, 0])
        #expect(
            BackdropEvidence.backdrops(of: views, in: empty, looksAtOnePlace: true) == Array(repeating: 0b10, count: 4))
    }

    // MARK: Texture

    @Test func rampsHaveNoDetail() {
        var patch = zk_patch()
        func prepare(_ gray: (Double, Double) -> Double) {
            let packed = PackedImage(GrayViewTests.raster(width: 15, height: 15, gray))
            #expect(zk_patch_prepare(packed.words, 15, 15, 7, 7, 30, &patch) == Int32(ZK_PATCH_OK))
        }
        prepare { x, y in 8 * x + 4 * y }
        #expect(patch.texture > 100 && abs(patch.detail) < 0.01 * patch.texture, "\(patch.texture) \(patch.detail)")
        prepare { x, y in (Int(x) + Int(y)) % 2 == 0 ? 100 : 140 }
        #expect(abs(patch.detail - patch.texture) < 0.05 * patch.texture)
    }

    @Test func plainRegionsAreWhereMostPhotosShowNoTexture() throws {
        var scene = Reconstruction()
        for index in 0..<8 {
            let corner = SIMD3<Double>(Double(index & 1), Double(index >> 1 & 1), Double(index >> 2)) * 2 - 1
            scene.points[PointID(index)] = ScenePoint(position: corner + SIMD3(0, 0, 4), track: [])
        }
        let cube = try #require(SceneCube(scene))
        let plain = view(picture(seed: 6, noise: 0.5) { _, _ in false }, id: 1)
        let textured = view(picture(seed: 7) { _, _ in true }, id: 2)
        func majority(_ views: [GrayView], backdrops: UInt16 = 0) -> Float {
            PlainRegions(
                of: views, backdrops: views.map { _ in backdrops }, in: cube, leastDetail: 4, threads: 2
            ).majority(at: .zero)
        }
        #expect(majority([plain]) == 1)
        #expect(majority([textured]) == 0)
        #expect(majority([plain, textured]) == 0)
        #expect(majority([plain, plain, textured]) == Float(1) / 3)
        #expect(majority([plain], backdrops: 0b10) == 0, "a backdrop is empty")
    }
}
