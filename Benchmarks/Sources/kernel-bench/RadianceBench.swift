// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// Training steps of a radiance field about a ball: half of the rays meet the ball, half pass the cube.
struct RadianceBench {
    private let trainer: RadianceTrainer
    private let rays: [RadianceRay]

    init(threads: Int) throws {
        var shape = SDFArchitecture()
        shape.start = .ball(radius: 0.7)
        let networks = try RadianceNetworks(RadianceArchitecture(), about: SDFNetwork(shape, seed: 1), seed: 1)
        trainer = try RadianceTrainer(
            networks, pictures: 20, options: RadianceTrainingOptions(), seed: 1, threads: threads)
        var random = RandomStream(seed: 1, label: "radiance bench")
        rays = (0..<1024).map { index in
            var direction = SIMD3<Float>.zero
            while !(0.1..<1).contains(direction.length) {
                direction = SIMD3(
                    random.uniform(in: -1..<1), random.uniform(in: -1..<1), random.uniform(in: -1..<1))
            }
            let origin = 2.5 * direction.normalized
            let side = origin.cross(SIMD3(0.3, 0.5, 0.8)).normalized
            let target = side * (index % 2 == 0 ? random.uniform(in: -0.4..<0.4) : 2.5)
            return RadianceRay(
                origin: origin, direction: (target - origin).normalized,
                color: SIMD3(random.uniform(), random.uniform(), random.uniform()), pictureIndex: index % 20)
        }
    }

    /// Samples of one step, and the seconds that it takes: the least disturbed one.
    func measure() -> (samples: Int, seconds: Double) {
        trainer.advance(rays)
        let samples = trainer.samples
        let seconds = bestWallSeconds(repeats: 20) { trainer.advance(rays) }
        return (samples, seconds)
    }
}
