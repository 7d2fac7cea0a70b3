// SPDX-License-Identifier: Apache-2.0

import CKernels
import Fields
import Geometry
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Every kernel at every instruction set of this machine against plain Double arithmetic.
@Suite struct KernelTests {
    static let sets: [Int32] = Array(0...zk_widest_isa())

    static func floats(_ count: Int, _ label: StaticString, scale: Float = 1) -> FloatBuffer {
        var random = RandomStream(seed: 7, label: label)
        let buffer = FloatBuffer(count: count)
        for index in 0..<count { buffer.pointer[index] = random.uniform(in: -scale..<scale) }
        return buffer
    }

    @Test(arguments: sets, [(1, 16, 1), (3, 16, 5), (7, 48, 66), (128, 64, 64), (33, 80, 128), (128, 256, 300)])
    func productsMatchDouble(isa: Int32, shape: (rows: Int, columns: Int, inner: Int)) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512)) }
        let (rows, columns, inner) = shape
        let (lda, ldb, ldc) = (inner + 3, columns + 16, columns)
        let a = Self.floats(rows * lda, "a")
        let b = Self.floats(inner * ldb, "b")
        let c = Self.floats(rows * ldc, "c")
        let before = Array(c.elements)
        zk_gemm(rows, columns, inner, a.pointer, lda, b.pointer, ldb, c.pointer, ldc, 1)
        let transposedLd = rows + 5
        let at = Self.floats(inner * transposedLd, "at")
        let d = FloatBuffer(count: rows * ldc)
        zk_gemm_transposed(rows, columns, inner, at.pointer, transposedLd, b.pointer, ldb, d.pointer, ldc, 0)
        for row in 0..<rows {
            for column in 0..<columns {
                var plain = Double(before[row * ldc + column])
                var transposed = 0.0
                for k in 0..<inner {
                    let right = Double(b.pointer[k * ldb + column])
                    plain += Double(a.pointer[row * lda + k]) * right
                    transposed += Double(at.pointer[k * transposedLd + row]) * right
                }
                let bound = 4e-7 * Double(inner + 4)
                #expect(abs(Double(c.pointer[row * ldc + column]) - plain) < bound)
                #expect(abs(Double(d.pointer[row * ldc + column]) - transposed) < bound)
            }
        }
    }

    @Test(arguments: sets) func softplusMatchesDouble(isa: Int32) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512)) }
        for sharpness: Float in [1, 20, 100] {
            let values = Self.floats(64 * 48, "softplus", scale: 300 / sharpness)
            let arguments = values.elements.map(Double.init)
            let bias = FloatBuffer(count: 48)
            let slopes = FloatBuffer(count: values.count)
            zk_activate(
                Int32(ZK_ACTIVATION_SOFTPLUS), sharpness, 64, 48, values.pointer, 48, bias.pointer, slopes.pointer)
            for (index, z) in arguments.enumerated() {
                let scaled = z * Double(sharpness)
                let value = (max(scaled, 0) + log1p(exp(-abs(scaled)))) / Double(sharpness)
                #expect(abs(Double(values.pointer[index]) - value) < 3e-7 * (1 / Double(sharpness) + value))
                #expect(abs(Double(slopes.pointer[index]) - 1 / (1 + exp(-scaled))) < 3e-7)
            }
        }
    }

    @Test(arguments: sets) func leakyReLUHasItsTwoSlopes(isa: Int32) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512)) }
        let values = FloatBuffer(count: 16)
        let bias = FloatBuffer(count: 16)
        let slopes = FloatBuffer(count: 16)
        for index in 0..<16 {
            values.pointer[index] = Float(index) - 8
            bias.pointer[index] = 0.5
        }
        zk_activate(Int32(ZK_ACTIVATION_LEAKY_RELU), 0.25, 1, 16, values.pointer, 16, bias.pointer, slopes.pointer)
        for index in 0..<16 {
            let z = Float(index) - 7.5
            #expect(values.pointer[index] == (z > 0 ? z : 0.25 * z))
            #expect(slopes.pointer[index] == (z > 0 ? 1 : 0.25))
        }
    }

    @Test(arguments: sets) func sinusoidsMatchDouble(isa: Int32) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512)) }
        let frequencies: [Float] = [0.3, 1, 2.5, 4, 8, 16, 33, 100, 250, 777]
        let rows = 128
        let points = Self.floats(4 * rows, "encode", scale: 2)
        let encoding = FloatBuffer(count: rows * 48)
        let slopes = FloatBuffer(count: rows * 32)
        zk_encode(rows, points.pointer, 5, frequencies, encoding.pointer, 48, slopes.pointer)
        for row in 0..<rows {
            for axis in 0..<3 {
                let x = points.pointer[4 * row + axis]
                #expect(encoding.pointer[48 * row + axis] == x)
                for k in 0..<5 {
                    let cosine = Double(encoding.pointer[48 * row + 3 + 3 * k + axis])
                    let sine = Double(encoding.pointer[48 * row + 18 + 3 * k + axis])
                    #expect(abs(cosine - cos(Double(frequencies[k] * x))) < 1e-6)
                    #expect(abs(sine - sin(Double(frequencies[5 + k] * x))) < 1e-6)
                }
            }
        }
    }

    @Test(arguments: sets, [1, 5, 16, 128]) func crossEntropyMatchesDouble(isa: Int32, count: Int) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512)) }
        let logits = Self.floats(count, "logits", scale: 40)
        let labels = FloatBuffer(count: count)
        for index in 0..<count { labels.pointer[index] = Float(index % 3) / 2 }
        let difference = FloatBuffer(count: count)
        let sum = zk_cross_entropy(count, logits.pointer, labels.pointer, difference.pointer)
        var expected = 0.0
        for index in 0..<count {
            let (z, y) = (Double(logits.pointer[index]), Double(labels.pointer[index]))
            expected += max(z, 0) - z * y + log1p(exp(-abs(z)))
            #expect(abs(Double(difference.pointer[index]) - (1 / (1 + exp(-z)) - y)) < 5e-7)
        }
        #expect(abs(sum - expected) < 1e-6 * (1 + expected))
    }

    @Test(arguments: sets) func blockSumsKeepTheirOrder(isa: Int32) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512)) }
        let blocks = Self.floats(5 * 100, "blocks", scale: 1e3)
        let sum = FloatBuffer(count: 97)
        zk_sum_blocks(97, 5, blocks.pointer, 100, sum.pointer)
        for index in 0..<97 {
            var total = blocks.pointer[index]
            for block in 1..<5 { total += blocks.pointer[100 * block + index] }
            #expect(sum.pointer[index] == total)
        }
    }

    /// What a point's row gives must not depend on its neighbours: extraction asks in blocks of any size.
    @Test(arguments: sets) func rowsDoNotDependOnTheirTile(isa: Int32) throws {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512)) }
        let field = OccupancyField(try OccupancyNetwork(OccupancyArchitecture(), seed: 3))
        var random = RandomStream(seed: 4, label: "rows")
        let points = (0..<301).map { _ in
            SIMD3<Float>(random.uniform(), random.uniform(), random.uniform())
        }
        let together = field.values(at: points)
        for index in points.indices {
            #expect(field.values(at: [points[index]])[0].bitPattern == together[index].bitPattern)
        }
    }
}
