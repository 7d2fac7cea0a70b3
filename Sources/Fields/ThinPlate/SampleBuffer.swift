// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// Samples in the order of the grid's layers, cut into slabs.
///
/// A sample touches the two layers of nodes around its cell, so slabs of one parity write to different nodes and may be
/// worked on at once. Memory is fixed; parallel callers write to disjoint parts only, hence `@unchecked Sendable`.
final class SampleBuffer: @unchecked Sendable {
    private let samples: UnsafeMutableBufferPointer<zk_plate_sample>
    /// Number, in the caller's order, of each sample.
    private let numbers: [Int32]
    private let slabs: [Range<Int>]

    /// Sorts `input` into slabs of `slabLayers` layers of cells.
    init(_ input: [FieldSample], grid: RegularGrid, slabLayers: Int) {
        let places = input.map { sample in (0..<3).map { GridPlace(sample.position, axis: $0, grid) } }
        let slabCount = (grid.counts.z + slabLayers - 1) / slabLayers
        // Counting sort: stable, so the order within a slab is that of the input.
        var ends = [Int](repeating: 0, count: slabCount + 1)
        for place in places { ends[place[2].node / slabLayers + 1] += 1 }
        for slab in 0..<slabCount { ends[slab + 1] += ends[slab] }
        slabs = (0..<slabCount).map { ends[$0]..<ends[$0 + 1] }
        samples = .allocate(capacity: input.count)
        var numbers = [Int32](repeating: 0, count: input.count)
        for (number, place) in places.enumerated() {
            let slab = place[2].node / slabLayers
            let node = place[0].node + grid.counts.x * (place[1].node + grid.counts.y * place[2].node)
            samples.initializeElement(
                at: ends[slab],
                to: zk_plate_sample(
                    node: Int64(node), x: place[0].share, y: place[1].share, z: place[2].share,
                    weight: input[number].weight, target: input[number].target))
            numbers[ends[slab]] = Int32(number)
            ends[slab] += 1
        }
        self.numbers = numbers
    }

    deinit { samples.deallocate() }

    /// Sets targets and weights by the numbers of samples.
    func retarget(threads: Int, _ body: @Sendable (Int, zk_plate_sample) -> (target: Float, weight: Float)) {
        Parallel.forEach(count: slabs.count, threads: threads) { slab, _ in
            for place in self.slabs[slab] {
                let wanted = body(Int(self.numbers[place]), self.samples[place])
                self.samples[place].target = wanted.target
                self.samples[place].weight = wanted.weight
            }
        }
    }

    /// Calls `body` with each slab: those of even number first, then the others, each group at once.
    func forEachSlab(threads: Int, _ body: @Sendable (UnsafeBufferPointer<zk_plate_sample>) -> Void) {
        for parity in 0..<2 {
            Parallel.forEach(count: (slabs.count + 1 - parity) / 2, threads: threads) { item, _ in
                body(UnsafeBufferPointer(rebasing: self.samples[self.slabs[2 * item + parity]]))
            }
        }
    }

    /// Sum over all samples, in order.
    func sum(_ body: (zk_plate_sample) -> Double) -> Double { samples.reduce(0) { $0 + body($1) } }

    /// Adds the diagonal of the samples' part of the operator.
    func addSquares(to diagonal: FloatBuffer, row: Int, layer: Int) {
        for sample in samples where sample.weight > 0 {
            for corner in 0..<8 {
                let (node, share) = sample.corner(corner, row: row, layer: layer)
                diagonal.pointer[node] += sample.weight * share * share
            }
        }
    }
}

extension zk_plate_sample {
    /// A corner of the sample's cell, 0 to 7, and its interpolation weight.
    @inline(__always)
    fileprivate func corner(_ corner: Int, row: Int, layer: Int) -> (node: Int, share: Float) {
        let along = corner & 1 == 0 ? 1 - x : x
        let across = corner & 2 == 0 ? 1 - y : y
        let up = corner & 4 == 0 ? 1 - z : z
        let place = Int(node) + (corner & 1) + (corner & 2 == 0 ? 0 : row) + (corner & 4 == 0 ? 0 : layer)
        return (place, along * across * up)
    }

    /// Trilinear value of `nodes` at the sample.
    func interpolated(_ nodes: UnsafePointer<Float>, row: Int, layer: Int) -> Float {
        var sum: Float = 0
        for number in 0..<8 {
            let (node, share) = corner(number, row: row, layer: layer)
            sum += share * nodes[node]
        }
        return sum
    }
}
