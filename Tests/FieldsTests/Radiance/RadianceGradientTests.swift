// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The derivatives of one training step by everything that is trained, against central differences of its loss.
@Suite struct RadianceGradientTests {
    static func trainer(seed: UInt64) throws -> RadianceTrainer {
        var shape = SDFArchitecture()
        shape.grid.levels = 3
        shape.grid.coarsestResolution = 3
        shape.grid.finestResolution = 12
        shape.grid.log2TableSize = 9
        shape.width = 32
        shape.activation = .quadraticReLU(halfWidth: 0.2)
        shape.start = .ball(radius: 0.6)
        let distance = try SDFNetwork(shape, seed: seed)
        let networks = try RadianceNetworks(
            RadianceSamples.architecture(surroundings: true), about: distance, seed: seed)
        var options = RadianceTrainingOptions()
        options.firstBeta = 0.1
        options.lastBeta = 0.1
        options.distance.startLevels = 24
        // Each term must weigh enough to be seen, and no layer may be left out: that is a jump.
        options.colorWeight = 10
        options.colorRounding = 0.1
        options.leastWeight = 0
        options.sampling.surfaceLayers = 8
        options.sampling.stratifiedLayers = 4
        let trainer = try RadianceTrainer(networks, pictures: 3, options: options, seed: seed, threads: 1)
        var random = RandomStream(seed: seed, label: "disturb")
        func disturb(_ parameters: ParameterVector, grid: Float, rest: Float) {
            for tensor in parameters.tensors {
                let scale = tensor.name.hasPrefix("grid") ? grid : rest
                parameters.set(
                    tensor, to: parameters.values(of: tensor).map { $0 + random.uniform(in: -scale..<scale) })
            }
        }
        disturb(distance.parameters, grid: 0.1, rest: 0.05)
        disturb(networks.color.parameters, grid: 0.5, rest: 0.2)
        if let surroundings = networks.surroundings { disturb(surroundings.parameters, grid: 0.5, rest: 0.2) }
        // Matter outside that weighs as much as that within.
        if let parameters = networks.surroundings?.parameters, let bias = parameters.tensor("mlp.layers.1.bias") {
            parameters.set(bias, to: [0.1, -0.1, 0.2, 0.3])
        }
        disturb(trainer.exposures.parameters, grid: 0, rest: 0.2)
        refresh(networks)
        return trainer
    }

    static func refresh(_ networks: RadianceNetworks) {
        networks.distance.refresh()
        networks.color.refresh()
        networks.surroundings?.refresh()
    }

    /// Along the gradient of each tensor the loss rises by the gradient's length, and along random directions by their
    /// product: single numbers move a loss in Float too little to tell.
    @Test(arguments: [UInt64(1), 2, 3]) func gradientsMatchCentralDifferences(seed: UInt64) throws {
        let trainer = try Self.trainer(seed: seed)
        let networks = trainer.networks
        let batch = trainer.cut(RadianceSamples.rays(96, spread: 0.8, seed: seed), jitter: (seed, 0))
        let gradients = trainer.gradients(of: batch)
        let loss = trainer.loss
        #expect(loss.isFinite && loss > 0.1)
        let surroundings = try #require(networks.surroundings)
        let parts = [
            ("distance", networks.distance.parameters, gradients.distance),
            ("color", networks.color.parameters, gradients.color),
            ("surroundings", surroundings.parameters, try #require(gradients.surroundings)),
            ("exposures", trainer.exposures.parameters, gradients.exposures),
        ].map { name, parameters, gradient in
            (name, parameters, parameters.tensors.map { parameters.values(of: $0, in: gradient.pointer) })
        }
        var random = RandomStream(seed: seed, label: "directions")
        for (name, parameters, gradient) in parts {
            for (tensor, slope) in zip(parameters.tensors, gradient) {
                let norm = slope.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
                #expect(norm > 1e-4, "\(name) \(tensor.name) has no gradient")
                let start = parameters.values(of: tensor)
                for isRandom in [false, true] {
                    let direction = slope.map { value -> Double in
                        let share = Double(value) / norm
                        return isRandom ? share * (0.5 + random.uniformDouble()) : share
                    }
                    let expected = zip(slope, direction).reduce(0) { $0 + Double($1.0) * $1.1 }
                    // Long steps cross kinks of the ramps, short ones drown in the rounding of Float: the best counts.
                    let numeric =
                        [5e-3, 2e-3, 1e-3].map { bound in
                            let step = min(1e-3 * loss / norm, bound)
                            let sides = [step, -step].map { step in
                                parameters.set(tensor, to: zip(start, direction).map { Float(Double($0) + step * $1) })
                                Self.refresh(networks)
                                _ = trainer.gradients(of: batch)
                                return trainer.loss
                            }
                            return (sides[0] - sides[1]) / (2 * step)
                        }.min { abs($0 - expected) < abs($1 - expected) } ?? .nan
                    parameters.set(tensor, to: start)
                    Self.refresh(networks)
                    #expect(
                        abs(numeric - expected) < 1e-2 * expected,
                        "\(name) \(tensor.name): \(expected), differences \(numeric)")
                }
            }
        }
    }
}
