// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Testing

/// What lies outside the cube.
@Suite struct RadianceSurroundingsTests {
    /// Nothing is within the cube; a wall 2.5 behind its centre is seen through it.
    static let wall: Float = -2.5

    static func trainer(steps: Int) throws -> RadianceTrainer {
        let nothing = try RadianceSamples.plane(normal: SIMD3(0, 0, 1), offset: -9)
        var architecture = RadianceSamples.architecture(surroundings: true)
        architecture.surroundings?.samplesBehind = 8
        architecture.surroundings?.grid.finestResolution = 64
        architecture.surroundings?.grid.log2TableSize = 14
        var options = RadianceTrainingOptions()
        options.distance.steps = steps
        return try RadianceTrainer(
            RadianceNetworks(architecture, about: nothing, seed: 2), pictures: 0, options: options, seed: 2, threads: 2)
    }

    /// Rays from cameras on a square above the cube through points of the wall, which shows `color`.
    static func rays(_ count: Int, seed: UInt64, hasSightings: Bool) -> [RadianceRay] {
        var random = RandomStream(seed: seed, label: "wall")
        return (0..<count).map { _ in
            let origin = SIMD3<Float>(random.uniform(in: -0.5..<0.5), random.uniform(in: -0.5..<0.5), 2)
            let target = SIMD3(random.uniform(in: -0.7..<0.7), random.uniform(in: -0.7..<0.7), wall)
            return RadianceRay(
                origin: origin, direction: (target - origin).normalized,
                color: SIMD3(target.x > 0 ? 0.8 : 0.2, 0.5, 0.4),
                sighting: hasSightings ? (target - origin).length : nil)
        }
    }

    /// Points that are seen outside the cube make matter there, and only there.
    @Test func sightingsTellTheDistance() throws {
        let trainer = try Self.trainer(steps: 300)
        while !trainer.isFinished {
            trainer.advance(Self.rays(128, seed: UInt64(trainer.step), hasSightings: true))
        }
        let rays = Self.rays(200, seed: 1_000_000, hasSightings: false)
        let errors = zip(rays, try RadianceRenderer(trainer.networks, beta: 0.01).render(rays, threads: 1))
            .map { ray, sight in
                let truth = (Self.wall - ray.origin.z) / ray.direction.z
                return abs(sight.distance - truth) / truth
            }.sorted()
        #expect(errors[100] < 0.03 && errors[180] < 0.1, "median \(errors[100]), 90 % \(errors[180])")
    }

    /// Rays without a weight move no colour.
    @Test func raysWithoutWeightHaveNoColour() throws {
        let trainer = try Self.trainer(steps: 10)
        var rays = Self.rays(64, seed: 1, hasSightings: false)
        for index in rays.indices { rays[index].colorWeight = 0 }
        let gradients = trainer.gradients(of: trainer.cut(rays, jitter: nil))
        let surroundings = try #require(gradients.surroundings)
        #expect((0..<surroundings.count).allSatisfy { surroundings.pointer[$0] == 0 })
        #expect((0..<gradients.color.count).allSatisfy { gradients.color.pointer[$0] == 0 })
    }

    /// Before training hardly anything hides a surface within the cube.
    @Test func surroundingsStartClear() throws {
        let networks = try RadianceNetworks(
            RadianceSamples.architecture(surroundings: true),
            about: RadianceSamples.plane(normal: SIMD3(0, 0, 1), offset: 0), seed: 3)
        let rays = RadianceSamples.rays(200, spread: 0.3).filter { $0.direction.z < -0.5 }
        #expect(rays.count > 20)
        for sight in try RadianceRenderer(networks, beta: 0.005).render(rays, threads: 1) {
            #expect(sight.opacity > 0.98)
        }
    }
}
