// SPDX-License-Identifier: Apache-2.0

import Geometry
import Glibc
import Slices

/// Cross-section files small enough to check by eye, and random contours.
enum Samples {
    /// The unit square at z = 0 and z = 2.
    static let squareTower = """
        CSLC
        2 2

        1 4 1 0 0 1 0
        0 0 0
        1 0 0
        1 1 0
        0 1 0
        4 1 0 1 2 3
        2 4 1 0 0 1 -2
        0 0 2
        1 0 2
        1 1 2
        0 1 2
        4 1 0 1 2 3
        """

    /// A 4 × 4 square with a 2 × 2 hole at z = 0 and at z = 1, an empty plane at z = 3, and two touching labels at y = 5:
    /// label 1 over x in 0...1 and label 2 over x in 1...3, both over z in 0...1.
    static let mixed = """
        CSLC
        4 3

        1 8 2 0 0 1 0
        0 0 0
        4 0 0
        4 4 0
        0 4 0
        1 1 0
        1 3 0
        3 3 0
        3 1 0
        4 1 0 1 2 3
        4h0 2 4 5 6 7

        2 8 2 0 0 1 -1
        0 0 1
        4 0 1
        4 4 1
        0 4 1
        1 1 1
        1 3 1
        3 3 1
        3 1 1
        4h1 2 4 5 6 7
        4 1 0 1 2 3

        3 0 0 0 0 1 -3

        4 6 2 0 -1 0 5
        0 5 0
        1 5 0
        1 5 1
        0 5 1
        3 5 0
        3 5 1
        4 1 0 1 2 3
        4 2 1 4 5 2
        """

    static func parse(_ text: String) throws(SliceFileError) -> (SliceSet, [SliceRepair]) {
        try CSLReader.parse(bytes: Array(text.utf8))
    }

    /// A star-shaped contour: `corners` rays at even angles, random radii in 0.3 ... 1 times `radius`.
    static func star(
        center: SIMD2<Double>, radius: Double, corners: Int, using random: inout RandomStream
    ) -> [SIMD2<Double>] {
        (0..<corners).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(corners)
            let size = radius * (0.3 + 0.7 * random.uniformDouble())
            return center + size * SIMD2(cos(angle), sin(angle))
        }
    }

    /// A regular polygon around the origin.
    static func circle(radius: Double, corners: Int) -> [SIMD2<Double>] {
        (0..<corners).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(corners)
            return radius * SIMD2(cos(angle), sin(angle))
        }
    }

    /// A section with `labels` overlapping labels, each of two stars, the first of which has a hole.
    static func randomSection(seed: UInt64, labels: Int, corners: Int) -> CrossSection {
        var random = RandomStream(seed: seed, label: "section")
        var polygons: [SlicePolygon] = []
        for label in 1...labels {
            let center = SIMD2(random.uniformDouble(), random.uniformDouble()) * 2
            let outer = star(center: center, radius: 1, corners: corners, using: &random)
            polygons.append(SlicePolygon(points: outer, label: label))
            let hole = outer.map { center + 0.5 * ($0 - center) }
            polygons.append(SlicePolygon(points: hole.reversed(), label: label, parent: polygons.count - 1))
            let island = star(center: center + SIMD2(3, 0), radius: 0.7, corners: corners, using: &random)
            polygons.append(SlicePolygon(points: island, label: label))
        }
        let normal = SIMD3(random.uniformDouble() + 0.1, random.uniformDouble() - 0.5, random.uniformDouble() - 0.5)
        return CrossSection(
            plane: SlicePlane(origin: SIMD3(1, -2, 3), normal: normal), polygons: polygons, number: 1)
    }
}

/// The plain definitions, one edge after the other.
enum BruteForce {
    /// Inside an odd number of contours of one label; a ray towards +x, edges half open.
    static func contains(_ section: CrossSection, _ point: SIMD2<Double>) -> Bool {
        section.labels.contains { label in
            var isOdd = false
            for polygon in section.polygons where polygon.label == label {
                for (a, b) in edges(polygon.points) where (a.y > point.y) != (b.y > point.y) {
                    if point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x) { isOdd.toggle() }
                }
            }
            return isOdd
        }
    }

    static func distance(_ edges: [(SIMD2<Double>, SIMD2<Double>)], _ point: SIMD2<Double>) -> Double {
        edges.map { a, b in
            let t = min(max((point - a).dot(b - a) / (b - a).dot(b - a), 0), 1)
            return (point - a - t * (b - a)).length
        }.min() ?? .infinity
    }

    static func edges(_ points: [SIMD2<Double>]) -> [(SIMD2<Double>, SIMD2<Double>)] {
        points.indices.map { (points[$0], points[($0 + 1) % points.count]) }
    }
}
