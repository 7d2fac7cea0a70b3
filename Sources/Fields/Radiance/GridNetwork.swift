// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// Shape of a network of a hash grid and a perceptron whose hidden layers are ramps: numbers that the caller supplies and
/// the features of a point enter, any quantity leaves.
public struct GridNetworkShape: Hashable, Sendable, Codable {
    /// Numbers of each sample that the caller supplies.
    public var suppliedInputs: Int
    /// Grid over the cube.
    public var grid: HashGridShape
    /// Half the side of the cube that the grid covers.
    public var halfExtent: Float
    /// Widths of the hidden layers, multiples of 16.
    public var hiddenWidths: [Int]
    /// Numbers that leave.
    public var outputs: Int

    /// Describes a network.
    public init(suppliedInputs: Int, grid: HashGridShape, halfExtent: Float, hiddenWidths: [Int], outputs: Int) {
        self.suppliedInputs = suppliedInputs
        self.grid = grid
        self.halfExtent = halfExtent
        self.hiddenWidths = hiddenWidths
        self.outputs = outputs
    }

    /// Throws when the network cannot be built.
    public func validate() throws(OptionsError) {
        try grid.validate()
        try OptionsError.require(
            (1...64).contains(suppliedInputs), "suppliedInputs", suppliedInputs, allowed: "1 to 64")
        try OptionsError.require((1...16).contains(outputs), "outputs", outputs, allowed: "1 to 16")
        try OptionsError.require(
            halfExtent > 0 && halfExtent.isFinite, "halfExtent", halfExtent, allowed: "positive and finite")
        try OptionsError.require(
            (1...8).contains(hiddenWidths.count), "hidden layers", hiddenWidths.count, allowed: "1 to 8")
        for width in hiddenWidths {
            try OptionsError.require(
                width > 0 && width % 16 == 0 && width <= 256, "hidden width", width,
                allowed: "a multiple of 16 up to 256"
            )
        }
    }

    /// Numbers that enter the perceptron: those supplied, then two features for each level, coarsest first.
    public var inputWidth: Int { suppliedInputs + grid.encodingWidth }

    /// The perceptron; plain ramps, since nobody asks for second derivatives.
    public var perceptron: PerceptronShape {
        PerceptronShape(widths: [inputWidth] + hiddenWidths + [outputs], activation: .leakyReLU(slope: 0))
    }
}

/// Parameters and passes of a network of the shape ``GridNetworkShape``.
///
/// Passes may run concurrently with separate workspaces. Parameters may only change while no pass runs; `refresh()`
/// follows a change.
public final class GridNetwork: Sendable {
    /// Shape of the network.
    public let shape: GridNetworkShape
    /// Everything that is trained: the perceptron's tensors, then the grid's tables.
    public let parameters: ParameterVector
    let perceptron: Perceptron
    let grid: HashGrid
    /// Leading floats of ``parameters`` that belong to the perceptron.
    var perceptronCount: Int { grid.tables[0].offset }

    /// Creates a network with random weights.
    ///
    /// - Throws: `OptionsError` when `shape` is not valid.
    public init(_ shape: GridNetworkShape, seed: UInt64) throws(OptionsError) {
        try shape.validate()
        self.shape = shape
        parameters = ParameterVector(shape.perceptron.tensors(prefix: "mlp.") + shape.grid.tensors(prefix: "grid."))
        perceptron = Perceptron(shape: shape.perceptron, parameters: parameters, prefix: "mlp.")
        grid = HashGrid(shape: shape.grid, halfExtent: shape.halfExtent, parameters: parameters, prefix: "grid.")
        var random = RandomStream(seed: seed, label: "grid network")
        grid.initialize(random: &random)
        perceptron.initialize(prefix: "mlp.", random: &random)
    }

    /// To be called after parameters have changed.
    package func refresh() { perceptron.refresh() }

    /// Evaluates the workspace's first `rows` samples: their points and supplied inputs are set, their outputs are written.
    package func evaluate(rows: Int, workspace: GridNetworkWorkspace) {
        precondition(rows <= GridNetworkWorkspace.capacity, "a workspace holds too few rows")
        let stride = workspace.inputStride
        for level in 0..<shape.grid.levels {
            grid.encode(
                level: level, rows: rows, jacobianRows: 0, points: workspace.points,
                plane: GridNetworkWorkspace.capacity, encoding: workspace.inputs + column(of: level), stride: stride,
                jacobian: nil, jacobianPlane: 0)
        }
        workspace.forEachTile(of: rows) { first, tileRows, trace in
            perceptron.forward(
                rows: tileRows, input: workspace.inputs + first * stride, trace: trace,
                output: workspace.outputs + first * workspace.outputStride)
        }
    }

    /// Takes the workspace's adjoints of the outputs of its first `rows` samples back to the inputs and the perceptron.
    ///
    /// - Parameter gradient: Has the perceptron's gradient added.
    package func differentiate(rows: Int, workspace: GridNetworkWorkspace, gradient: UnsafeMutablePointer<Float>) {
        let stride = workspace.inputStride
        workspace.forEachTile(of: rows) { first, tileRows, trace in
            perceptron.backward(
                rows: tileRows, input: workspace.inputs + first * stride, trace: trace,
                adjoints: Perceptron.Adjoints(
                    output: workspace.outputAdjoints + first * workspace.outputStride,
                    input: workspace.inputAdjoints + first * stride),
                gradient: gradient, scratch: workspace.scratch)
        }
    }

    /// Leaves in `batch` what the workspace's first `rows` samples contribute to the tables, after a backward pass.
    func keepAdjoints(rows: Int, workspace: GridNetworkWorkspace, block: Int, in batch: GridBatchBuffers) {
        let (capacity, stride) = (GridNetworkWorkspace.capacity, workspace.inputStride)
        for axis in 0..<3 {
            (batch.points(block) + axis * capacity).update(from: workspace.points + axis * capacity, count: rows)
        }
        for level in 0..<shape.grid.levels {
            let target = batch.adjoints(block, level: level)
            let adjoint = workspace.inputAdjoints + column(of: level)
            for row in 0..<rows {
                target[4 * row] = adjoint[row * stride]
                target[4 * row + 1] = adjoint[row * stride + 1]
            }
        }
    }

    private func column(of level: Int) -> Int { shape.suppliedInputs + HashGridShape.featuresPerLevel * level }
}

extension GridNetwork {
    /// The parameters alone, for later queries.
    public func weights() -> SafetensorsFile { SafetensorsFile(tensors: parameters.checkpointTensors(moments: [])) }

    /// Takes the parameters from a file of ``weights()`` of a network of the same shape.
    ///
    /// - Throws: ``CheckpointError``; the network is then unchanged.
    public func restoreWeights(from file: SafetensorsFile) throws(CheckpointError) {
        try parameters.restore(from: file, moments: [])
        refresh()
    }
}
