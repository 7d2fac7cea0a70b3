// SPDX-License-Identifier: Apache-2.0

/// The nodes `origin + spacing · (i, j, k)` of a box-shaped lattice; x is numbered fastest.
public struct RegularGrid: Hashable, Sendable, Codable {
    /// Position of node (0, 0, 0).
    public let origin: SIMD3<Double>
    /// Distance between neighbouring nodes along each axis, positive.
    public let spacing: SIMD3<Double>
    /// Number of nodes along each axis, each in `1 ... 65,535`.
    public let counts: SIMD3<Int>

    /// Creates a lattice.
    ///
    /// - Precondition: `counts` are in `1 ... 65,535`, `spacing` is positive, and all nodes have finite positions.
    public init(origin: SIMD3<Double>, spacing: SIMD3<Double>, counts: SIMD3<Int>) {
        precondition(counts.min() >= 1 && counts.max() <= 65_535, "node counts must be in 1 ... 65535, got \(counts)")
        precondition(spacing.min() > 0, "spacing must be positive, got \(spacing)")
        self.origin = origin
        self.spacing = spacing
        self.counts = counts
        let far = position(counts.x, counts.y, counts.z)
        precondition((far.sum() + origin.sum()).isFinite, "the grid reaches beyond the numbers")
    }

    /// Cubic cells that cover `box`: `cells` along its longest side, the origin at its lowest corner.
    ///
    /// - Precondition: `cells` is positive, and the box has a positive extent on at least one axis.
    public init(covering box: Box, cells: Int) {
        let size = box.extent.max() / Double(cells)
        let count = { (extent: Double) in max(1, Int((extent / size - 1e-9).rounded(.up))) + 1 }
        self.init(
            origin: box.minimum, spacing: SIMD3(repeating: size),
            counts: SIMD3(count(box.extent.x), count(box.extent.y), count(box.extent.z)))
    }

    /// Number of nodes.
    public var nodeCount: Int { counts.x * counts.y * counts.z }

    /// Position of a node. Every part of the project computes it with this expression, so that all agree on its bits.
    @inlinable @inline(__always)
    public func position(_ i: Int, _ j: Int, _ k: Int) -> SIMD3<Double> {
        SIMD3(
            origin.x + spacing.x * Double(i), origin.y + spacing.y * Double(j), origin.z + spacing.z * Double(k))
    }

    /// The box between the first and the last node.
    public var box: Box {
        Box(minimum: position(0, 0, 0), maximum: position(counts.x - 1, counts.y - 1, counts.z - 1))
    }

    /// Position of a node as fields are asked for it.
    @inlinable @inline(__always)
    public func queryPoint(_ i: Int, _ j: Int, _ k: Int) -> SIMD3<Float> { SIMD3<Float>(position(i, j, k)) }

    /// Values of `field` at all nodes, x fastest.
    public func sample(_ field: some ScalarField, threads: Int = 1) -> [Float] {
        let planes = counts.z
        let planeSize = counts.x * counts.y
        return [Float](unsafeUninitializedCapacity: nodeCount) { buffer, count in
            nonisolated(unsafe) let values = buffer
            Parallel.forEach(count: planes, threads: threads) { k, _ in
                var points: [SIMD3<Float>] = []
                points.reserveCapacity(planeSize)
                for j in 0..<counts.y { for i in 0..<counts.x { points.append(queryPoint(i, j, k)) } }
                let part = UnsafeMutableBufferPointer(rebasing: values[k * planeSize..<(k + 1) * planeSize])
                points.withUnsafeBufferPointer { field.evaluate(at: $0, into: part) }
            }
            count = nodeCount
        }
    }
}
