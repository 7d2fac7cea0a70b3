// SPDX-License-Identifier: Apache-2.0

import CKernels
import Fields
import Geometry
import TestSupport

/// Fixed points with a loss given as a closure of number, value and gradient.
struct FixedPointObjective: SDFObjective {
    /// What the loss says about one sample.
    struct Adjoints {
        var loss = 0.0
        var value: Float = 0
        var gradient = SIMD3<Float>.zero
    }

    let points: [SIMD3<Float>]
    let gradientCount: Int
    let blocks: [SDFBlockSize]
    let loss: @Sendable (_ index: Int, _ point: SIMD3<Float>, _ value: Float, _ gradient: SIMD3<Float>?) -> Adjoints

    /// The first `gradientCount` points have gradients.
    init(
        points: [SIMD3<Float>], gradientCount: Int,
        loss: @escaping @Sendable (Int, SIMD3<Float>, Float, SIMD3<Float>?) -> Adjoints
    ) {
        self.points = points
        self.gradientCount = gradientCount
        self.loss = loss
        let capacity = SDFBlockSize.capacity
        blocks = stride(from: 0, to: points.count, by: capacity).map { start in
            let rows = min(capacity, points.count - start)
            return SDFBlockSize(rows: rows, gradientRows: min(rows, max(0, gradientCount - start)))
        }
    }

    func draw(
        block: Int, points target: UnsafeMutableBufferPointer<SIMD3<Float>>,
        notes: UnsafeMutableBufferPointer<SIMD4<Float>>
    ) {
        for row in target.indices {
            target[row] = points[block * SDFBlockSize.capacity + row]
            notes[row] = SIMD4(Float(row), 0, 0, 0)
        }
    }

    func differentiate(block: Int, samples: SDFSamples) -> Double {
        var sum = 0.0
        for row in samples.points.indices {
            let index = block * SDFBlockSize.capacity + Int(samples.notes[row].x)
            let gradient = row < samples.gradients.count ? samples.gradients[row] : nil
            let result = loss(index, samples.points[row], samples.values[row], gradient)
            sum += result.loss
            samples.valueAdjoints[row] = result.value
            if gradient != nil { samples.gradientAdjoints[row] = result.gradient }
        }
        return sum
    }
}

enum SDFSamplesForTests {
    /// A small network with all kinds of levels and parameters far from their start, and its Double twin.
    static func twins(
        _ activation: Activation, seed: UInt64 = 5
    ) throws -> (network: SDFNetwork, reference: ReferenceSDFNetwork) {
        var architecture = SDFArchitecture()
        architecture.grid.levels = 4
        architecture.grid.coarsestResolution = 3
        architecture.grid.finestResolution = 20
        architecture.grid.log2TableSize = 9
        architecture.width = 32
        architecture.activation = activation
        let network = try SDFNetwork(architecture, seed: seed)
        var random = RandomStream(seed: seed, label: "disturb")
        for tensor in network.parameters.tensors {
            let scale: Float = tensor.name.hasPrefix("grid") ? 0.3 : 0.15
            network.parameters.set(
                tensor, to: network.parameters.values(of: tensor).map { $0 + random.uniform(in: -scale..<scale) })
        }
        network.refresh()
        return (network, reference(of: network))
    }

    static func reference(of network: SDFNetwork) -> ReferenceSDFNetwork {
        let architecture = network.architecture
        let grid = architecture.grid
        let activation: ReferenceSDFNetwork.Activation
        switch architecture.activation {
        case .quadraticReLU(let halfWidth): activation = .quadraticReLU(halfWidth: Double(halfWidth))
        case .softplus(let sharpness): activation = .softplus(sharpness: Double(sharpness))
        case .leakyReLU: preconditionFailure("has no useful second derivative")
        }
        return ReferenceSDFNetwork(
            resolutions: (0..<grid.levels).map { grid.resolution(level: $0) },
            hashedEntries: (0..<grid.levels).map { grid.isDense(level: $0) ? nil : grid.entries(level: $0) },
            halfExtent: Double(architecture.halfExtent), activation: activation,
            parameters: Dictionary(
                uniqueKeysWithValues: network.parameters.tensors.map {
                    ($0.name, network.parameters.values(of: $0).map(Double.init))
                }))
    }

    /// Points of the cube, a few of them outside the grid.
    static func points(_ count: Int, seed: UInt64 = 1) -> [SIMD3<Float>] {
        var random = RandomStream(seed: seed, label: "points")
        return (0..<count).map { index in
            let reach: Float = index % 17 == 3 ? 1.4 : 1
            return SIMD3(
                random.uniform(in: -reach..<reach), random.uniform(in: -reach..<reach),
                random.uniform(in: -reach..<reach))
        }
    }
}
