// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A square grid of `count × count` points over the padded box of a section's contours, first and last point on its sides.
struct PlaneGrid: Sendable {
    let plane: SlicePlane
    let count: Int
    /// Plane coordinates of the point in the first row and column.
    let lower: SIMD2<Double>
    /// Distances between columns and between rows, in world units.
    let step: SIMD2<Double>

    /// - Precondition: `section` has contours and `count` is at least 2.
    init(_ section: CrossSection, count: Int, padding: Double) {
        precondition(!section.isEmpty && count >= 2, "a grid needs contours and at least 2 points a side")
        var lower = SIMD2<Double>(repeating: .infinity)
        var upper = SIMD2<Double>(repeating: -.infinity)
        for point in section.polygons.lazy.flatMap(\.points) {
            lower = pointwiseMin(lower, point)
            upper = pointwiseMax(upper, point)
        }
        let margin = padding * (upper - lower).max()
        plane = section.plane
        self.count = count
        self.lower = lower - margin
        step = (upper - lower + 2 * margin) / Double(count - 1)
    }

    /// Area that one point stands for.
    var cellArea: Double { step.x * step.y }

    /// Plane coordinates of a grid point.
    func coordinates(row: Int, column: Int) -> SIMD2<Double> {
        lower + SIMD2(Double(column), Double(row)) * step
    }

    /// `count × count` answers, row after row.
    func mask(_ isInside: (SIMD2<Double>) -> Bool) -> [Bool] {
        var result: [Bool] = []
        result.reserveCapacity(count * count)
        for row in 0..<count {
            for column in 0..<count { result.append(isInside(coordinates(row: row, column: column))) }
        }
        return result
    }

    /// Even-odd fill of segments: a point is inside when an odd number of them crosses its row to the left of it.
    ///
    /// A segment counts for rows from its lower end, included, to its upper end, excluded.
    ///
    /// - Complexity: O(segments · rows each meets + count²).
    func mask(filling segments: [(SIMD2<Double>, SIMD2<Double>)]) -> [Bool] {
        var flips = [Bool](repeating: false, count: count * count)
        for (start, end) in segments {
            let (low, high) = start.y < end.y ? (start, end) : (end, start)
            for row in firstIndex(from: low.y, axis: 1)..<firstIndex(from: high.y, axis: 1) {
                let t = (lower.y + Double(row) * step.y - low.y) / (high.y - low.y)
                let column = firstIndex(from: low.x + t * (high.x - low.x), axis: 0)
                if column < count { flips[row * count + column].toggle() }
            }
        }
        for row in 0..<count {
            var isInside = false
            for place in (row * count)..<(row * count + count) {
                if flips[place] { isInside.toggle() }
                flips[place] = isInside
            }
        }
        return flips
    }

    /// Index of the first grid line at or beyond `value`, from 0 to `count`.
    private func firstIndex(from value: Double, axis: Int) -> Int {
        let guess = ((value - lower[axis]) / step[axis]).rounded(.up)
        // Written so that NaN ends at 0.
        var index = guess > 0 ? (guess < Double(count) ? Int(guess) : count) : 0
        while index > 0, lower[axis] + Double(index - 1) * step[axis] >= value { index -= 1 }
        while index < count, lower[axis] + Double(index) * step[axis] < value { index += 1 }
        return index
    }
}
