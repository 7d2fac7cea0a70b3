// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// Finds the field on a grid that bends least while it follows samples.
///
/// Minimises `Σ w (φ(x) − t)² + Σ a (φ − s)² + stiffness · ∫ |Hess φ|²`: samples at points by trilinear interpolation, anchors
/// `a`, `s` on nodes, and the thin-plate energy by second differences (cross terms twice, natural boundary). Conjugate
/// gradients, preconditioned by the diagonal. Sums go through the layers of the grid in order, and samples are added by
/// slabs of layers that do not touch: the result does not depend on the number of threads.
///
/// One call at a time: calls use all of its threads, and its memory.
public final class ThinPlateSolver: Sendable {
    /// Layers of cells in one slab of samples; two or more keep slabs of equal parity apart.
    private static let slabLayers = 4

    /// Where the nodes are.
    public let grid: RegularGrid
    /// Factor on the integral of the squared Hessian.
    public let stiffness: Double
    /// The field; start it well, and read the result here.
    package let field: FloatBuffer
    private let anchorWeights: FloatBuffer
    private let anchors: FloatBuffer
    private let threads: Int
    private let samples: SampleBuffer
    private let residual: FloatBuffer
    private let direction: FloatBuffer
    private let image: FloatBuffer
    private let scale: FloatBuffer

    /// Prepares a problem, with a field of zeros and without anchors.
    ///
    /// - Parameters:
    ///   - grid: Cubic cells, at least two nodes along each axis.
    ///   - samples: In the frame of the grid; those outside it count at its border.
    ///   - stiffness: Positive, in units of weight · length³ (for values that are lengths).
    ///   - threads: Bound on concurrency; the result does not depend on it.
    public init(grid: RegularGrid, samples: [FieldSample], stiffness: Double, threads: Int = 1) {
        precondition(stiffness > 0 && stiffness.isFinite, "stiffness must be positive, got \(stiffness)")
        self.grid = grid
        self.stiffness = stiffness
        self.threads = threads
        self.samples = SampleBuffer(samples, grid: grid, slabLayers: Self.slabLayers)
        field = FloatBuffer(count: grid.nodeCount)
        anchorWeights = FloatBuffer(count: grid.nodeCount)
        anchors = FloatBuffer(count: grid.nodeCount)
        residual = FloatBuffer(count: grid.nodeCount)
        direction = FloatBuffer(count: grid.nodeCount)
        image = FloatBuffer(count: grid.nodeCount)
        scale = FloatBuffer(count: grid.nodeCount)
    }

    /// Values on all nodes, x fastest.
    public var values: [Float] {
        get { Array(field.elements) }
        set {
            precondition(newValue.count == field.count, "\(newValue.count) values for \(field.count) nodes")
            newValue.withUnsafeBufferPointer { field.pointer.update(from: $0.baseAddress!, count: field.count) }
        }
    }

    /// Changes what samples want; their positions stay.
    ///
    /// - Parameters:
    ///   - distances: One value for each node, handed on at the samples.
    ///   - body: Given the number of a sample, in the order of the initialiser, and the field and `distances` there,
    ///     returns target and weight.
    package func retarget(
        distances: [Float], _ body: @Sendable (_ number: Int, _ value: Float, _ distance: Float) -> (Float, Float)
    ) {
        distances.withUnsafeBufferPointer { distances in
            guard let distances = distances.baseAddress else { return }
            nonisolated(unsafe) let nodes = distances
            samples.retarget(threads: threads) { number, sample in
                let value = sample.interpolated(self.field.pointer, row: self.grid.counts.x, layer: self.layerSize)
                let distance = sample.interpolated(nodes, row: self.grid.counts.x, layer: self.layerSize)
                return body(number, value, distance)
            }
        }
    }

    /// Draws nodes towards values; all others are let go.
    ///
    /// - Parameters:
    ///   - values: One for each node.
    ///   - weight: Of each drawn node's squared difference.
    ///   - reach: Nodes with larger absolute values are let go.
    package func anchor(to values: [Float], weight: Float, within reach: Float) {
        precondition(values.count == anchors.count, "\(values.count) values for \(anchors.count) nodes")
        for node in values.indices {
            anchors.pointer[node] = values[node]
            anchorWeights.pointer[node] = abs(values[node]) < reach ? weight : 0
        }
    }

    /// Improves the field by conjugate gradients.
    ///
    /// - Parameters:
    ///   - iterations: Steps at most.
    ///   - tolerance: Stops when the preconditioned residual has fallen to this share of its start.
    ///   - cancellation: Asked before each step.
    /// - Returns: Steps made.
    @discardableResult
    public func solve(iterations: Int, tolerance: Double = 1e-4, cancellation: CancellationCheck? = nil) -> Int {
        refreshScale()
        gradient(of: field, goals: 1, into: residual)
        for index in 0..<residual.count { residual.pointer[index] *= -1 }
        // A step of length 0 measures the residual.
        var size = step(rate: 0)
        let goal = tolerance * tolerance * size
        var done = 0
        var turn: Float = 0
        while done < iterations, size > goal, size > 0, cancellation?() != true {
            let rate = turn
            eachLayer {
                zk_plate_turn(
                    $1, rate, self.residual.pointer + $0, self.scale.pointer + $0, self.direction.pointer + $0)
            }
            gradient(of: direction, goals: 0, into: image)
            let curvature = sum { zk_plate_dot($1, self.direction.pointer + $0, self.image.pointer + $0) }
            guard curvature > 0 else { break }
            let next = step(rate: Float(size / curvature))
            turn = Float(next / size)
            size = next
            done += 1
        }
        return done
    }

    /// The energy of the present field.
    public func energy() -> Double {
        // E is quadratic: E(φ) = E(0) + ½ (gradient(φ) + gradient(0)) · φ, and `gradient` gives halves.
        gradient(of: field, goals: 1, into: residual)
        gradient(of: field, goals: 0, into: image)
        let ends = sum { zk_plate_dot($1, self.field.pointer + $0, self.residual.pointer + $0) }
        let square = sum { zk_plate_dot($1, self.field.pointer + $0, self.image.pointer + $0) }
        return 2 * ends - square + constant()
    }

    /// Energy of a field of zeros.
    private func constant() -> Double {
        var total = samples.sum { Double($0.weight) * Double($0.target) * Double($0.target) }
        for index in 0..<anchors.count {
            let anchor = Double(anchors.pointer[index])
            total += Double(anchorWeights.pointer[index]) * anchor * anchor
        }
        return total
    }

    // MARK: Pieces

    /// Half the gradient of the energy at `field`, or, with `goals` 0, its linear part.
    package func gradient(of field: FloatBuffer, goals: Float, into result: FloatBuffer) {
        let counts = [Int32(grid.counts.x), Int32(grid.counts.y), Int32(grid.counts.z)]
        // Second differences over h², squared, times the cell's h³.
        let factor = Float(stiffness / grid.spacing.x)
        Parallel.forEach(count: grid.counts.z, threads: threads) { layer, _ in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * self.grid.counts.x) { scratch in
                zk_plate_layer(
                    counts, Int32(layer), factor, field.pointer, self.anchorWeights.pointer, self.anchors.pointer,
                    goals,
                    result.pointer, scratch.baseAddress)
            }
        }
        samples.forEachSlab(threads: threads) { part in
            zk_plate_samples(
                part.count, part.baseAddress, self.grid.counts.x, self.layerSize, field.pointer, goals, result.pointer)
        }
    }

    private var layerSize: Int { grid.counts.x * grid.counts.y }

    private func step(rate: Float) -> Double {
        sum {
            zk_plate_step(
                $1, rate, self.direction.pointer + $0, self.image.pointer + $0, self.scale.pointer + $0,
                self.field.pointer + $0, self.residual.pointer + $0)
        }
    }

    /// Calls `body` with the first node and the number of nodes of each layer.
    private func eachLayer(_ body: @Sendable (Int, Int) -> Void) {
        let size = layerSize
        Parallel.forEach(count: grid.counts.z, threads: threads) { layer, _ in body(layer * size, size) }
    }

    /// Adds what `body` gives for each layer, in order.
    private func sum(_ body: @Sendable (Int, Int) -> Double) -> Double {
        let size = layerSize
        return Parallel.map(count: grid.counts.z, threads: threads, block: 1) { body($0 * size, size) }.reduce(0, +)
    }

    /// Inverse of the diagonal of the operator.
    private func refreshScale() {
        let diagonals = (0..<3).map { PlateDiagonal(count: grid.counts[$0]) }
        let factor = Float(stiffness / grid.spacing.x)
        Parallel.forEach(count: grid.counts.z, threads: threads) { k, _ in
            var node = k * self.layerSize
            for j in 0..<self.grid.counts.y {
                for i in 0..<self.grid.counts.x {
                    let plate = PlateDiagonal.combined(diagonals[0][i], diagonals[1][j], diagonals[2][k])
                    self.scale.pointer[node] = factor * plate + self.anchorWeights.pointer[node]
                    node += 1
                }
            }
        }
        samples.addSquares(to: scale, row: grid.counts.x, layer: layerSize)
        eachLayer { start, count in
            for node in start..<start + count {
                self.scale.pointer[node] = 1 / max(self.scale.pointer[node], .leastNormalMagnitude)
            }
        }
    }
}

/// Diagonals of the squared first and second differences along one axis.
private struct PlateDiagonal {
    private let bending: [Float]
    private let slope: [Float]

    init(count: Int) {
        bending = (0..<count).map { node in
            // 1 for each neighbour that has a second difference, 4 for the node's own.
            let inner = 1..<max(1, count - 1)
            return (inner.contains(node - 1) ? 1 : 0) + (inner.contains(node) ? 4 : 0)
                + (inner.contains(node + 1) ? 1 : 0)
        }
        slope = (0..<count).map { ($0 > 0 ? 1 : 0) + ($0 < count - 1 ? 1 : 0) }
    }

    subscript(node: Int) -> (bending: Float, slope: Float) { (bending[node], slope[node]) }

    typealias Entry = (bending: Float, slope: Float)
    static func combined(_ x: Entry, _ y: Entry, _ z: Entry) -> Float {
        x.bending + y.bending + z.bending + 2 * (x.slope * y.slope + x.slope * z.slope + y.slope * z.slope)
    }
}
