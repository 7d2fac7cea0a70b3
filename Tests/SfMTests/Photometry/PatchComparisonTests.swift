// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry
import Images
import SfM
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Formulas in Double against central differences, and kernels against the formulas.
@Suite struct PatchComparisonTests {
    static let sets: [Int32] = Array(0...zk_widest_isa())

    /// A smooth picture without an end.
    static func analytic(_ place: SIMD2<Double>) -> (gray: Double, byColumn: Double, byRow: Double) {
        var result = (gray: 128.0, byColumn: 0.0, byRow: 0.0)
        for (height, x, y, phase) in [(40.0, 0.21, 0.1, 0.0), (30, 0.13, -0.27, 1), (20, 0.4, 0.33, 2)] {
            let angle = x * place.x + y * place.y + phase
            result.gray += height * sin(angle)
            result.byColumn += height * x * cos(angle)
            result.byRow += height * y * cos(angle)
        }
        return result
    }

    /// Bilinear samples of a packed picture, by the four pixels about the place.
    static func bilinear(_ image: PackedImage, _ place: SIMD2<Double>) -> (
        gray: Double, byColumn: Double, byRow: Double
    ) {
        let (x, y) = (place.x - 0.5, place.y - 0.5)
        let (column, row) = (Int(x), Int(y))
        let (s, t) = (x - Double(column), y - Double(row))
        func gray(_ i: Int, _ j: Int) -> Double {
            Double(image[min(column + i, image.width - 1), min(row + j, image.height - 1)])
        }
        let upper = gray(0, 0) + s * (gray(1, 0) - gray(0, 0))
        let lower = gray(0, 1) + s * (gray(1, 1) - gray(0, 1))
        let across = (1 - t) * (gray(1, 0) - gray(0, 0)) + t * (gray(1, 1) - gray(0, 1))
        return (upper + t * (lower - upper), across, lower - upper)
    }

    /// A random pair of views of a random plane about the origin.
    struct Setup {
        var origin: SIMD3<Double>
        var rays: [SIMD3<Double>]
        var distance: Double
        var normal: SIMD3<Double>
        var source: RigidTransform
        var column: Int
        var row: Int

        static let focalLength = 180.0
        static let center = SIMD2(80.0, 60.0)

        init(seed: UInt64) {
            var random = RandomStream(seed: seed, label: "patch")
            func number(_ scale: Double) -> Double { scale * (2 * random.uniformDouble() - 1) }
            let eye = SIMD3(number(1), number(1), -3 + number(0.3))
            let reference = CameraPath.looking(from: eye, at: SIMD3(number(0.1), number(0.1), 0.01))
            source = CameraPath.looking(
                from: SIMD3(number(1.2), number(1.2), -3 + number(0.5)), at: SIMD3(number(0.1), number(0.1), 0))
            (column, row) = (60 + random.index(below: 40), 45 + random.index(below: 30))
            origin = reference.cameraCenterInWorld
            let back = reference.rotation.inverse
            let offset = (SIMD2(Double(column) + 0.5, Double(row) + 0.5) - Self.center) / Self.focalLength
            rays = [
                back(SIMD3(offset.x, offset.y, 1)), back(SIMD3(1 / Self.focalLength, 0, 0)),
                back(SIMD3(0, 1 / Self.focalLength, 0)),
            ]
            distance = eye.length + number(0.1)
            normal = (SIMD3(number(0.5), number(0.5), 0) + eye.normalized).normalized
        }

        func patch(grays: [Double], picture: @escaping ReferencePatch.Picture) -> ReferencePatch {
            ReferencePatch(
                grays: grays, similarity: 30, origin: origin, rays: rays, cameraFromWorld: source,
                focalLengths: SIMD2(repeating: Self.focalLength), principalPoint: Self.center, picture: picture)
        }

        var plane: zk_patch_plane {
            func triple(_ v: SIMD3<Double>) -> (Float, Float, Float) { (Float(v.x), Float(v.y), Float(v.z)) }
            return zk_patch_plane(
                origin: triple(origin), rays: (triple(rays[0]), triple(rays[1]), triple(rays[2])),
                normal: triple(normal), arm: triple(distance * rays[0].normalized))
        }

        func view(of image: PackedImage) -> zk_patch_view {
            let (x, y, z) = (
                source.rotation(SIMD3(1, 0, 0)), source.rotation(SIMD3(0, 1, 0)), source.rotation(SIMD3(0, 0, 1))
            )
            let f = Float(Self.focalLength)
            return zk_patch_view(
                words: image.words, width: Int32(image.width), height: Int32(image.height), focal: (f, f),
                center: (Float(Self.center.x), Float(Self.center.y)),
                rotation: (
                    Float(x.x), Float(y.x), Float(z.x), Float(x.y), Float(y.y), Float(z.y), Float(x.z), Float(y.z),
                    Float(z.z)
                ),
                translation: (Float(source.translation.x), Float(source.translation.y), Float(source.translation.z)))
        }
    }

    static func picture(_ shift: Double) -> PackedImage {
        let samples = (0..<160 * 120).map { place in
            UInt8(analytic(SIMD2(Double(place % 160) + shift, Double(place / 160) - shift)).gray.rounded())
        }
        return PackedImage(Raster(width: 160, height: 120, channels: 1, samples: samples))
    }

    @Test func formulasMatchCentralDifferences() {
        for seed in 0..<200 as Range<UInt64> {
            let setup = Setup(seed: seed)
            let place = SIMD2(Double(setup.column), Double(setup.row)) + 0.5
            let patch = setup.patch(
                grays: ReferencePatch.pixels.map { Self.analytic(place + $0 + 0.7).gray }, picture: Self.analytic)
            let result = patch.compare(distance: setup.distance, normal: setup.normal)
            let h = 1e-5
            func cost(_ distance: Double, _ normal: SIMD3<Double>) -> Double {
                patch.compare(distance: distance, normal: normal).cost
            }
            let numeric =
                (cost(setup.distance + h, setup.normal) - cost(setup.distance - h, setup.normal)) / (2 * h)
            #expect(abs(numeric - result.byDistance) < 1e-6 * max(1, abs(result.byDistance)), "seed \(seed)")
            for axis in 0..<3 {
                var (plus, minus) = (setup.normal, setup.normal)
                plus[axis] += h
                minus[axis] -= h
                let slope = (cost(setup.distance, plus) - cost(setup.distance, minus)) / (2 * h)
                #expect(abs(slope - result.byNormal[axis]) < 1e-6 * max(1, result.byNormal.length), "seed \(seed)")
            }
        }
    }

    /// Bilinear samples of packed words included.
    @Test(arguments: sets) func kernelsMatchTheFormulas(isa: Int32) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512_VNNI)) }
        let (reference, source) = (Self.picture(0), Self.picture(0.3))
        var compared = 0
        for seed in 0..<400 as Range<UInt64> {
            let setup = Setup(seed: seed)
            var patch = zk_patch()
            #expect(
                zk_patch_prepare(
                    reference.words, 160, 120, Int32(setup.column), Int32(setup.row), 30, &patch) == Int32(ZK_PATCH_OK))
            var (plane, view, result) = (setup.plane, setup.view(of: source), zk_patch_comparison())
            guard zk_patch_compare(&patch, &plane, &view, &result) == Int32(ZK_PATCH_OK) else { continue }
            compared += 1
            let grays = ReferencePatch.pixels.map {
                Double(reference[setup.column + Int($0.x), setup.row + Int($0.y)])
            }
            let exact = setup.patch(grays: grays) { Self.bilinear(source, $0) }
                .compare(distance: setup.distance, normal: setup.normal)
            #expect(abs(Double(result.cost) - exact.cost) < 2e-5, "seed \(seed)")
            // A sample within rounding of a pixel's centre line takes its slope from either side of it: 1 of 45.
            #expect(
                abs(Double(result.by_distance) - exact.byDistance) < 2e-3 * max(1, abs(exact.byDistance)),
                "seed \(seed)"
            )
            let byNormal = SIMD3<Double>(SIMD3(result.by_normal.0, result.by_normal.1, result.by_normal.2))
            #expect((byNormal - exact.byNormal).length < 2e-3 * max(1, exact.byNormal.length), "seed \(seed)")
        }
        #expect(compared > 200)
    }

    @Test(arguments: sets) func whatCannotBeComparedIsSaid(isa: Int32) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512_VNNI)) }
        let image = Self.picture(0)
        var patch = zk_patch()
        for (column, row) in [(2, 60), (157, 60), (80, 2), (80, 117), (-5, 60), (80, 1 << 30)] as [(Int32, Int32)] {
            #expect(
                zk_patch_prepare(image.words, 160, 120, column, row, 30, &patch) == Int32(ZK_PATCH_OUTSIDE),
                "\(column), \(row)")
        }
        let setup = Setup(seed: 3)
        _ = zk_patch_prepare(image.words, 160, 120, Int32(setup.column), Int32(setup.row), 30, &patch)
        var (view, result) = (setup.view(of: image), zk_patch_comparison())
        var plane = setup.plane
        plane.normal = (-plane.normal.0, -plane.normal.1, -plane.normal.2)
        #expect(zk_patch_compare(&patch, &plane, &view, &result) == Int32(ZK_PATCH_BEHIND))
        plane = setup.plane
        plane.arm.0 = .nan
        #expect(zk_patch_compare(&patch, &plane, &view, &result) == Int32(ZK_PATCH_BEHIND))
        plane = setup.plane
        view.translation.2 = -100
        #expect(zk_patch_compare(&patch, &plane, &view, &result) == Int32(ZK_PATCH_BEHIND))
        view = setup.view(of: image)
        view.center.0 += 1e9
        #expect(zk_patch_compare(&patch, &plane, &view, &result) == Int32(ZK_PATCH_OUTSIDE))
        view.center.0 = .nan
        #expect(zk_patch_compare(&patch, &plane, &view, &result) == Int32(ZK_PATCH_OUTSIDE))
        // A wall without texture tells nothing, and does so quietly.
        let flat = PackedImage(
            Raster(width: 160, height: 120, channels: 1, samples: .init(repeating: 90, count: 160 * 120)))
        view = setup.view(of: flat)
        #expect(zk_patch_compare(&patch, &plane, &view, &result) == Int32(ZK_PATCH_OK))
        #expect(result.cost == 1 && result.by_distance == 0 && result.by_normal.0 == 0 && result.variance < 1e-3)
    }
}
