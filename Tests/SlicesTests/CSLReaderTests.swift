// SPDX-License-Identifier: Apache-2.0

import Geometry
import Slices
import Testing

@Suite struct CSLReaderTests {
    @Test func squareTowerIsReadWithoutRepairs() throws {
        let (set, repairs) = try Samples.parse(Samples.squareTower)
        #expect(repairs.isEmpty)
        #expect(set.labels == [1])
        #expect(set.sections.map(\.number) == [1, 2])
        #expect(set.boundingBox == Box(minimum: SIMD3(0, 0, 0), maximum: SIMD3(1, 1, 2)))
        #expect(set.sections.allSatisfy { $0.plane.normal == SIMD3(0, 0, 1) })
    }

    @Test func holesJoinTheLabelOfTheirParent() throws {
        let (set, repairs) = try Samples.parse(Samples.mixed)
        #expect(repairs.map(\.kind) == [.emptyPlanes])
        #expect(set.labels == [1, 2])
        #expect(set.sections.map(\.polygons.count) == [2, 2, 0, 2])
        #expect(set.sections[0].polygons[1].parent == 0)
        // In the second plane the hole comes first.
        #expect(set.sections[1].polygons[0].parent == 1)
        #expect(set.sections[1].polygons.allSatisfy { $0.label == 1 })
        for section in set.sections.prefix(2) {
            let region = PlaneRegion(section)
            let height = section.plane.origin.z
            #expect(region.contains(section.plane.coordinates(of: SIMD3(0.5, 2, height))))
            #expect(!region.contains(section.plane.coordinates(of: SIMD3(2, 2, height))))
            #expect(!region.contains(section.plane.coordinates(of: SIMD3(5, 2, height))))
        }
    }

    @Test func emptyPlaneKeepsItsStatedPlace() throws {
        let (set, _) = try Samples.parse(Samples.mixed)
        #expect(set.sections[2].isEmpty)
        #expect(abs(set.sections[2].plane.signedDistance(to: SIMD3(9, 9, 3))) < 1e-12)
        #expect(!PlaneRegion(set.sections[2]).contains(SIMD2<Double>(0, 0)))
        #expect(PlaneRegion(set.sections[2]).signedDistance(SIMD2(0, 0)) == .infinity)
    }

    @Test(arguments: [
        ("1 4 1 0 0 1 0", "1 4 1 0 0 7 0", SliceRepair.Kind.normalNotUnit, "plane 1: the normal"),
        ("2 4 1 0 0 1 -2", "2 4 1 0 0 1 2", .equationDisagrees, "plane 2: the equation disagrees"),
        ("2 4 1 0 0 1 -2", "2 4 1 0 0 0 0", .normalNotUnit, "plane 2: the normal"),
        ("2 4 1 0 0 1 -2", "9 4 1 0 0 1 -2", .planeNumbering, "plane 2: not numbered"),
        ("2 2\n", "2 20\n", .labelCountWrong, "header: 20 labels"),
        ("4 1 0 1 2 3", "4 1 3 2 1 0", .windingReversed, "planes 1-2: 2 contours"),
        ("4 1 0 1 2 3", "6 1 0 0 1 2 3 0", .repeatedCorners, "planes 1-2: 4 corners"),
        ("1 4 1 0 0 1 0\n", "1 5 1 0 0 1 0\n8 8 8\n", .unusedVertices, "plane 1: 1 vertices"),
    ])
    func defectIsRepairedAndReported(old: String, new: String, kind: SliceRepair.Kind, words: String) throws {
        var text = Samples.squareTower.replacing(old, with: new)
        if kind == .unusedVertices { text = text.replacing("4 1 0 1 2 3\n2 4", with: "4 1 1 2 3 4\n2 4") }
        let (set, repairs) = try Samples.parse(text)
        #expect(repairs.map(\.kind) == [kind])
        #expect(repairs[0].description.hasPrefix(words), "\(repairs[0])")
        let (plain, _) = try Samples.parse(Samples.squareTower)
        #expect(set.boundingBox == plain.boundingBox)
        for (section, expected) in zip(set.sections, plain.sections) {
            #expect(section.plane.normal == expected.plane.normal)
            #expect(section.polygons[0].signedArea == 1)
        }
    }

    /// The square of such a normal has no digits left; dividing by its length does not make it a unit vector.
    @Test(arguments: [130, 139, 141, 155, 160, 161, 162, 163, 170, 300])
    func tinyNormalIsEitherOfUnitLengthOrNone(exponent: Int) throws {
        let text = Samples.mixed.replacing("3 0 0 0 0 1 -3", with: "3 0 0 0 0 1e-\(exponent) 0")
        let (set, _) = try Samples.parse(text)
        #expect(set.sections.map(\.number) == (exponent < 140 ? [1, 2, 3, 4] : [1, 2, 4]))
        #expect(set.sections.allSatisfy { abs($0.plane.normal.length - 1) < 1e-12 })
    }

    @Test func contourWithoutAreaIsDroppedWithItsHoles() throws {
        let text = Samples.mixed.replacing("0 0 1\n4 0 1\n4 4 1\n0 4 1", with: "0 0 1\n4 0 1\n8 0 1\n9 0 1")
        let (set, repairs) = try Samples.parse(text)
        #expect(repairs.map(\.kind) == [.flatContours, .orphanedHoles, .emptyPlanes])
        #expect(repairs.last?.planes == [2, 3])
        #expect(set.sections[1].isEmpty)
    }

    @Test func strayVertexDoesNotTiltThePlane() throws {
        let text = Samples.mixed.replacing("4 4 0\n", with: "4 4 0.5\n")
        let (set, repairs) = try Samples.parse(text)
        #expect(repairs.map(\.kind) == [.verticesOffPlane, .emptyPlanes])
        #expect(set.sections[0].plane.normal == SIMD3(0, 0, 1))
        #expect(abs(set.sections[0].plane.origin.z) < 0.1)
    }

    @Test(arguments: [
        ("0 1 2\n", "0 1\n", "line 14: vertex 4 of plane 2: expected 3 numbers, found 2"),
        ("0 1 2\n", "0 1 2 3\n", "line 14: vertex 4 of plane 2: expected 3 numbers, found one more, \"3\""),
        ("0 1 2\n", "0 nan 2\n", "line 14: vertex 4 of plane 2: expected a finite number, found \"nan\""),
        (
            "0 1 2\n", "0 1e308 2\n",
            "line 14: vertex 4 of plane 2: expected a magnitude of at most 1e+30, found \"1e308\""
        ),
        ("CSLC", "CSLD", "line 1: file: expected the word CSLC, found \"CSLD\""),
        (
            "4 1 0 1 2 3\n2", "4 1 0 1 2 4\n2",
            "line 9: index 4 of component 1 of plane 1: expected a number from 0 to 3, found \"4\""
        ),
        (
            "4 1 0 1 2 3\n2", "4h1 1 0 1 2 3\n2",
            "line 9: component 1 of plane 1, a hole"
                + ": expected the parent as a number from 0 to 0 after the h, found \"4h1\""
        ),
        (
            "4 1 0 1 2 3\n2", "4h0 1 0 1 2 3\n2",
            "line 9: component 1 of plane 1, a hole: expected an outer contour as its parent, found h0, a hole itself"
        ),
        (
            "4 1 0 1 2 3\n2", "4 0 0 1 2 3\n2",
            "line 9: label of component 1 of plane 1: expected a whole number of at least 1, found \"0\""
        ),
        (
            "2 4 1 0 0 1 -2", "2 4 1 0 0 1",
            "line 10: plane 2 of 2: expected 3 counts and 4 coefficients, found 6 numbers"
        ),
        ("2 2\n", "1 2\n", "line 10: after plane 1, the last one: expected the end of the file, found \"2\""),
    ])
    func errorNamesLineAndExpectation(old: String, new: String, message: String) throws {
        let text = Samples.squareTower.replacing(old, with: new)
        let error = #expect(throws: SliceFileError.self) { try Samples.parse(text) }
        #expect(error?.description == message)
    }

    @Test func tooLittleToReconstructIsSaid() throws {
        let header = "CSLC\n2 2\n"
        #expect(throws: SliceFileError.unusable(.noContours(planes: 2))) {
            try Samples.parse(header + "1 0 0 0 0 1 0\n2 0 0 0 0 1 1\n")
        }
        let square = "4 1 0 0 1 0\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 1 0 1 2 3\n"
        #expect(throws: SliceFileError.unusable(.onlyOnePlane(number: 1))) {
            try Samples.parse(header + "1 " + square + "2 0 0 0 0 1 -1\n")
        }
        #expect(throws: SliceFileError.unusable(.allOnOnePlane)) {
            try Samples.parse(header + "1 " + square + "2 " + square)
        }
        #expect(throws: SliceFileError.self) { try CSLReader.read(path: "/nonexistent.csl") }
    }
}
