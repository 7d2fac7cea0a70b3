// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Facets of the convex hull of points in space.
///
/// Quickhull (Barber, Dobkin, Huhdanpaa 1996) on slightly displaced points. Contour vertices lie many on a plane, which is
/// where floating-point hulls go wrong; a displacement of 1e-8 of the extent, far above rounding, makes every decision
/// clear. Should the surface become inconsistent nevertheless, it starts again with ten times the displacement.
struct HullBuilder {
    struct Facet {
        /// Corners, counter-clockwise from outside.
        var a: Int
        var b: Int
        var c: Int
        /// Unit vector outwards.
        var normal: SIMD3<Double>
        /// Facets across the edges ab, bc and ca.
        var neighbours = SIMD3<Int>(repeating: -1)
        /// Points that see this facet from outside and are not yet inside the hull.
        var outside: [Int] = []
        var isAlive = true
    }

    /// A surface edge between what the eye sees and what it does not.
    private struct HorizonEdge {
        var start: Int
        var end: Int
        var beyond: Int
    }

    private let points: [SIMD3<Double>]
    private let tolerance: Double
    private var facets: [Facet] = []

    /// Facets around `points`, or `nil` when the points do not span a volume.
    static func facets(of points: [SIMD3<Double>]) -> [Facet]? {
        guard let box = Box(enclosing: points), box.diagonal > 0, box.diagonal.isFinite else { return nil }
        guard let simplex = simplex(points, extent: box.diagonal) else { return nil }
        for attempt in 0..<5 {
            var amplitude = 1e-8 * box.diagonal
            for _ in 0..<attempt { amplitude *= 10 }
            var random = RandomStream(seed: 0, label: "hull", UInt64(attempt))
            let displaced = points.map { point in
                let shift = SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble())
                return point + amplitude * (2 * shift - 1)
            }
            var builder = HullBuilder(points: displaced, tolerance: 1e-13 * box.diagonal)
            if builder.build(from: simplex) { return builder.facets.filter(\.isAlive) }
        }
        return nil
    }

    private init(points: [SIMD3<Double>], tolerance: Double) {
        self.points = points
        self.tolerance = tolerance
    }

    /// Four points that span a large tetrahedron; `nil` when it is flatter than a millionth of the extent.
    private static func simplex(_ points: [SIMD3<Double>], extent: Double) -> [Int]? {
        func farthest(_ measure: (SIMD3<Double>) -> Double) -> (index: Int, value: Double) {
            var best = (index: 0, value: -Double.infinity)
            for (index, point) in points.enumerated() {
                let value = measure(point)
                if value > best.value { best = (index, value) }
            }
            return best
        }
        let first = farthest { -$0.x }.index
        let second = farthest { ($0 - points[first]).length }.index
        let axis = (points[second] - points[first]).normalized
        let third = farthest { axis.cross($0 - points[first]).length }
        guard third.value > 1e-6 * extent else { return nil }
        let normal = axis.cross(points[third.index] - points[first]).normalized
        let fourth = farthest { abs(normal.dot($0 - points[first])) }
        guard fourth.value > 1e-6 * extent else { return nil }
        return [first, second, third.index, fourth.index]
    }

    /// Returns `false` when rounding made the surface inconsistent.
    private mutating func build(from simplex: [Int]) -> Bool {
        guard start(simplex) else { return false }
        var pending = Array(facets.indices)
        while let index = pending.popLast() {
            guard facets[index].isAlive, let eye = farthestOutside(index) else { continue }
            guard let created = grow(to: eye, seenBy: index) else { return false }
            pending += created
        }
        return true
    }

    private mutating func start(_ simplex: [Int]) -> Bool {
        let a = simplex[0]
        var b = simplex[1]
        var c = simplex[2]
        let d = simplex[3]
        // The fourth corner must lie behind the first facet.
        if (points[b] - points[a]).cross(points[c] - points[a]).dot(points[d] - points[a]) > 0 { swap(&b, &c) }
        for (p, q, r) in [(a, b, c), (a, d, b), (b, d, c), (c, d, a)] {
            guard let facet = facet(p, q, r) else { return false }
            facets.append(facet)
        }
        facets[0].neighbours = SIMD3(1, 2, 3)
        facets[1].neighbours = SIMD3(3, 2, 0)
        facets[2].neighbours = SIMD3(1, 3, 0)
        facets[3].neighbours = SIMD3(2, 1, 0)
        distribute(points.indices.filter { !simplex.contains($0) }, among: [0, 1, 2, 3])
        return true
    }

    private func facet(_ a: Int, _ b: Int, _ c: Int) -> Facet? {
        let across = (points[b] - points[a]).cross(points[c] - points[a])
        let size = across.length
        guard size > 0 else { return nil }
        let normal = across / size
        return Facet(a: a, b: b, c: c, normal: normal)
    }

    private func height(_ point: Int, above facet: Int) -> Double {
        // From a corner, not from the origin: coordinates may be large against the extent.
        facets[facet].normal.dot(points[point] - points[facets[facet].a])
    }

    private mutating func distribute(_ candidates: [Int], among targets: [Int]) {
        for point in candidates {
            for target in targets where height(point, above: target) > tolerance {
                facets[target].outside.append(point)
                break
            }
        }
    }

    private func farthestOutside(_ facet: Int) -> Int? {
        var best: Int?
        var bestHeight = 0.0
        for point in facets[facet].outside {
            let height = height(point, above: facet)
            if height > bestHeight { (best, bestHeight) = (point, height) }
        }
        return best
    }
}

// MARK: - Growing

extension HullBuilder {
    /// Replaces all facets that `eye` sees by a cone to it. Returns the new facets, or `nil` on inconsistency.
    private mutating func grow(to eye: Int, seenBy first: Int) -> [Int]? {
        let (seen, horizon) = look(from: eye, first)
        var next: [Int: Int] = [:]
        for (index, edge) in horizon.enumerated() {
            guard next.updateValue(index, forKey: edge.start) == nil else { return nil }
        }
        let base = facets.count
        for edge in horizon {
            guard let facet = facet(edge.start, edge.end, eye) else { return nil }
            facets.append(facet)
        }
        for (index, edge) in horizon.enumerated() {
            guard let following = next[edge.end] else { return nil }
            facets[base + index].neighbours[0] = edge.beyond
            facets[base + index].neighbours[1] = base + following
            facets[base + following].neighbours[2] = base + index
            guard relink(edge.beyond, from: edge, to: base + index) else { return nil }
        }
        let created = Array(base..<facets.count)
        var orphans: [Int] = []
        for index in seen {
            orphans += facets[index].outside.filter { $0 != eye }
            facets[index].outside = []
            facets[index].isAlive = false
        }
        distribute(orphans, among: created)
        return created
    }

    private func look(from eye: Int, _ first: Int) -> (seen: [Int], horizon: [HorizonEdge]) {
        var isSeen: Set<Int> = [first]
        var seen = [first]
        var horizon: [HorizonEdge] = []
        var place = 0
        while place < seen.count {
            let facet = facets[seen[place]]
            place += 1
            for (slot, edge) in [(facet.a, facet.b), (facet.b, facet.c), (facet.c, facet.a)].enumerated() {
                let neighbour = facet.neighbours[slot]
                if isSeen.contains(neighbour) { continue }
                if height(eye, above: neighbour) > tolerance {
                    isSeen.insert(neighbour)
                    seen.append(neighbour)
                } else {
                    horizon.append(HorizonEdge(start: edge.0, end: edge.1, beyond: neighbour))
                }
            }
        }
        return (seen, horizon)
    }

    /// Makes `facet`, beyond the horizon, point to its new neighbour across `edge`.
    private mutating func relink(_ facet: Int, from edge: HorizonEdge, to neighbour: Int) -> Bool {
        let corners = (facets[facet].a, facets[facet].b, facets[facet].c)
        switch (edge.end, edge.start) {
        case (corners.0, corners.1): facets[facet].neighbours[0] = neighbour
        case (corners.1, corners.2): facets[facet].neighbours[1] = neighbour
        case (corners.2, corners.0): facets[facet].neighbours[2] = neighbour
        default: return false
        }
        return true
    }
}
