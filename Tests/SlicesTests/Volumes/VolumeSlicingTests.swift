// SPDX-License-Identifier: Apache-2.0

import Geometry
import Slices
import Testing

@Suite struct VolumeSlicingTests {
    /// A ball in a grid that is twice as coarse along j, with empty slices at both ends.
    private static func ball() throws -> LabelVolume {
        let size = SIMD3(21, 13, 21)
        let grid = try VoxelGrid(
            size: size, origin: SIMD3(5, 6, 7), steps: Matrix3(columns: SIMD3(1, 0, 0), SIMD3(0, 2, 0), SIMD3(0, 0, 1)))
        var codes: [UInt16] = []
        for k in 0..<size.z {
            for j in 0..<size.y {
                for i in 0..<size.x {
                    let d = grid.point(at: SIMD3(Double(i), Double(j), Double(k))) - SIMD3(15, 18, 17)
                    codes.append(d.length < 8 ? 1 : 0)
                }
            }
        }
        return LabelVolume(grid: grid, layers: [.init(codes: codes, labels: [0, 5])])
    }

    @Test func slicesRunAcrossTheThickestAxisAndEmptyOnesAreKept() throws {
        let set = try Self.ball().sections(VolumeSlicing(), threads: 2)
        #expect(set.sections.count == 13)
        #expect(set.sections.map(\.number) == Array(1...13))
        #expect(set.sections.map(\.isEmpty) == (0..<13).map { abs(2 * $0 - 12) >= 8 })
        #expect(set.labels == [5])
        // Area of a disc, to half a pixel around it.
        let middle = set.sections[6].polygons.map(\.signedArea).reduce(0, +)
        #expect(abs(middle - Double.pi * 64) < 0.5 * 2 * Double.pi * 8, "\(middle)")
        for section in set.sections { #expect(abs(abs(section.plane.normal.y) - 1) < 1e-15) }
    }

    @Test(arguments: [(0, 21), (1, 13), (2, 21)])
    func everyAxisCanBeChosen(axis: Int, count: Int) throws {
        var slicing = VolumeSlicing()
        slicing.axis = axis
        let set = try Self.ball().sections(slicing, threads: 1)
        #expect(set.sections.count == count)
        let box = set.boundingBox
        #expect((box.center - SIMD3(15, 18, 17)).length < 1e-12)
    }

    @Test func someSlicesAreTheSameAsInAll() throws {
        var slicing = VolumeSlicing()
        slicing.every = 3
        slicing.first = 1
        let all = try Self.ball().sections(VolumeSlicing(), threads: 1).sections
        let some = try Self.ball().sections(slicing, threads: 1).sections
        #expect(some == [1, 4, 7, 10].map { all[$0] })
    }

    @Test func tooFewSlicesAreRefused() throws {
        var slicing = VolumeSlicing()
        slicing.every = 12
        slicing.first = 6
        #expect(throws: SliceSetError.self) { try Self.ball().sections(slicing, threads: 1) }
        slicing.every = 0
        #expect(throws: OptionsError.self) { try Self.ball().sections(slicing, threads: 1) }
    }
}
