// SPDX-License-Identifier: Apache-2.0

import CKernels
import Fields
import Geometry
import TestSupport
import Testing

/// Kernels against an independent Double implementation and central differences.
@Suite(.serialized) struct OccupancyGradientTests {
    static let activations: [Activation] = [.softplus(sharpness: 20), .leakyReLU(slope: 0.01)]

    /// A small network and its Double twin.
    static func twins(_ activation: Activation) throws -> (OccupancyNetwork, ReferenceOccupancyNetwork) {
        var architecture = OccupancyArchitecture()
        architecture.width = 32
        architecture.stateWidth = 9
        architecture.hiddenLayers = 3
        architecture.frequencies = 3
        architecture.iterations = 3
        architecture.activation = activation
        let network = try OccupancyNetwork(architecture, seed: 5)
        return (network, reference(of: network))
    }

    static func reference(of network: OccupancyNetwork) -> ReferenceOccupancyNetwork {
        func doubles(_ name: String) -> [Double] {
            network.parameters.tensor(name).map { network.parameters.values(of: $0).map(Double.init) } ?? []
        }
        let shape = network.architecture.perceptron
        var sharpness: Double?
        var leak = 0.0
        switch shape.activation {
        case .softplus(let beta): sharpness = Double(beta)
        case .leakyReLU(let slope): leak = Double(slope)
        case .quadraticReLU: preconditionFailure("not used by occupancy networks")
        }
        return ReferenceOccupancyNetwork(
            widths: shape.widths, iterations: network.architecture.iterations,
            stateWidth: network.architecture.stateWidth, sharpness: sharpness, leak: leak,
            weights: (0..<shape.layerCount).map { doubles("mlp.layers.\($0).weight") },
            biases: (0..<shape.layerCount).map { doubles("mlp.layers.\($0).bias") },
            frequencies: doubles("encoding.frequencies"), initialLogit: doubles("initial.logit")[0],
            initialState: doubles("initial.state"))
    }

    @Test(arguments: activations)
    func logitsMatchDouble(_ activation: Activation) throws {
        let (network, reference) = try Self.twins(activation)
        var random = RandomStream(seed: 1, label: "points")
        let points = (0..<300).map { _ in
            SIMD3<Float>(
                random.uniform(in: -1..<1), random.uniform(in: -1..<1), random.uniform(in: -1..<1))
        }
        let values = OccupancyField(network).values(at: points)
        for (point, value) in zip(points, values) {
            let expected = reference.logits(at: SIMD3<Double>(point)).last?.value ?? .nan
            #expect(abs(Double(value) - expected) < 1e-4 * (1 + abs(expected)))
        }
    }

    @Test(arguments: activations, [0, 1, 2])
    func parameterGradientMatchesCentralDifferences(_ activation: Activation, isa: Int) throws {
        zk_limit_isa(Int32(isa))
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512)) }
        let (network, reference) = try Self.twins(activation)
        var options = OccupancyTrainingOptions()
        options.tilesPerStep = 1
        options.penalizedShare = 0.4
        options.gradientThreshold = 0.05
        options.gradientWeight = 0.3
        options.lastIterationWeight = 4
        let penalized = options.penalizedRows
        var random = RandomStream(seed: 2, label: "batch")
        let tile = OccupancyTile(for: network, purpose: .training(tangentRows: penalized))
        let labels = FloatBuffer(count: OccupancyTile.rows)
        let slopes = FloatBuffer(count: 4 * OccupancyTile.rows)
        let gradient = FloatBuffer(count: network.parameters.count)
        var points: [SIMD3<Double>] = []
        for row in 0..<OccupancyTile.rows {
            for axis in 0..<3 { tile.points[4 * row + axis] = random.uniform(in: -1..<1) }
            points.append(
                SIMD3<Double>(SIMD3(tile.points[4 * row], tile.points[4 * row + 1], tile.points[4 * row + 2])))
            labels.pointer[row] = [0, 0.5, 1][random.index(below: 3)]
        }
        let loss = OccupancyTrainer.Pass(network: network, options: options).run(
            tile, labels: labels.pointer, slopes: slopes.pointer, gradient: gradient.pointer)
        func referenceLoss(_ model: ReferenceOccupancyNetwork) -> Double {
            model.loss(
                points: points, labels: labels.elements.map(Double.init), penalizedRows: penalized, threshold: 0.05,
                weight: 0.3, lastIterationWeight: 4)
        }
        #expect(abs(loss - referenceLoss(reference)) < 1e-5 * (1 + abs(loss)))

        // Every kind of tensor, several places each.
        for tensor in network.parameters.tensors {
            let analytic = network.parameters.values(of: tensor, in: gradient.pointer)
            let scale = max(1e-4, analytic.map { abs(Double($0)) }.max() ?? 0)
            for _ in 0..<5 {
                let place = random.index(below: analytic.count)
                let delta = 1e-5
                var sides: [Double] = []
                for sign in [1.0, -1.0] {
                    var moved = reference
                    moved.shift(tensor.name, at: place, by: sign * delta)
                    sides.append(referenceLoss(moved))
                }
                let numeric = (sides[0] - sides[1]) / (2 * delta)
                #expect(
                    abs(numeric - Double(analytic[place])) < 1e-3 * scale,
                    "\(tensor.name)[\(place)]: kernel \(analytic[place]), differences \(numeric), isa \(isa)")
            }
        }
    }
}

extension ReferenceOccupancyNetwork {
    /// Moves one number of the tensor that a network calls `name`.
    mutating func shift(_ name: String, at place: Int, by delta: Double) {
        switch name {
        case "encoding.frequencies": frequencies[place] += delta
        case "initial.logit": initialLogit += delta
        case "initial.state": initialState[place] += delta
        default:
            let parts = name.split(separator: ".")
            guard parts.count == 4, let layer = Int(parts[2]) else { preconditionFailure("unknown tensor \(name)") }
            if parts[3] == "weight" { weights[layer][place] += delta } else { biases[layer][place] += delta }
        }
    }
}
