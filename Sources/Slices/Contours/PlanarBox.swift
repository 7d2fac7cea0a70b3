// SPDX-License-Identifier: Apache-2.0

import Geometry

/// An axis-parallel rectangle in plane coordinates.
struct PlanarBox: Sendable {
    /// Corner with the smallest coordinates.
    let minimum: SIMD2<Double>
    /// Corner with the largest coordinates.
    let maximum: SIMD2<Double>

    /// The smallest rectangle around `points`, grown on each side by a share `padding` of its longer side; `nil` when there
    /// are none.
    init?(enclosing points: [SIMD2<Double>], padding: Double = 0) {
        guard var lower = points.first else { return nil }
        var upper = lower
        for point in points {
            lower = pointwiseMin(lower, point)
            upper = pointwiseMax(upper, point)
        }
        let margin = padding * (upper - lower).max()
        minimum = lower - margin
        maximum = upper + margin
    }

    /// The smallest rectangle around the part of `plane` in `box`; `nil` when it misses the box.
    init?(of plane: SlicePlane, in box: Box) {
        var crossings: [SIMD2<Double>] = []
        for axis in 0..<3 {
            for corner in 0..<4 {
                var start = box.minimum
                if corner & 1 != 0 { start[(axis + 1) % 3] = box.maximum[(axis + 1) % 3] }
                if corner & 2 != 0 { start[(axis + 2) % 3] = box.maximum[(axis + 2) % 3] }
                var end = start
                end[axis] = box.maximum[axis]
                let (a, b) = (plane.signedDistance(to: start), plane.signedDistance(to: end))
                guard a * b <= 0, a != b else { continue }
                crossings.append(plane.coordinates(of: start + (a / (a - b)) * (end - start)))
            }
        }
        self.init(enclosing: crossings)
    }
}
