// SPDX-License-Identifier: Apache-2.0

/// Takes contours apart that reach their holes over a bridge: DICOM has one line for a region with holes, which runs to each
/// hole and back the same way ("keyhole").
enum KeyholeContour {
    /// The loops of a contour without its bridges; itself when it has none.
    ///
    /// A bridge is an edge that the contour also runs backwards, corner for corner. Both are taken out of the ring, and
    /// what was joined to them is joined up.
    ///
    /// - Complexity: O(n).
    static func loops(_ corners: [SIMD2<Double>]) -> [[SIMD2<Double>]] {
        let count = corners.count
        guard count >= 3 else { return [] }
        // Edge `index` runs from corner `index` to the next one.
        var next = (0..<count).map { ($0 + 1) % count }
        var previous = (0..<count).map { ($0 + count - 1) % count }
        var isBridge = [Bool](repeating: false, count: count)
        var open: [Edge: [Int]] = [:]
        for index in 0..<count {
            let (start, end) = (corners[index], corners[(index + 1) % count])
            if let opposite = open[Edge(from: end, to: start)]?.popLast() {
                for (before, after) in [(previous[opposite], next[index]), (previous[index], next[opposite])] {
                    next[before] = after
                    previous[after] = before
                }
                isBridge[opposite] = true
                isBridge[index] = true
            } else {
                open[Edge(from: start, to: end), default: []].append(index)
            }
        }
        var result: [[SIMD2<Double>]] = []
        var isSeen = isBridge
        for first in 0..<count where !isSeen[first] {
            var loop: [SIMD2<Double>] = []
            var edge = first
            repeat {
                isSeen[edge] = true
                loop.append(corners[edge])
                edge = next[edge]
            } while !isSeen[edge]
            if loop.count >= 3 { result.append(loop) }
        }
        return result
    }

    private struct Edge: Hashable {
        var from, to: SIMD2<Double>
    }
}
