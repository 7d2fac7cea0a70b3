// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Finds which contours are holes when only their lines are known.
enum ContourNesting {
    /// Contours of one label by the even-odd rule: outer ones counter-clockwise, holes clockwise with their parents.
    ///
    /// A contour inside an odd number of others is a hole, of the smallest outer one around it. Contours that cross have
    /// no nesting; then the first corner decides, and the region is the even-odd one all the same.
    ///
    /// - Complexity: O(n² + n · corners of contours whose boxes hold the first corner).
    static func polygons(_ contours: [[SIMD2<Double>]], label: Int) -> [SlicePolygon] {
        let areas = contours.map { SlicePolygon(points: $0, label: label).signedArea }
        let boxes = contours.map { contour in
            (contour.reduce(contour[0], pointwiseMin), contour.reduce(contour[0], pointwiseMax))
        }
        let around = contours.indices.map { index -> [Int] in
            let corner = contours[index][0]
            return contours.indices.filter { other in
                other != index && all(boxes[other].0 .<= corner) && all(corner .<= boxes[other].1)
                    && contains(contours[other], corner)
            }
        }
        return contours.indices.map { index in
            let isHole = around[index].count % 2 == 1
            let parent =
                !isHole
                ? nil : around[index].filter { around[$0].count % 2 == 0 }.min { abs(areas[$0]) < abs(areas[$1]) }
            let turned = (areas[index] < 0) != (parent != nil)
            return SlicePolygon(
                points: turned ? contours[index].reversed() : contours[index], label: label, parent: parent)
        }
    }

    private static func contains(_ contour: [SIMD2<Double>], _ point: SIMD2<Double>) -> Bool {
        var isOdd = false
        var previous = contour[contour.count - 1]
        for corner in contour {
            if (previous.y > point.y) != (corner.y > point.y),
                point.x < previous.x + (point.y - previous.y) / (corner.y - previous.y) * (corner.x - previous.x)
            {
                isOdd.toggle()
            }
            previous = corner
        }
        return isOdd
    }
}
