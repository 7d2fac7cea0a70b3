// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

#if canImport(Glibc)
    import Glibc
#endif

/// Parameters and passes of a neural signed distance; see ``SDFArchitecture``.
///
/// Passes may run concurrently with separate workspaces. Parameters may only change while no pass runs; `refresh()`
/// follows a change.
public final class SDFNetwork: Sendable {
    /// Shape of the network.
    public let architecture: SDFArchitecture
    /// Everything that is trained: the perceptron's tensors, then the grid's tables.
    public let parameters: ParameterVector
    package let perceptron: Perceptron
    package let grid: HashGrid
    /// Leading floats of ``parameters`` that belong to the perceptron.
    let perceptronCount: Int

    /// Creates a network that is the ball or hollow of ``SDFArchitecture/start``, to within 1 % of its radius.
    ///
    /// - Throws: `OptionsError` when `architecture` is not valid.
    public init(_ architecture: SDFArchitecture, seed: UInt64) throws(OptionsError) {
        try architecture.validate()
        self.architecture = architecture
        parameters = ParameterVector(
            architecture.perceptron.tensors(prefix: "mlp.") + architecture.grid.tensors(prefix: "grid."))
        perceptron = Perceptron(shape: architecture.perceptron, parameters: parameters, prefix: "mlp.")
        grid = HashGrid(
            shape: architecture.grid, halfExtent: architecture.halfExtent, parameters: parameters, prefix: "grid.")
        perceptronCount = grid.tables[0].offset
        var random = RandomStream(seed: seed, label: "signed distance network")
        grid.initialize(random: &random)
        initializeBall()
    }

    /// To be called after parameters have changed.
    package func refresh() { perceptron.refresh() }

    /// Sets the perceptron to the signed distance of a ball and makes it blind to the grid.
    ///
    /// The mean of `max(0, d·x)` over all directions `d` is `|x|/4`, so a layer of ramps along evenly spread directions adds
    /// up to `|x|`. Random directions, as in the geometric initialisation of Atzmon & Lipman 2020, leave lumps of 17 % at
    /// 64 units; a Fibonacci lattice leaves 0.4 %.
    private func initializeBall() {
        let width = architecture.width
        let inputs = architecture.inputWidth
        let sign: Float
        switch architecture.start {
        case .ball: sign = 1
        case .hollow: sign = -1
        }
        // Steepness of a hidden unit: √6/√width spreads the product of both layers evenly between them.
        let steepness = (6 / Double(width)).squareRoot()
        var hidden = [Float](repeating: 0, count: width * inputs)
        let golden = Double.pi * (1 + 5.0.squareRoot())
        for unit in 0..<width {
            let height = 1 - (2 * Double(unit) + 1) / Double(width)
            let radius = (1 - height * height).squareRoot()
            let angle = golden * (Double(unit) + 0.5)
            let direction = SIMD3(radius * cos(angle), radius * sin(angle), height)
            for axis in 0..<3 { hidden[unit * inputs + axis] = Float(steepness * direction[axis]) }
        }
        let output = [Float](repeating: sign * Float(4 / (Double(width) * steepness)), count: width)
        for (name, values) in [
            ("mlp.layers.0.weight", hidden), ("mlp.layers.0.bias", [Float](repeating: 0, count: width)),
            ("mlp.layers.1.weight", output), ("mlp.layers.1.bias", [-sign * architecture.startRadius]),
        ] {
            guard let tensor = parameters.tensor(name) else { preconditionFailure("\(name) was just laid out") }
            parameters.set(tensor, to: values)
        }
        refresh()
    }

    /// Evaluates the workspace's first `rows` points, and the gradient by position at the first `gradientRows` of them.
    ///
    /// - Parameter openLevels: Grid levels in use; features of the others count as zero.
    package func evaluate(rows: Int, gradientRows: Int, openLevels: Int, workspace: SDFWorkspace) {
        precondition(rows <= SDFWorkspace.capacity && gradientRows <= rows, "a workspace holds too few rows")
        let inputs = architecture.inputWidth(openLevels: openLevels)
        encode(rows: rows, gradientRows: gradientRows, openLevels: openLevels, workspace: workspace)
        for tile in 0..<SDFWorkspace.tiles(of: rows) {
            let first = tile * SDFWorkspace.tileRows
            let tileRows = min(SDFWorkspace.tileRows, rows - first)
            let input = workspace.inputs + first * workspace.inputStride
            workspace.withTrace(tile) { trace in
                perceptron.forward(
                    rows: tileRows, inputs: inputs, input: input, trace: trace, output: workspace.outputs)
                for row in 0..<tileRows {
                    workspace.values[first + row] = workspace.outputs[row * workspace.outputStride]
                }
                let slopeRows = min(tileRows, gradientRows - first)
                guard slopeRows > 0 else { return }
                perceptron.backward(
                    rows: slopeRows, inputs: inputs, input: input, trace: trace,
                    adjoints: Perceptron.Adjoints(
                        output: workspace.unitAdjoints, input: workspace.slopes + first * workspace.inputStride),
                    gradient: nil, scratch: workspace.scratch)
            }
        }
        guard gradientRows > 0 else { return }
        zk_jacobian_pullback(
            gradientRows, Self.padded(inputs), workspace.jacobian, workspace.jacobianPlane, workspace.slopes,
            workspace.inputStride, workspace.gradientPlanes, SDFWorkspace.capacity)
    }

    private func encode(rows: Int, gradientRows: Int, openLevels: Int, workspace: SDFWorkspace) {
        let stride = workspace.inputStride
        workspace.openLevels(openLevels)
        for row in 0..<rows {
            for axis in 0..<3 {
                workspace.inputs[row * stride + axis] = workspace.points[axis * SDFWorkspace.capacity + row]
            }
        }
        for level in 0..<openLevels {
            let column = architecture.inputWidth(openLevels: level)
            grid.encode(
                level: level, rows: rows, jacobianRows: gradientRows, points: workspace.points,
                plane: SDFWorkspace.capacity, encoding: workspace.inputs + column, stride: stride,
                jacobian: gradientRows > 0 ? workspace.jacobian + column : nil,
                jacobianPlane: workspace.jacobianPlane)
        }
    }

    /// Columns that kernels touch for `columns` numbers.
    static func padded(_ columns: Int) -> Int { (columns + Int(ZK_PAD) - 1) / Int(ZK_PAD) * Int(ZK_PAD) }
}
