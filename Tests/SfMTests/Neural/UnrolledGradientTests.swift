// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import SfM
import TestSupport
import Testing

@Suite struct UnrolledGradientTests {
    /// `Σ ∂f(pₖ)/∂θ` over the places that rays visited, against central differences of `Σ f(pₖ)` in Double.
    @Test func gradientsMatchFiniteDifferences() throws {
        var architecture = SDFArchitecture()
        architecture.grid.levels = 3
        architecture.grid.coarsestResolution = 4
        architecture.grid.finestResolution = 16
        architecture.grid.log2TableSize = 9
        architecture.width = 16
        architecture.start = .ball(radius: 0.5)
        let network = try SDFNetwork(architecture, seed: 4)
        var random = RandomStream(seed: 4, label: "disturb")
        for tensor in network.parameters.tensors {
            network.parameters.set(
                tensor, to: network.parameters.values(of: tensor).map { $0 + random.uniform(in: -0.05..<0.05) })
        }
        network.refresh()
        let rays = (0..<40).map { _ in
            let target = SIMD3<Float>(random.uniform(in: -0.4..<0.4), random.uniform(in: -0.4..<0.4), 0)
            return FieldRay(
                origin: SIMD3(0, 0, 2), direction: (target - SIMD3(0, 0, 2)).normalized, range: 1.1...2.9)
        }
        let visited = zip(rays, UnrolledTracer().trace(rays, through: SDFField(network), threads: 1)).flatMap {
            ray, trace in trace.visited.map { ray.point(at: $0) }
        }
        #expect(visited.count > 100)
        let trainer = try SDFTrainer(network, options: SDFTrainingOptions(), threads: 1)
        let gradient = trainer.gradient(
            of: RayPairObjective(
                pulls: visited.map { RayPairObjective.Pull(point: $0, byValue: 1) }, unitPoints: [], unitWeight: 0,
                reprojection: 0))
        let reference = ReferenceSDFNetwork(
            resolutions: (0..<3).map { architecture.grid.resolution(level: $0) },
            hashedEntries: (0..<3).map {
                architecture.grid.isDense(level: $0) ? nil : architecture.grid.entries(level: $0)
            },
            halfExtent: Double(architecture.halfExtent), activation: .quadraticReLU(halfWidth: 0.02),
            parameters: Dictionary(
                uniqueKeysWithValues: network.parameters.tensors.map {
                    ($0.name, network.parameters.values(of: $0).map(Double.init))
                }))
        func sum(_ model: ReferenceSDFNetwork) -> Double {
            visited.reduce(0) { $0 + model.valueAndGradient(at: SIMD3<Double>($1)).value }
        }
        for tensor in network.parameters.tensors {
            let values = network.parameters.values(of: tensor, in: gradient.pointer)
            let scale = Double(values.map(abs).max() ?? 0)
            #expect(scale > 0)
            for _ in 0..<12 {
                let place = random.index(below: values.count)
                var sides: [Double] = []
                for delta in [1e-6, -1e-6] {
                    var moved = reference
                    moved.parameters[tensor.name]?[place] += delta
                    sides.append(sum(moved))
                }
                let numeric = (sides[0] - sides[1]) / 2e-6
                #expect(abs(numeric - Double(values[place])) <= 1e-4 * scale, "\(tensor.name)[\(place)]")
            }
        }
    }
}
