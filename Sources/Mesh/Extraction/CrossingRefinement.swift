// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Brings vertices on grid edges onto the surface of a field.
///
/// Marching cubes places a vertex by linear interpolation between two nodes. A field that is curved along the edge, such as
/// a logit that rises like a cliff, pulls all vertices towards one end, and that shows as terraces at the spacing of the
/// grid. Each round asks the field inside the bracket of every crossing that is not yet narrow enough.
struct CrossingRefinement<Values: NodeValues> {
    let grid: RegularGrid
    let values: Values
    let level: Double

    /// A vertex and the edge that it lies on.
    private struct Crossing {
        let vertex: Int
        let start: SIMD3<Double>
        let axis: Int
        var root: BracketedRoot
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
        var asked = 0
        for round in 0..<rounds {
            let open = crossings.indices.filter { !crossings[$0].root.isNarrow }
            let places = open.map { crossings[$0].root.nextPlace(round: round) }
            let found = try ask(
                zip(open, places).map { SIMD3<Float>(position(on: crossings[$0], at: $1)) })
            for (index, (place, value)) in zip(open, zip(places, found)) {
                crossings[index].root.narrow(place: place, value: Double(value) - level)
            }
            asked += open.count
        }
        for crossing in crossings {
            mesh.positions[crossing.vertex] = position(on: crossing, at: crossing.root.estimate)
        }
        return asked
    }

    private func position(on crossing: Crossing, at place: Double) -> SIMD3<Double> {
        var point = crossing.start
        // The same margin as at extraction: no two vertices may coincide at a node.
        point[crossing.axis] += grid.spacing[crossing.axis] * min(max(place, 1.0 / 1024), 1 - 1.0 / 1024)
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
            vertex: vertex, start: grid.position(low.x, low.y, low.z), axis: axis,
            root: BracketedRoot(lower: lower, upper: upper))
    }
}
