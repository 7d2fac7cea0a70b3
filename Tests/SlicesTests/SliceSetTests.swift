// SPDX-License-Identifier: Apache-2.0

import Geometry
import Slices
import TestSupport
import Testing

@Suite struct SliceSetTests {
    @Test func planeFrameIsRightHandedAndInverts() {
        for seed in 0..<200 as Range<UInt64> {
            var random = RandomStream(seed: seed, label: "plane")
            func vector() -> SIMD3<Double> {
                SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble()) * 2 - 1
            }
            let plane = SlicePlane(origin: vector(), normal: vector())
            #expect((plane.axisU.cross(plane.axisV) - plane.normal).length < 1e-12)
            let point = vector() * 10
            let foot = plane.point(at: plane.coordinates(of: point))
            #expect((foot + plane.signedDistance(to: point) * plane.normal - point).length < 1e-12)
        }
    }

    @Test func transformRoundTripReturns() throws {
        let (set, _) = try Samples.parse(Samples.mixed)
        let cubeFromWorld = UniformSimilarity(centering: set.boundingBox, halfExtent: 0.85)
        let cube = set.transformed(by: cubeFromWorld)
        cube.checkInvariants()
        #expect(abs(cube.boundingBox.extent.max() - 1.7) < 1e-12)
        for (a, b) in zip(set.sections, cube.sections) {
            for (p, q) in zip(a.vertices, b.vertices) { #expect((cubeFromWorld(p) - q).length < 1e-12) }
        }
        let back = cube.transformed(by: cubeFromWorld.inverse)
        for (a, b) in zip(set.sections, back.sections) {
            for (p, q) in zip(a.vertices, b.vertices) { #expect((p - q).length < 1e-12) }
        }
    }

    @Test func selectingLabelsKeepsPlanesAndRenumbersParents() throws {
        // Label 2 in front of a contour with a hole: the parent's index changes when label 2 goes.
        let text = Samples.mixed.replacing(
            "4 1 0 1 2 3\n4h0 2 4 5 6 7\n\n2 8 2", with: "4 2 4 5 6 7\n4 1 0 1 2 3\n\n2 8 2")
        let (set, _) = try Samples.parse(text)
        let one = try set.selecting(labels: [1])
        one.checkInvariants()
        #expect(one.labels == [1])
        #expect(one.sections.count == 4)
        #expect(one.sections[0].polygons.count == 1)
        #expect(try set.selecting(labels: [1, 2]) == set)
        #expect(throws: SliceSetError.unknownLabel(label: 7, available: [1, 2])) { try set.selecting(labels: [7]) }
        #expect(!set.isParallelStack())
    }

    @Test func orderOfPlanesDoesNotMatter() throws {
        let (set, _) = try Samples.parse(Samples.mixed)
        let reversed = try SliceSet(sections: set.sections.reversed())
        #expect(reversed.boundingBox == set.boundingBox)
        #expect(reversed.labels == set.labels)
        var random = RandomStream(seed: 1, label: "queries")
        for (a, b) in zip(set.sections, reversed.sections.reversed()) {
            let (first, second) = (PlaneRegion(a), PlaneRegion(b))
            for _ in 0..<200 {
                let point = SIMD2(random.uniformDouble() * 6 - 3, random.uniformDouble() * 6 - 3)
                #expect(first.contains(point) == second.contains(point))
                #expect(first.signedDistance(point) == second.signedDistance(point))
            }
        }
    }

    @Test func writerAndReaderRoundTrip() throws {
        var texts = [Samples.squareTower, Samples.mixed]
        texts += ["Horsers", "balloondog"].compactMap { SharedData.path("data/slices/\($0).csl") }
            .compactMap { try? String(decoding: CSLWriter.bytes(of: CSLReader.read(path: $0).0), as: UTF8.self) }
        for text in texts {
            let (set, _) = try Samples.parse(text)
            let bytes = CSLWriter.bytes(of: set)
            let (again, repairs) = try CSLReader.parse(bytes: bytes)
            #expect(CSLWriter.bytes(of: set) == bytes)
            #expect(repairs.allSatisfy { $0.kind == .emptyPlanes })
            #expect(again.labels == set.labels)
            try #require(again.sections.count == set.sections.count)
            for (a, b) in zip(set.sections, again.sections) {
                #expect(a.polygons.map(\.label) == b.polygons.map(\.label))
                #expect(a.polygons.map(\.parent) == b.polygons.map(\.parent))
                #expect(a.plane.normal.dot(b.plane.normal) > 1 - 1e-12)
                for (p, q) in zip(a.vertices, b.vertices) {
                    #expect((p - q).length < 1e-12 * set.boundingBox.diagonal)
                }
            }
        }
    }
}
