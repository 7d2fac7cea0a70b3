// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry
import Testing

/// The descriptor product at every instruction set of this machine against plain integer arithmetic.
@Suite struct DescriptorKernelTests {
    static let sets: [Int32] = Array(0...zk_widest_isa())

    /// What the bytes of descriptors are drawn from.
    enum Content: CaseIterable, Sendable {
        /// The whole range.
        case any
        /// The largest products there are, all equal.
        case full
        /// Elements that bytes can be multiplied by in pairs, up to the largest.
        case narrow
        /// The same with a larger element in every seventh descriptor.
        case mixed
        /// Small numbers: many ties.
        case ties
    }

    static func descriptors(_ count: Int, _ content: Content, _ index: UInt64) -> [UInt8] {
        var random = RandomStream(seed: 3, label: "descriptors", index)
        return (0..<count * 128).map { place in
            switch content {
            case .any: UInt8(truncatingIfNeeded: random.next())
            case .full: 255
            case .narrow: UInt8(127 - random.index(below: 3) * random.index(below: 40))
            case .mixed: place % 896 == 5 ? 200 : UInt8(127 - random.index(below: 3) * random.index(below: 40))
            case .ties: random.index(below: 16) == 0 ? 1 : 0
            }
        }
    }

    static func nearest(_ rows: [UInt8], _ columns: [UInt8]) -> [[Int32]] {
        stride(from: 0, to: rows.count, by: 128).map { row in
            var (index, best, second): (Int32, Int32, Int32) = (-1, -1, -1)
            for column in stride(from: 0, to: columns.count, by: 128) {
                let product = (0..<128).reduce(Int32(0)) { $0 + Int32(rows[row + $1]) * Int32(columns[column + $1]) }
                if product > best {
                    (index, second, best) = (Int32(column / 128), best, product)
                } else if product > second {
                    second = product
                }
            }
            return [index, best, second]
        }
    }

    @Test(
        arguments: sets,
        [(0, 0), (0, 5), (5, 0), (1, 1), (1, 100), (100, 1), (7, 33), (64, 16), (65, 31), (130, 97), (72, 128)])
    func nearestEqualBruteForce(isa: Int32, counts: (rows: Int, columns: Int)) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512_VNNI)) }
        for content in Content.allCases {
            let rows = Self.descriptors(counts.rows, content, 1)
            let columns = Self.descriptors(counts.columns, content, 2)
            var byRow = [zk_nearest](repeating: zk_nearest(index: 9, best: 9, second: 9), count: counts.rows)
            var byColumn = [zk_nearest](repeating: zk_nearest(index: 9, best: 9, second: 9), count: counts.columns)
            let scratch = UnsafeMutableRawPointer.allocate(
                byteCount: max(64, zk_match_scratch(counts.rows, counts.columns)), alignment: 64)
            defer { scratch.deallocate() }
            zk_match_descriptors(counts.rows, rows, counts.columns, columns, &byRow, &byColumn, scratch)
            #expect(byRow.map { [$0.index, $0.best, $0.second] } == Self.nearest(rows, columns), "\(content)")
            #expect(byColumn.map { [$0.index, $0.best, $0.second] } == Self.nearest(columns, rows), "\(content)")
        }
    }

    @Test(arguments: sets) func scratchIsNotOverrun(isa: Int32) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512_VNNI)) }
        for (rowCount, columnCount) in [(1, 1), (3, 33), (65, 64)] {
            let rows = Self.descriptors(rowCount, .any, 3)
            let columns = Self.descriptors(columnCount, .any, 4)
            var byRow = [zk_nearest](repeating: zk_nearest(), count: rowCount)
            var byColumn = [zk_nearest](repeating: zk_nearest(), count: columnCount)
            let size = zk_match_scratch(rowCount, columnCount)
            let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: size + 256, alignment: 64)
            defer { scratch.deallocate() }
            for index in scratch.indices { scratch[index] = 0xA5 }
            zk_match_descriptors(
                rowCount, rows, columnCount, columns, &byRow, &byColumn, scratch.baseAddress)
            #expect(scratch[size...].allSatisfy { $0 == 0xA5 })
        }
    }

    @Test(arguments: sets) func productsOfChosenDescriptors(isa: Int32) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512_VNNI)) }
        let others = Self.descriptors(40, .any, 5)
        let query = Self.descriptors(1, .full, 6)
        let indices: [Int32] = [39, 0, 7, 7, 12]
        var products = [Int32](repeating: -1, count: indices.count)
        zk_descriptor_products(query, others, indices.count, indices, &products)
        let expected = indices.map { index in
            (0..<128).reduce(Int32(0)) { $0 + 255 * Int32(others[Int(index) * 128 + $1]) }
        }
        #expect(products == expected)
    }
}
