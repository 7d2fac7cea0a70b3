// SPDX-License-Identifier: Apache-2.0

import Geometry
import Slices
import Testing

/// Contours of labels in a picture, through volumes of two equal slices.
@Suite struct LabelBordersTests {
    /// The section of a picture given in rows of digits; pixels are 1 × 1, the first centre at the origin.
    private static func section(_ rows: [String], steps: Matrix3 = .identity) throws -> CrossSection {
        let codes = rows.flatMap { row in row.utf8.map { UInt16($0 - 0x30) } }
        let grid = try VoxelGrid(size: SIMD3(rows[0].utf8.count, rows.count, 2), origin: .zero, steps: steps)
        let layer = LabelVolume.Layer(codes: codes + codes, labels: Array(0...9))
        var slicing = VolumeSlicing()
        slicing.axis = 2
        return try LabelVolume(grid: grid, layers: [layer]).sections(slicing, threads: 1).sections[0]
    }

    /// World x and y of the corners, from the one with the smallest y, then x.
    private static func corners(_ polygon: SlicePolygon, _ section: CrossSection) -> [SIMD2<Double>] {
        let points = polygon.points.map { point -> SIMD2<Double> in
            let world = section.plane.point(at: point)
            return SIMD2(world.x, world.y)
        }
        let first = points.indices.min { (points[$0].y, points[$0].x) < (points[$1].y, points[$1].x) } ?? 0
        return Array(points[first...] + points[..<first])
    }

    @Test func aPixelIsADiamondHalfWayToItsNeighbours() throws {
        let section = try Self.section(["000", "010", "000"])
        #expect(section.polygons.count == 1)
        #expect(
            Self.corners(section.polygons[0], section) == [SIMD2(1, 0.5), SIMD2(1.5, 1), SIMD2(1, 1.5), SIMD2(0.5, 1)])
    }

    @Test func aBlockAtTheRimReachesHalfAPixelBeyondIt() throws {
        let section = try Self.section(["220", "220", "220"])
        #expect(section.labels == [2])
        #expect(
            Self.corners(section.polygons[0], section) == [
                SIMD2(0, -0.5), SIMD2(1, -0.5), SIMD2(1.5, 0), SIMD2(1.5, 2), SIMD2(1, 2.5), SIMD2(0, 2.5),
                SIMD2(-0.5, 2), SIMD2(-0.5, 0),
            ])
    }

    @Test func diagonalNeighboursAreConnected() throws {
        #expect(try Self.section(["0000", "0100", "0010", "0000"]).polygons.count == 1)
        // Around a gap of one oblique pixel the greater label is whole.
        let section = try Self.section(["12", "21"])
        #expect(section.polygons.count(where: { $0.label == 2 }) == 1)
        #expect(section.polygons.count(where: { $0.label == 1 }) == 2)
    }

    @Test func holesKnowTheirContour() throws {
        let section = try Self.section([
            "11111111", "10000001", "10111101", "10100101", "10100101", "10111101", "10000001", "11111111", "00000000",
            "00002220", "00002020", "00002220",
        ])
        let holes = section.polygons.indices.filter { section.polygons[$0].isHole }
        #expect(holes.count == 3)
        for hole in holes {
            let parent = try #require(section.polygons[hole].parent)
            #expect(section.polygons[parent].label == section.polygons[hole].label)
            #expect(section.polygons[hole].signedArea < 0 && section.polygons[parent].signedArea > 0)
            #expect(abs(section.polygons[parent].signedArea) > abs(section.polygons[hole].signedArea))
        }
        #expect(Set(holes.map { section.polygons[$0].parent }).count == 3)
    }

    /// Labels by noise that is smooth at first and wild at last.
    private static func noise(seed: UInt64, labels: Int) -> [String] {
        var random = RandomStream(seed: seed, label: "labels")
        let size = 12 + random.index(below: 12)
        var rows = [[UInt8]](repeating: [UInt8](repeating: 0, count: size), count: size)
        for y in 0..<size {
            for x in 0..<size {
                let keep = random.uniformDouble() < (seed % 2 == 0 ? 0.8 : 0.2)
                if keep, x > 0, random.next() & 1 == 0 {
                    rows[y][x] = rows[y][x - 1]
                } else if keep, y > 0 {
                    rows[y][x] = rows[y - 1][x]
                } else {
                    rows[y][x] = UInt8(random.index(below: labels + 1))
                }
            }
        }
        return rows.map { String(decoding: $0.map { $0 + 0x30 }, as: UTF8.self) }
    }

    @Test(arguments: 0..<30)
    func everyPixelIsInsideItsOwnLabelOnly(seed: Int) throws {
        let rows = Self.noise(seed: UInt64(seed), labels: 1 + seed % 4)
        let section = try Self.section(rows)
        for label in section.labels {
            let only = CrossSection(
                plane: section.plane, polygons: section.polygons.filter { $0.label == label }, number: 1)
            for (y, row) in rows.enumerated() {
                for (x, digit) in row.utf8.enumerated() {
                    let place = section.plane.coordinates(of: SIMD3(Double(x), Double(y), 0))
                    // A hair's breadth off, since contours pass exactly half-way and rays exactly through corners.
                    let inside = BruteForce.contains(only, place + SIMD2(1e-4, 2e-4))
                    #expect(inside == (Int(digit) - 0x30 == label), "label \(label) at \(x), \(y)")
                }
            }
        }
    }

    /// Wherever two labels touch, each has every piece of the other's border, the other way round.
    @Test(arguments: 0..<30)
    func labelsThatTouchShareTheirCorners(seed: Int) throws {
        let rows = Self.noise(seed: UInt64(seed), labels: 2 + seed % 4)
        // Without background all borders inside the picture are shared.
        let section = try Self.section(rows.map { String($0.map { $0 == "0" ? "5" : $0 }) })
        let limit = Double(rows.count) - 1
        var count: [[SIMD2<Double>]: Int] = [:]
        for polygon in section.polygons {
            let corners = Self.corners(polygon, section)
            for (a, b) in BruteForce.edges(corners) {
                // Borders with the outside are beyond the outermost pixel centres, or end there.
                let isInner = [a, b].allSatisfy { $0.min() >= 0 && $0.max() <= limit }
                if isInner { count[[a, b], default: 0] += 1 }
            }
        }
        #expect(!count.isEmpty)
        for (edge, times) in count { #expect(times == 1 && count[[edge[1], edge[0]]] == 1, "\(edge)") }
        // The parts fill the picture, its four cut corners apart: no gap, no overlap.
        let total = section.polygons.map(\.signedArea).reduce(0, +)
        let size = Double(rows.count)
        #expect(abs(total - (size * size - 0.5)) < 1e-9, "\(total)")
    }

    @Test func obliqueGridsGiveTheWorldCoordinatesOfTheGrid() throws {
        let steps = Matrix3(columns: SIMD3(0.5, 0.1, 0), SIMD3(0.3, 0.9, 0.2), SIMD3(0, 0.4, 2))
        let section = try Self.section(["000", "010", "000"], steps: steps)
        let corners = section.vertices
        for index in [SIMD3<Double>(1, 0.5, 0), SIMD3(1.5, 1, 0), SIMD3(1, 1.5, 0), SIMD3(0.5, 1, 0)] {
            #expect(corners.contains { ($0 - steps * index).length < 1e-14 }, "\(index)")
        }
    }
}
