// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Every `step`-th node of a grid (and the last one along each axis), with values where the field was asked.
///
/// Values live in bricks of 8³ nodes that are made on first use, so memory follows the surface, not the volume.
final class SparseLattice {
    /// A node of the lattice and where its value is stored.
    struct Node {
        var x, y, z: Int32
        var slot: Int
    }

    /// Distance between lattice nodes, in grid nodes.
    let step: Int
    /// Lattice cells along each axis; there is one node more.
    let cells: SIMD3<Int>
    /// Nodes that became known since the caller last looked, in the order of request.
    var fresh: [Node] = []
    /// Nodes that wait for the field.
    var pending: [Node] = []
    private let gridCounts: SIMD3<Int>
    private let bricks: SIMD3<Int>
    private var brickNumber: [Int32]
    /// Values of all bricks, 512 each.
    private(set) var values: [Float] = []
    private var known: [UInt64] = []

    init(gridCounts: SIMD3<Int>, step: Int) {
        self.gridCounts = gridCounts
        self.step = step
        cells = SIMD3(
            (gridCounts.x + step - 2) / step, (gridCounts.y + step - 2) / step, (gridCounts.z + step - 2) / step)
        bricks = (cells &+ 8) / 8
        brickNumber = [Int32](repeating: -1, count: bricks.x * bricks.y * bricks.z)
    }

    /// Grid index of lattice index `q` along `axis`.
    @inline(__always)
    func gridIndex(_ q: Int, _ axis: Int) -> Int { min(q * step, gridCounts[axis] - 1) }

    /// Where the value of a node is stored, or `nil` when it was never asked for.
    @inline(__always)
    func slot(_ x: Int, _ y: Int, _ z: Int) -> Int? {
        let brick = Int(brickNumber[x >> 3 + bricks.x * (y >> 3 + bricks.y * (z >> 3))])
        guard brick >= 0 else { return nil }
        let place = x & 7 | (y & 7) << 3 | (z & 7) << 6
        return known[8 * brick + place >> 6] >> UInt64(place & 63) & 1 == 1 ? 512 * brick + place : nil
    }

    /// The value at a known node.
    @inline(__always)
    func value(_ x: Int, _ y: Int, _ z: Int) -> Float { slot(x, y, z).map { values[$0] } ?? .nan }

    /// Marks a node as known and returns where its value belongs, or `nil` when it was known already.
    func claim(_ x: Int, _ y: Int, _ z: Int) -> Node? {
        let index = x >> 3 + bricks.x * (y >> 3 + bricks.y * (z >> 3))
        if brickNumber[index] < 0 {
            brickNumber[index] = Int32(known.count / 8)
            known.append(contentsOf: repeatElement(0, count: 8))
            values.append(contentsOf: repeatElement(0, count: 512))
        }
        let brick = Int(brickNumber[index])
        let place = x & 7 | (y & 7) << 3 | (z & 7) << 6
        let bit = UInt64(1) << UInt64(place & 63)
        guard known[8 * brick + place >> 6] & bit == 0 else { return nil }
        known[8 * brick + place >> 6] |= bit
        let node = Node(x: Int32(x), y: Int32(y), z: Int32(z), slot: 512 * brick + place)
        fresh.append(node)
        return node
    }

    /// Stores the value of a claimed node.
    func store(_ value: Float, at node: Node) { values[node.slot] = value }

    /// Values for the extraction core; only for a lattice with a step of 1.
    func nodeValues() -> BrickNodeValues {
        BrickNodeValues(brickNumber: brickNumber, values: values, bricksX: bricks.x, bricksY: bricks.y)
    }
}

/// Values of the finest lattice.
struct BrickNodeValues: NodeValues {
    let brickNumber: [Int32]
    let values: [Float]
    let bricksX: Int
    let bricksY: Int

    @inline(__always)
    func value(_ i: Int, _ j: Int, _ k: Int) -> Float {
        let brick = Int(brickNumber[i >> 3 + bricksX * (j >> 3 + bricksY * (k >> 3))])
        return values[512 * brick + (i & 7 | (j & 7) << 3 | (k & 7) << 6)]
    }
}
