// SPDX-License-Identifier: Apache-2.0

/// Field values at grid nodes, however they are stored. The extraction core is specialised for each source.
protocol NodeValues: Sendable {
    /// The value at a node of the grid; asked only for nodes of cells that the surface cuts.
    func value(_ i: Int, _ j: Int, _ k: Int) -> Float
}

/// All values of a grid in one buffer, x fastest.
// The buffer is only read, and outlives the extraction that it is passed to.
struct DenseNodeValues: NodeValues, @unchecked Sendable {
    let values: UnsafePointer<Float>
    let rowLength: Int
    let planeSize: Int

    init(_ values: UnsafePointer<Float>, counts: SIMD3<Int>) {
        self.values = values
        rowLength = counts.x
        planeSize = counts.x * counts.y
    }

    @inline(__always)
    func value(_ i: Int, _ j: Int, _ k: Int) -> Float { values[i + rowLength * j + planeSize * k] }
}
