// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry
import Glibc
import Images
import SfM
import Testing

/// The patch comparison at every instruction set of this machine against plain arithmetic in `Double`.
@Suite struct StereoKernelTests {
    static let sets: [Int32] = Array(0...min(zk_widest_isa(), Int32(ZK_ISA_AVX512)))
    private static let (width, height) = (64, 48)

    private static func picture(_ seed: UInt64, contrast: Double = 1) -> Raster {
        var random = RandomStream(seed: seed, label: "patch picture")
        let samples = (0..<width * height).map { place -> UInt8 in
            let (x, y) = (Double(place % width), Double(place / width))
            let wave = ((x * 0.13 + y * 0.07).truncatingRemainder(dividingBy: 1) - 0.5) * 120
            return UInt8(128 + contrast * (wave + 60 * random.uniformDouble()))
        }
        return Raster(width: width, height: height, channels: 1, samples: samples)
    }

    /// A source camera a little off the reference, and a plane before it.
    private static func setting(
        _ image: PackedImage, _ random: inout RandomStream
    ) -> (source: zk_stereo_source, plane: zk_stereo_plane) {
        func number(_ spread: Float) -> Float { spread * (2 * random.uniform() - 1) }
        let source = zk_stereo_source(
            words: image.words, width: Int32(image.width), height: Int32(image.height),
            along_x: (1 + number(0.2), number(0.2), number(0.001)),
            along_y: (number(0.2), 1 + number(0.2), number(0.001)),
            axis: (31.5 + number(3), 23.5 + number(3), 1), shift: (number(30), number(30), number(0.3)))
        let plane = zk_stereo_plane(
            inverse_depth: 0.3 + number(0.2), slope_x: number(0.01), slope_y: number(0.01))
        return (source, plane)
    }

    /// 1 - NCC by the book; `nil` when a pixel falls outside.
    private static func reference(
        _ picture: Raster, _ other: Raster, column: Int, row: Int, _ source: zk_stereo_source, _ plane: zk_stereo_plane
    ) -> Double? {
        func gray(_ raster: Raster, _ x: Double, _ y: Double) -> Double {
            let (left, top) = (Int(x), Int(y))
            let (right, below) = (min(left + 1, width - 1), min(top + 1, height - 1))
            let (u, v) = (x - Double(left), y - Double(top))
            func texel(_ x: Int, _ y: Int) -> Double { Double(raster.samples[y * width + x]) }
            return (texel(left, top) * (1 - u) + texel(right, top) * u) * (1 - v)
                + (texel(left, below) * (1 - u) + texel(right, below) * u) * v
        }
        func vector(_ v: (Float, Float, Float)) -> SIMD3<Double> { SIMD3(Double(v.0), Double(v.1), Double(v.2)) }
        var samples: [(weight: Double, a: Double, b: Double)] = []
        let middle = gray(picture, Double(column), Double(row))
        for dy in -3...3 {
            for dx in -3...3 where abs(dx) + abs(dy) < 6 {
                let w =
                    Double(plane.inverse_depth) + Double(dx) * Double(plane.slope_x) + Double(dy)
                    * Double(plane.slope_y)
                let x = Double(column + dx) + 0.5 - 32
                let y = Double(row + dy) + 0.5 - 24
                let q =
                    x * vector(source.along_x) + y * vector(source.along_y) + vector(source.axis)
                    + w * vector(source.shift)
                let (u, v) = (q.x / q.z, q.y / q.z)
                guard q.z > 0, u >= 0, v >= 0, u <= Double(width - 1), v <= Double(height - 1) else { return nil }
                let a = gray(picture, Double(column + dx), Double(row + dy))
                let unlike = (a - middle) / 30
                samples.append((exp(-Double(dx * dx + dy * dy) / 18) / (1 + unlike * unlike), a, gray(other, u, v)))
            }
        }
        let total = samples.reduce(0) { $0 + $1.weight }
        let meanA = samples.reduce(0) { $0 + $1.weight * $1.a } / total
        let meanB = samples.reduce(0) { $0 + $1.weight * $1.b } / total
        let varianceA = samples.reduce(0) { $0 + $1.weight * ($1.a - meanA) * ($1.a - meanA) } / total
        let varianceB = samples.reduce(0) { $0 + $1.weight * ($1.b - meanB) * ($1.b - meanB) } / total
        let covariance = samples.reduce(0) { $0 + $1.weight * ($1.a - meanA) * ($1.b - meanB) } / total
        guard varianceB >= 1 else { return 1 }
        return 1 - covariance / (max(varianceA, 1) * varianceB).squareRoot()
    }

    @Test(arguments: sets) func costsEqualTheReference(isa: Int32) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512_VNNI)) }
        let (picture, other) = (Self.picture(1), Self.picture(2))
        let (packed, packedOther) = (PackedImage(picture), PackedImage(other))
        var (inside, outside) = (0, 0)
        for seed in 0..<200 as Range<UInt64> {
            var random = RandomStream(seed: seed, label: "patch setting")
            let (column, row) = (3 + random.index(below: 58), 3 + random.index(below: 42))
            let settings = (0..<3).map { _ in Self.setting(packedOther, &random) }
            var patch = zk_patch()
            _ = zk_patch_prepare(packed.words, 64, 48, Int32(column), Int32(row), 30, &patch)
            var costs = [Float](repeating: -1, count: 9)
            zk_stereo_costs(
                &patch, Float(column) + 0.5 - 32, Float(row) + 0.5 - 24, 3, settings.map(\.source), 0b101, 3,
                settings.map(\.plane), &costs)
            for plane in 0..<3 {
                #expect(costs[3 * plane + 1] == ZK_STEREO_OUTSIDE)
                for source in [0, 2] {
                    let cost = costs[3 * plane + source]
                    let expected = Self.reference(
                        picture, other, column: column, row: row, settings[source].source, settings[plane].plane)
                    if let expected {
                        #expect(abs(Double(cost) - expected) < 3e-4, "seed \(seed): \(cost), not \(expected)")
                        inside += 1
                    } else {
                        #expect(cost == ZK_STEREO_OUTSIDE, "seed \(seed)")
                        outside += 1
                    }
                }
            }
        }
        #expect(inside > 300 && outside > 100)
    }

    @Test(arguments: sets) func aPatchEqualsItself(isa: Int32) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512_VNNI)) }
        let image = PackedImage(Self.picture(3))
        var source = zk_stereo_source(
            words: image.words, width: 64, height: 48, along_x: (1, 0, 0), along_y: (0, 1, 0), axis: (31.5, 23.5, 1),
            shift: (0, 0, 0))
        var patch = zk_patch()
        _ = zk_patch_prepare(image.words, 64, 48, 20, 20, 30, &patch)
        #expect(patch.texture > 100)
        var plane = zk_stereo_plane(inverse_depth: 1, slope_x: 0, slope_y: 0)
        var cost: Float = -1
        zk_stereo_costs(&patch, -11.5, -3.5, 1, &source, 1, 1, &plane, &cost)
        #expect(abs(cost) < 1e-5)
        // One pixel to the side is something else, and not-a-number is nowhere.
        source.axis.0 += 1
        zk_stereo_costs(&patch, -11.5, -3.5, 1, &source, 1, 1, &plane, &cost)
        #expect(cost > 0.1)
        source.shift = (1, 1, 1)
        plane.slope_x = .nan
        zk_stereo_costs(&patch, -11.5, -3.5, 1, &source, 1, 1, &plane, &cost)
        #expect(cost == ZK_STEREO_OUTSIDE)
    }

    @Test(arguments: sets) func aFlatSourceSaysNothing(isa: Int32) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512_VNNI)) }
        let image = PackedImage(Self.picture(3))
        let flat = PackedImage(Raster(width: 64, height: 48, channels: 1, samples: Array(repeating: 90, count: 3072)))
        var source = zk_stereo_source(
            words: flat.words, width: 64, height: 48, along_x: (1, 0, 0), along_y: (0, 1, 0), axis: (31.5, 23.5, 1),
            shift: (0, 0, 0))
        var patch = zk_patch()
        _ = zk_patch_prepare(flat.words, 64, 48, 20, 20, 30, &patch)
        #expect(patch.texture < 1e-6)
        _ = zk_patch_prepare(image.words, 64, 48, 20, 20, 30, &patch)
        var plane = zk_stereo_plane(inverse_depth: 1, slope_x: 0, slope_y: 0)
        var cost: Float = -1
        zk_stereo_costs(&patch, -11.5, -3.5, 1, &source, 1, 1, &plane, &cost)
        #expect(cost == 1)
    }
}
