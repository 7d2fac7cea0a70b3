// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

@Suite struct TripletCheckTests {
    /// All pairs of `count` cameras with random orientations; each relative rotation off by up to `noise` degrees.
    private func edges(count: Int, noise: Double, _ random: inout RandomStream) -> [TripletCheck.Edge] {
        let rotations = (0..<count).map { _ in turn(by: 180 * random.uniformDouble(), &random) }
        var result: [TripletCheck.Edge] = []
        for a in 0..<count {
            for b in (a + 1)..<count {
                let exact = rotations[b] * rotations[a].inverse
                result.append(
                    TripletCheck.Edge(
                        first: a, second: b, secondFromFirst: turn(by: noise * random.uniformDouble(), &random) * exact)
                )
            }
        }
        return result
    }

    private func turn(by degrees: Double, _ random: inout RandomStream) -> Quaternion {
        var axis: SIMD3<Double>
        repeat {
            axis = SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble()) * 2 - 1
        } while axis.length < 0.1
        return Quaternion(rotationVector: degrees * .pi / 180 * axis.normalized)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func onlyWrongRotationsAreRejected(seed: UInt64) {
        var random = RandomStream(seed: seed, label: "triplets")
        var edges = edges(count: 6, noise: 1, &random)
        let wrong = random.index(below: edges.count)
        let exact = edges[wrong].secondFromFirst
        edges[wrong].secondFromFirst = turn(by: 25 + 150 * random.uniformDouble(), &random) * exact
        let check = TripletCheck(edges, imageCount: 6)
        #expect(edges.indices.filter { check.rejects($0) } == [wrong])
        // What the others ask for is the rotation as it was, up to the noise of three edges.
        let expected = check.expected[wrong]
        #expect(((expected ?? .identity) * exact.inverse).angle < 3 * .pi / 180)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func consistentRotationsAreKept(seed: UInt64) {
        var random = RandomStream(seed: seed, label: "triplets")
        let edges = edges(count: 5, noise: 1.5, &random)
        let check = TripletCheck(edges, imageCount: 5)
        #expect(edges.indices.allSatisfy { !check.rejects($0) && check.closed[$0] == 3 })
    }

    @Test func aSingleTriangleAccusesNobody() {
        var random = RandomStream(seed: 1, label: "triplets")
        var edges = edges(count: 3, noise: 0, &random)
        edges[1].secondFromFirst = turn(by: 90, &random) * edges[1].secondFromFirst
        let check = TripletCheck(edges, imageCount: 3)
        #expect(edges.indices.allSatisfy { !check.rejects($0) })
    }
}
