// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Tells regions from holes among closed lines of one plane that say nothing of it: by even and odd depth.
enum NestedLoops {
    /// The loops as contours of `label`: outer ones counter-clockwise, holes clockwise and with their parents. Loops
    /// without area are left out.
    ///
    /// - Parameter firstIndex: Number, within the section, of the first of these contours.
    /// - Complexity: O(n²) comparisons of boxes, and of corners where boxes contain each other.
    static func polygons(_ loops: [[SIMD2<Double>]], label: Int, firstIndex: Int) -> [SlicePolygon] {
        let rings = loops.compactMap { Ring($0) }.sorted { $0.area > $1.area }
        var depths: [Int] = []
        var parents: [Int?] = []
        for (index, ring) in rings.enumerated() {
            // Larger ones come first, so that the last one around this ring is the nearest.
            let around = (0..<index).filter { rings[$0].contains(ring) }
            depths.append(around.count)
            parents.append(around.count & 1 == 1 ? around.last { depths[$0] == around.count - 1 } : nil)
        }
        return zip(rings, parents).map { ring, parent in
            var polygon = SlicePolygon(points: ring.corners, label: label, parent: parent.map { firstIndex + $0 })
            if polygon.isHole == (polygon.signedArea > 0) { polygon.points.reverse() }
            return polygon
        }
    }

    private struct Ring {
        let corners: [SIMD2<Double>]
        let area: Double
        private let minimum: SIMD2<Double>
        private let maximum: SIMD2<Double>

        /// `nil` for a line that encloses nothing.
        init?(_ corners: [SIMD2<Double>]) {
            guard let first = corners.first, corners.count >= 3 else { return nil }
            area = abs(SlicePolygon(points: corners, label: 1).signedArea)
            minimum = corners.reduce(first) { pointwiseMin($0, $1) }
            maximum = corners.reduce(first) { pointwiseMax($0, $1) }
            let size = maximum - minimum
            guard area > 1e-9 * (size * size).sum() else { return nil }
            self.corners = corners
        }

        /// Whether another ring lies within; rings may touch, so that its corners vote.
        func contains(_ other: Ring) -> Bool {
            guard all(minimum .<= other.minimum), all(maximum .>= other.maximum) else { return false }
            let step = max(1, other.corners.count / Self.voters)
            let asked = stride(from: 0, to: other.corners.count, by: step)
            let inside = asked.reduce(0) { $0 + (contains(other.corners[$1]) ? 1 : 0) }
            return 2 * inside > asked.underestimatedCount
        }

        private static let voters = 16

        private func contains(_ point: SIMD2<Double>) -> Bool {
            var isInside = false
            var last = corners[corners.count - 1]
            for corner in corners {
                if (corner.y > point.y) != (last.y > point.y),
                    point.x < last.x + (corner.x - last.x) * (point.y - last.y) / (corner.y - last.y)
                {
                    isInside.toggle()
                }
                last = corner
            }
            return isInside
        }
    }
}
