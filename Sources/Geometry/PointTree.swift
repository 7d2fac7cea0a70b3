// SPDX-License-Identifier: Apache-2.0

/// A balanced k-d tree over fixed points, for nearest neighbours.
package struct PointTree: Sendable {
    private let points: [SIMD3<Double>]
    /// Numbers of points; the middle of each range splits it along the axis at the same place of `axes`.
    private var order: [Int32]
    private var axes: [UInt8]
    private let box: Box?

    /// Builds the tree.
    ///
    /// - Precondition: all points are finite.
    package init(_ points: [SIMD3<Double>]) {
        precondition(points.allSatisfy(\.isFinite), "points of a tree must be finite")
        self.points = points
        box = Box(enclosing: points)
        order = points.indices.map { Int32($0) }
        axes = [UInt8](repeating: 0, count: points.count)
        var ranges = [0..<points.count]
        while let range = ranges.popLast() {
            guard range.count > 1, let box = Box(enclosing: order[range].lazy.map { points[Int($0)] }) else { continue }
            let extent = box.extent
            let axis = extent.x >= extent.y && extent.x >= extent.z ? 0 : extent.y >= extent.z ? 1 : 2
            order[range].sort { (points[Int($0)][axis], $0) < (points[Int($1)][axis], $1) }
            let middle = (range.lowerBound + range.upperBound) / 2
            axes[middle] = UInt8(axis)
            ranges.append(range.lowerBound..<middle)
            ranges.append(middle + 1..<range.upperBound)
        }
    }

    /// The number of the point nearest to `query` and its distance, or `nil` when none is nearer than `limit`. Of equally
    /// near points any, but always the same one.
    ///
    /// - Parameter limit: Greater than 0; a search that may give up is much faster where all points are far away.
    package func nearest(
        to query: SIMD3<Double>, within limit: Double = .infinity
    ) -> (index: Int, distance: Double)? {
        guard let box else { return nil }
        var best = (index: -1, squared: limit * limit)
        let outside = pointwiseMax(pointwiseMax(box.minimum - query, query - box.maximum), .zero)
        search(0..<points.count, query, outside, &best)
        return best.index < 0 ? nil : (best.index, best.squared.squareRoot())
    }

    /// - Parameter outside: How far the query is from the range's cell along each axis: of points far away in an oblique
    ///   direction, no single axis rules any out (Arya and Mount 1993).
    private func search(
        _ range: Range<Int>, _ query: SIMD3<Double>, _ outside: SIMD3<Double>,
        _ best: inout (index: Int, squared: Double)
    ) {
        guard !range.isEmpty else { return }
        let middle = (range.lowerBound + range.upperBound) / 2
        let number = Int(order[middle])
        let offset = query - points[number]
        let squared = offset.dot(offset)
        if squared < best.squared { best = (number, squared) }
        guard range.count > 1 else { return }
        let axis = Int(axes[middle])
        let side = offset[axis]
        let (lower, upper) = (range.lowerBound..<middle, middle + 1..<range.upperBound)
        search(side < 0 ? lower : upper, query, outside, &best)
        var beyond = outside
        beyond[axis] = abs(side)
        if beyond.dot(beyond) < best.squared { search(side < 0 ? upper : lower, query, beyond, &best) }
    }
}
