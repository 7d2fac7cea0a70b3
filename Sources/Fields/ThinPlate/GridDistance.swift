// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Turns a field on a grid into the distance to its zero set, in a band around that set.
///
/// Fast marching (Sethian 1996, PNAS 93): nodes next to a change of sign start from where the field crosses zero on their
/// edges; the others follow in the order of their distances, with second differences where both nodes behind are known
/// (Sethian 1999, §8.3), first ones elsewhere. Nodes beside an oblique surface come out up to a third of a cell too far: the
/// edges that cross it do not tell how it lies. The two sides of the surface do not need each other and run at once.
package struct GridDistance {
    private let grid: RegularGrid
    private let reach: Float
    private let threads: Int

    /// - Parameters:
    ///   - grid: Cubic cells.
    ///   - reach: Half-width of the band, in units of the grid; everything beyond gets this distance.
    package init(grid: RegularGrid, reach: Double, threads: Int) {
        self.grid = grid
        self.reach = Float(reach)
        self.threads = threads
    }

    /// Distances with the signs of `field`, negative inside, zero counting as outside.
    package func measure(_ field: [Float]) -> [Float] {
        precondition(field.count == grid.nodeCount, "\(field.count) values for \(grid.nodeCount) nodes")
        var distances = startingDistances(field)
        distances.withUnsafeMutableBufferPointer { all in
            nonisolated(unsafe) let all = all
            field.withUnsafeBufferPointer { field in
                nonisolated(unsafe) let field = field
                // Each side writes to its own nodes and reads only those.
                Parallel.forEach(count: 2, threads: threads) { side, _ in
                    var march = FastMarch(grid: grid, reach: reach, field: field, isInside: side == 1, distances: all)
                    march.run()
                }
            }
        }
        for node in distances.indices where field[node] < 0 { distances[node] *= -1 }
        return distances
    }

    /// Distances of the nodes next to a change of sign; `reach` elsewhere.
    private func startingDistances(_ field: [Float]) -> [Float] {
        let counts = grid.counts
        let strides = SIMD3(1, counts.x, counts.x * counts.y)
        let spacing = Float(grid.spacing.x)
        return Parallel.map(count: grid.nodeCount, threads: threads, block: strides.z) { node in
            let place = SIMD3(node % counts.x, node / counts.x % counts.y, node / strides.z)
            let value = field[node]
            var sum: Float = 0
            for axis in 0..<3 {
                var nearest = Float.infinity
                for step in [-1, 1] where (0..<counts[axis]).contains(place[axis] + step) {
                    let other = field[node + step * strides[axis]]
                    guard (other < 0) != (value < 0) else { continue }
                    nearest = min(nearest, spacing * abs(value) / (abs(value) + abs(other)))
                }
                sum += 1 / (nearest * nearest)
            }
            // The plane through the three crossings; a node on the surface makes the sum infinite.
            return sum > 0 ? min(1 / sum.squareRoot(), reach) : reach
        }
    }
}

/// One side of the surface.
private struct FastMarch {
    private let counts: SIMD3<Int>
    private let strides: SIMD3<Int>
    private let spacing: Float
    private let reach: Float
    private let field: UnsafeBufferPointer<Float>
    private let isInside: Bool
    private let distances: UnsafeMutableBufferPointer<Float>
    private var isKnown: [Bool]
    private var queue = DistanceQueue()

    init(
        grid: RegularGrid, reach: Float, field: UnsafeBufferPointer<Float>, isInside: Bool,
        distances: UnsafeMutableBufferPointer<Float>
    ) {
        counts = grid.counts
        strides = SIMD3(1, counts.x, counts.x * counts.y)
        spacing = Float(grid.spacing.x)
        self.reach = reach
        self.field = field
        self.isInside = isInside
        self.distances = distances
        isKnown = [Bool](repeating: false, count: grid.nodeCount)
    }

    mutating func run() {
        for node in distances.indices where belongs(node) && distances[node] < reach {
            isKnown[node] = true
            queue.push(distances[node], node)
        }
        while let (distance, node) = queue.pop() {
            // A node may wait more than once; the first time is the shortest.
            guard distance <= distances[node] else { continue }
            isKnown[node] = true
            let place = SIMD3(node % counts.x, node / counts.x % counts.y, node / strides.z)
            for axis in 0..<3 {
                for step in [-1, 1] where (0..<counts[axis]).contains(place[axis] + step) {
                    let next = node + step * strides[axis]
                    guard belongs(next), !isKnown[next] else { continue }
                    var at = place
                    at[axis] += step
                    let found = solution(at: at, node: next)
                    guard found < distances[next] else { continue }
                    distances[next] = found
                    queue.push(found, next)
                }
            }
        }
    }

    private func belongs(_ node: Int) -> Bool { (field[node] < 0) == isInside }

    /// Solves |∇d| = 1 from the known neighbours, dropping the farthest ones while they lie ahead of the solution.
    private func solution(at place: SIMD3<Int>, node: Int) -> Float {
        var terms: [(behind: Float, value: Float, factor: Float)] = []
        terms.reserveCapacity(3)
        for axis in 0..<3 {
            var best: (near: Float, step: Int)?
            for step in [-1, 1] where (0..<counts[axis]).contains(place[axis] + step) {
                let other = node + step * strides[axis]
                if belongs(other), isKnown[other], distances[other] < best?.near ?? .infinity {
                    best = (distances[other], step)
                }
            }
            guard let (near, step) = best else { continue }
            let far = node + 2 * step * strides[axis]
            if (0..<counts[axis]).contains(place[axis] + 2 * step), belongs(far), isKnown[far], distances[far] <= near {
                // (3 d − 4 near + far) / 2h
                terms.append((near, (4 * near - distances[far]) / 3, 2.25))
            } else {
                terms.append((near, near, 1))
            }
        }
        terms.sort { $0.behind < $1.behind }
        while !terms.isEmpty {
            var (a, b, c) = (Float(0), Float(0), -spacing * spacing)
            for term in terms {
                a += term.factor
                b += term.factor * term.value
                c += term.factor * term.value * term.value
            }
            let discriminant = b * b - a * c
            if discriminant >= 0 {
                let root = (b + discriminant.squareRoot()) / a
                if root >= terms[terms.count - 1].behind { return root }
            }
            terms.removeLast()
        }
        return reach
    }
}

/// A binary heap of nodes by distance; equal distances by number, so that the order is fixed.
private struct DistanceQueue {
    private var entries: [(distance: Float, node: Int)] = []

    private func isBefore(_ a: Int, _ b: Int) -> Bool {
        (entries[a].distance, entries[a].node) < (entries[b].distance, entries[b].node)
    }

    mutating func push(_ distance: Float, _ node: Int) {
        entries.append((distance, node))
        var place = entries.count - 1
        while place > 0, isBefore(place, (place - 1) / 2) {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func pop() -> (distance: Float, node: Int)? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return first }
        entries[0] = last
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < entries.count else { return first }
            if child + 1 < entries.count, isBefore(child + 1, child) { child += 1 }
            guard isBefore(child, place) else { return first }
            entries.swapAt(child, place)
            place = child
        }
    }
}
