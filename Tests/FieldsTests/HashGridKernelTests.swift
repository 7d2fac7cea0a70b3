// SPDX-License-Identifier: Apache-2.0

import CKernels
import Fields
import Geometry
import TestSupport
import Testing

/// The hash-grid kernels at every instruction set against the Double reference and closed forms.
@Suite struct HashGridKernelTests {
    static let sets: [Int32] = Array(0...zk_widest_isa())

    /// Dense and hashed levels; row counts that leave lanes over; places outside the grid.
    @Test(arguments: sets, [1, 13, 64, 301])
    func encodingMatchesDouble(isa: Int32, rows: Int) throws {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512)) }
        let (network, reference) = try SDFSamplesForTests.twins(.quadraticReLU(halfWidth: 0.02))
        let plane = (rows + 15) / 16 * 16
        let points = SDFSamplesForTests.points(rows, seed: 3)
        let planes = FloatBuffer(count: 3 * plane)
        for (row, point) in points.enumerated() {
            for axis in 0..<3 { planes.pointer[axis * plane + row] = point[axis] }
        }
        let expected = points.map { reference.encoding(at: SIMD3<Double>($0)) }
        for level in 0..<network.architecture.grid.levels {
            let resolution = network.architecture.grid.resolution(level: level)
            let isDense = network.architecture.grid.isDense(level: level)
            let extent = network.architecture.halfExtent
            var kernel = zk_grid_level(
                resolution: Int32(resolution),
                mask: isDense ? 0 : UInt32(network.architecture.grid.entries(level: level) - 1), origin: -extent,
                scale: Float(resolution) / (2 * extent))
            let tensor = try #require(network.parameters.tensor("grid.levels.\(level).table"))
            let table = network.parameters.values(of: tensor)
            // Two columns of a wider matrix; the others must stay as they are.
            let encoding = FloatBuffer(count: rows * 5)
            encoding.pointer.update(repeating: 7, count: encoding.count)
            zk_grid_encode(&kernel, rows, 0, planes.pointer, plane, table, encoding.pointer + 1, 5, nil, 0)
            for row in 0..<rows {
                let place = encoding.pointer + 5 * row
                #expect(place[0] == 7 && place[3] == 7 && place[4] == 7)
                for feature in 0..<2 {
                    #expect(abs(Double(place[1 + feature]) - expected[row][3 + 2 * level + feature]) < 3e-6)
                }
            }
        }
        #expect(network.architecture.grid.isDense(level: 0))
        #expect(!network.architecture.grid.isDense(level: 3))
    }

    /// Weights of the eight entries sum to 1 and their gradients to 0, whatever the point.
    @Test(arguments: sets) func scatteredWeightsSumToOne(isa: Int32) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512)) }
        var kernel = zk_grid_level(resolution: 6, mask: 0, origin: -1, scale: 3)
        let points = SDFSamplesForTests.points(37, seed: 8)
        let planes = FloatBuffer(count: 3 * 48)
        let directions = FloatBuffer(count: 3 * 48)
        let adjoints = FloatBuffer(count: 4 * 37)
        for (row, point) in points.enumerated() {
            for axis in 0..<3 {
                planes.pointer[axis * 48 + row] = point[axis]
                directions.pointer[axis * 48 + row] = point[2 - axis]
            }
            (adjoints.pointer[4 * row], adjoints.pointer[4 * row + 3]) = (1, 5)
        }
        let gradient = FloatBuffer(count: 2 * 343)
        zk_grid_scatter(&kernel, 37, planes.pointer, directions.pointer, 48, adjoints.pointer, gradient.pointer)
        var sums = SIMD2<Double>.zero
        for entry in 0..<343 {
            sums += SIMD2(Double(gradient.pointer[2 * entry]), Double(gradient.pointer[2 * entry + 1]))
        }
        #expect(abs(sums.x - 37) < 1e-4)
        #expect(abs(sums.y) < 1e-3)
    }

    /// Entries without a gradient keep their value and moments; the others follow Adam's rule.
    @Test(arguments: sets) func adamLeavesUntouchedEntriesAlone(isa: Int32) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512)) }
        let count = 53
        let (touched, plain) = (FloatBuffer(count: 3 * 64), FloatBuffer(count: 3 * 64))
        let gradient = FloatBuffer(count: count)
        func isTouched(_ index: Int, _ step: Int) -> Bool {
            index % 3 == 0 ? step % 2 == 0 : index < 32 && index % 3 == 1
        }
        for index in 0..<count {
            touched.pointer[index] = 1
            plain.pointer[index] = 1
        }
        for step in 0..<9 {
            for index in 0..<count { gradient.pointer[index] = isTouched(index, step) ? Float(index) - 20.5 : 0 }
            let before = Array(plain.elements)
            zk_adam_touched(
                count, touched.pointer, touched.pointer + 64, touched.pointer + 128, gradient.pointer, 0.01, 0.9, 0.99,
                1e-12, 1.5, 2)
            zk_adam(
                count, plain.pointer, plain.pointer + 64, plain.pointer + 128, gradient.pointer, 0.01, 0.9, 0.99, 1e-12,
                1.5, 2, 0)
            for index in 0..<count where !isTouched(index, step) {
                for part in 0..<3 { plain.pointer[64 * part + index] = before[64 * part + index] }
            }
        }
        for index in 0..<count {
            #expect(abs(touched.pointer[index] - plain.pointer[index]) < 1e-6)
            #expect((touched.pointer[index] == 1) == !(0..<9).contains { isTouched(index, $0) })
        }
    }
}
