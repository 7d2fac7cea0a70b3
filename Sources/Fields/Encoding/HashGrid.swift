// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// A multiresolution hash grid over the cube `[-halfExtent, halfExtent]³`, with its tables in a ``ParameterVector``.
package struct HashGrid: Sendable {
    package let shape: HashGridShape
    /// Where the tables lie, coarsest first.
    package let tables: [TensorSpan]
    private let kernels: [zk_grid_level]
    private let parameters: ParameterVector

    /// Finds its tables by name in `parameters`, which the caller laid out with ``HashGridShape/tensors(prefix:)``.
    init(shape: HashGridShape, halfExtent: Float, parameters: ParameterVector, prefix: String) {
        self.shape = shape
        self.parameters = parameters
        tables = shape.tensors(prefix: prefix).map { tensor in
            guard let span = parameters.tensor(tensor.name) else {
                preconditionFailure("the parameter vector lacks \(tensor.name)")
            }
            return span
        }
        kernels = (0..<shape.levels).map { level in
            let resolution = shape.resolution(level: level)
            return zk_grid_level(
                resolution: Int32(resolution),
                mask: shape.isDense(level: level) ? 0 : UInt32(shape.entries(level: level) - 1), origin: -halfExtent,
                scale: Float(resolution) / (2 * halfExtent))
        }
    }

    /// Draws all entries uniformly from ±1e-4 (Müller et al. 2022, section 3).
    func initialize(random: inout RandomStream) {
        for table in tables {
            let start = parameters.buffer.pointer + table.offset
            for index in 0..<table.columns { start[index] = random.uniform(in: -1e-4..<1e-4) }
        }
    }

    /// Features of level `level` and, for the first `jacobianRows` rows, their spatial derivatives; see `zk_grid_encode`.
    func encode(
        level: Int, rows: Int, jacobianRows: Int, points: UnsafePointer<Float>, plane: Int,
        encoding: UnsafeMutablePointer<Float>, stride: Int, jacobian: UnsafeMutablePointer<Float>?, jacobianPlane: Int
    ) {
        withUnsafePointer(to: kernels[level]) {
            zk_grid_encode(
                $0, rows, jacobianRows, points, plane, parameters.buffer.pointer + tables[level].offset, encoding,
                stride, jacobian, jacobianPlane)
        }
    }

    /// Adds to the gradient of the table of level `level`, in the layout of the parameters; see `zk_grid_scatter`.
    func scatter(
        level: Int, rows: Int, points: UnsafePointer<Float>, directions: UnsafePointer<Float>, plane: Int,
        adjoints: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>
    ) {
        withUnsafePointer(to: kernels[level]) {
            zk_grid_scatter($0, rows, points, directions, plane, adjoints, gradient + tables[level].offset)
        }
    }
}
