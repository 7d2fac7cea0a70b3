// SPDX-License-Identifier: Apache-2.0

import Slices
import TestSupport
import Testing

/// Published files with real defects. The counts are those of the data's own README, found by another parser.
@Suite struct SharedFilesTests {
    struct File: Sendable, CustomTestStringConvertible {
        var name: String
        var planes: Int
        var contours: Int
        var holes: Int
        var vertices: Int
        var repairs: [SliceRepair.Kind] = []
        var testDescription: String { name }
    }

    static let files = [
        File(
            name: "Heart-25-even-better.csl", planes: 25, contours: 33, holes: 0, vertices: 4534,
            repairs: [.normalNotUnit]),
        File(name: "Heart-simplified.csl", planes: 2, contours: 2, holes: 0, vertices: 104),
        File(name: "Horsers.csl", planes: 29, contours: 66, holes: 1, vertices: 4101, repairs: [.normalNotUnit]),
        File(
            name: "ParallelEight.csl", planes: 20, contours: 28, holes: 0, vertices: 1156, repairs: [.labelCountWrong]),
        File(name: "SideBishop.csl", planes: 10, contours: 22, holes: 0, vertices: 1376, repairs: [.windingReversed]),
        File(name: "armadillo.csl", planes: 26, contours: 62, holes: 0, vertices: 11039),
        File(name: "balloondog.csl", planes: 15, contours: 27, holes: 1, vertices: 4579),
        File(name: "eight_20.csl", planes: 20, contours: 30, holes: 0, vertices: 3178),
        File(name: "hand_ok.csl", planes: 15, contours: 29, holes: 0, vertices: 4082),
        File(name: "rose.csl", planes: 15, contours: 15, holes: 0, vertices: 9000, repairs: [.equationDisagrees]),
    ]

    @Test(.enabled(if: SharedData.path("data/slices/rose.csl") != nil, "shared data absent"), arguments: files)
    func countsAndRepairsAreAsKnown(file: File) throws {
        let path = try #require(SharedData.path("data/slices/\(file.name)"))
        let (set, repairs) = try CSLReader.read(path: path)
        set.checkInvariants()
        let polygons = set.sections.flatMap(\.polygons)
        #expect(set.sections.count == file.planes)
        #expect(polygons.count == file.contours)
        #expect(polygons.count(where: \.isHole) == file.holes)
        #expect(polygons.map(\.points.count).reduce(0, +) == file.vertices)
        #expect(repairs.map(\.kind) == file.repairs)
    }

    @Test(
        .enabled(if: SharedData.path("data/slices/thin/tree_mixed.csl") != nil, "shared data absent"),
        arguments: ["cup_parallel_z", "helix_mixed", "tree_mixed", "tree_parallel_z"])
    func thinFilesAreRead(name: String) throws {
        let path = try #require(SharedData.path("data/slices/thin/\(name).csl"))
        let (set, _) = try CSLReader.read(path: path)
        set.checkInvariants()
    }
}
