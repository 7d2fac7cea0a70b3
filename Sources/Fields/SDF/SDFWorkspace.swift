// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Working memory of one thread for one block of points of an ``SDFNetwork``.
///
/// Points and vectors are three planes x, y, z of ``capacity`` floats; everything else is one row for each point.
package final class SDFWorkspace {
    /// Most points of a block: few enough for one level's tables and all activations to share the second-level cache.
    package static let capacity = 512
    /// Most points that the perceptron takes at once.
    static let tileRows = Int(ZK_TILE)

    /// Positions, set by the caller.
    package let points: UnsafeMutablePointer<Float>
    /// Values of the field.
    package let values: UnsafeMutablePointer<Float>
    /// Gradients of the field by position.
    package let gradientPlanes: UnsafeMutablePointer<Float>
    /// Derivatives of the loss by ``gradientPlanes``.
    let directions: UnsafeMutablePointer<Float>
    /// What enters the perceptron, and its derivatives by x, y and z in three planes.
    let inputs: UnsafeMutablePointer<Float>
    let jacobian: UnsafeMutablePointer<Float>
    /// Derivatives of the field by the perceptron's inputs.
    let slopes: UnsafeMutablePointer<Float>
    /// One tile of the perceptron's outputs, adjoints and tangents.
    let outputs: UnsafeMutablePointer<Float>
    let unitAdjoints: UnsafeMutablePointer<Float>
    let outputAdjoints: UnsafeMutablePointer<Float>
    let inputAdjoints: UnsafeMutablePointer<Float>
    let inputTangents: UnsafeMutablePointer<Float>
    let scratch: UnsafeMutablePointer<Float>
    let inputStride: Int
    let outputStride: Int
    let jacobianPlane: Int

    private let buffer: FloatBuffer
    private let traces: [TraceBox]
    private let hasGradients: Bool
    private var levels = 0

    private final class TraceBox {
        let trace: PerceptronTrace
        init(_ trace: consuming PerceptronTrace) { self.trace = trace }
    }

    /// What a workspace is used for.
    package enum Purpose {
        /// Values alone.
        case values
        /// Values and gradients by position.
        case gradients
        /// These and the gradient of a loss by the parameters.
        case training
    }

    /// Allocates for `network`.
    package init(for network: SDFNetwork, purpose: Purpose) {
        let capacity = Self.capacity
        let tile = Self.tileRows
        inputStride = network.perceptron.inputStride
        outputStride = network.perceptron.outputStride
        jacobianPlane = capacity * inputStride
        let sloped = purpose != .values
        hasGradients = sloped
        let trained = purpose == .training
        let sizes = [
            3 * capacity, capacity, sloped ? 3 * capacity : 0, trained ? 3 * capacity : 0, capacity * inputStride,
            sloped ? 3 * capacity * inputStride : 0, sloped ? capacity * inputStride : 0, tile * outputStride,
            tile * outputStride, tile * outputStride, tile * inputStride, tile * inputStride,
            sloped ? 4 * tile * network.perceptron.widestStride : 0,
        ]
        buffer = FloatBuffer(count: sizes.reduce(0, +))
        var place = buffer.pointer
        let sections = sizes.map { size in
            defer { place += size }
            return place
        }
        points = sections[0]
        values = sections[1]
        gradientPlanes = sections[2]
        directions = sections[3]
        inputs = sections[4]
        jacobian = sections[5]
        slopes = sections[6]
        outputs = sections[7]
        unitAdjoints = sections[8]
        outputAdjoints = sections[9]
        inputAdjoints = sections[10]
        inputTangents = sections[11]
        scratch = sections[12]
        for row in 0..<tile { unitAdjoints[row * outputStride] = 1 }
        if sloped {
            // The point itself is the first part of the encoding.
            for axis in 0..<3 {
                for row in 0..<capacity { jacobian[axis * jacobianPlane + row * inputStride + axis] = 1 }
            }
        }
        let shape = network.perceptron.shape
        // Only training comes back to a tile after the next one was evaluated.
        traces = (0..<(trained ? capacity / tile : 1)).map { _ in
            TraceBox(
                PerceptronTrace(
                    shape: shape, rows: tile,
                    purpose: sloped ? .training(tangentRows: trained ? tile : 0) : .inference))
        }
    }

    /// Tiles that `rows` points fill.
    static func tiles(of rows: Int) -> Int { (rows + tileRows - 1) / tileRows }

    func withTrace(_ tile: Int, _ body: (borrowing PerceptronTrace) -> Void) {
        body(traces[traces.count > 1 ? tile : 0].trace)
    }

    /// Makes sure that inputs of closed levels are zero.
    func openLevels(_ count: Int) {
        if count < levels {
            let first = 3 + HashGridShape.featuresPerLevel * count
            for row in 0..<Self.capacity {
                for column in first..<inputStride {
                    inputs[row * inputStride + column] = 0
                    guard hasGradients else { continue }
                    for axis in 0..<3 { jacobian[axis * jacobianPlane + row * inputStride + column] = 0 }
                }
            }
        }
        levels = count
    }

    /// Copies everything that a backward pass needs of one row over that of another row of the same tile.
    func copyRow(_ source: Int, to target: Int) {
        let tile = source / Self.tileRows
        withTrace(tile) { $0.copyRow(source % Self.tileRows, to: target % Self.tileRows) }
        let (from, to) = (source * inputStride, target * inputStride)
        (inputs + to).update(from: inputs + from, count: inputStride)
        (slopes + to).update(from: slopes + from, count: inputStride)
        for axis in 0..<3 {
            let plane = jacobian + axis * jacobianPlane
            (plane + to).update(from: plane + from, count: inputStride)
        }
    }
}
