// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Brings vertices on grid edges onto the surface of a field.
///
/// Marching cubes places a vertex by linear interpolation between two nodes. A field that is curved along the edge, such as
/// a logit that saturates, pulls all vertices towards one end, and that shows as terraces at the spacing of the grid. Each
/// round asks the field at the current crossing, narrows the bracket, and takes the next crossing from inverse quadratic
/// interpolation (the step of Brent's method), or from the secant where that leaves the bracket.
struct CrossingRefinement<Values: NodeValues> {
    let grid: RegularGrid
    let values: Values
    let level: Double

    /// A vertex on its edge: the signs of the field differ at the ends of the bracket.
    private struct Crossing {
        let vertex: Int
        let start: SIMD3<Double>
        let axis: Int
        var lower: (place: Double, value: Double)
        var upper: (place: Double, value: Double)
        var place: Double

        /// Takes in the value at `place` and moves there where the surface should be.
        mutating func narrow(_ value: Double) {
            guard value != 0, value.isFinite else { return }
            let outer: (place: Double, value: Double)
            let middle = (place: place, value: value)
            if (value < 0) == (lower.value < 0) {
                outer = lower
                lower = middle
            } else {
                outer = upper
                upper = middle
            }
            let secant = lower.place + (upper.place - lower.place) * lower.value / (lower.value - upper.value)
            let quadratic = Self.inverseQuadratic(outer, lower, upper)
            place = quadratic > lower.place && quadratic < upper.place ? quadratic : secant
        }

        /// Where the parabola `place(value)` through three points has value 0.
        private static func inverseQuadratic(
            _ a: (place: Double, value: Double), _ b: (place: Double, value: Double),
            _ c: (place: Double, value: Double)
        ) -> Double {
            a.place * (b.value / (a.value - b.value)) * (c.value / (a.value - c.value))
                + b.place * (a.value / (b.value - a.value)) * (c.value / (b.value - c.value))
                + c.place * (a.value / (c.value - a.value)) * (b.value / (c.value - b.value))
        }
    }

    /// Moves the vertices of `mesh` and returns how often the field was asked.
    ///
    /// - Parameter ask: Values of the field at points of the grid's frame.
    func refine(
        _ mesh: inout TriangleMesh, rounds: Int,
        ask: ([SIMD3<Float>]) throws(ExtractionError) -> [Float]
    ) throws(ExtractionError) -> Int {
        guard rounds > 0 else { return 0 }
        var crossings = mesh.positions.indices.compactMap { crossing(of: $0, at: mesh.positions[$0]) }
        for _ in 0..<rounds {
            let found = try ask(crossings.map { SIMD3<Float>(position(of: $0)) })
            for index in crossings.indices { crossings[index].narrow(Double(found[index]) - level) }
        }
        for crossing in crossings { mesh.positions[crossing.vertex] = position(of: crossing) }
        return rounds * crossings.count
    }

    private func position(of crossing: Crossing) -> SIMD3<Double> {
        var point = crossing.start
        // The same margin as at extraction: no two vertices may coincide at a node.
        let place = min(max(crossing.place, 1.0 / 1024), 1 - 1.0 / 1024)
        point[crossing.axis] += grid.spacing[crossing.axis] * place
        return point
    }

    /// The edge that a vertex lies on, or `nil` for centres of loops and for caps at the border of the grid.
    private func crossing(of vertex: Int, at position: SIMD3<Double>) -> Crossing? {
        let relative = (position - grid.origin) / grid.spacing
        let nodes = relative.rounded(.toNearestOrEven)
        let gaps = (relative - nodes).replacing(with: nodes - relative, where: relative .< nodes)
        let axis = gaps.x > gaps.y ? (gaps.x > gaps.z ? 0 : 2) : (gaps.y > gaps.z ? 1 : 2)
        var others = gaps
        others[axis] = 0
        // Cuts keep 1/1024 away from nodes; the other two coordinates are exact but for rounding.
        guard others.max() < 1e-6 else { return nil }
        var low = SIMD3<Int>(nodes)
        low[axis] = Int(relative[axis].rounded(.down))
        var high = low
        high[axis] += 1
        guard low.min() >= 0, all(high .< grid.counts) else { return nil }
        let lower = Double(values.value(low.x, low.y, low.z)) - level
        let upper = Double(values.value(high.x, high.y, high.z)) - level
        guard lower * upper < 0, lower.isFinite, upper.isFinite else { return nil }
        return Crossing(
            vertex: vertex, start: grid.position(low.x, low.y, low.z), axis: axis, lower: (0, lower), upper: (1, upper),
            place: relative[axis] - Double(low[axis]))
    }
}
