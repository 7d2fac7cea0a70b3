// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct RadianceTrainingTests {
    static func trainer(
        steps: Int, threads: Int, architecture: RadianceArchitecture = RadianceSamples.architecture(surroundings: true),
        distanceRate: Float = 1e-3
    ) throws -> RadianceTrainer {
        let plane = try RadianceSamples.plane(normal: SIMD3(0, 0, 1), offset: 0)
        var options = RadianceTrainingOptions()
        options.distance.steps = steps
        options.distance.gridRate = distanceRate
        options.distance.perceptronRate = distanceRate
        options.firstBeta = 0.01
        options.lastBeta = 0.004
        return try RadianceTrainer(
            try RadianceNetworks(architecture, about: plane, seed: 8), pictures: 3, options: options, seed: 8,
            threads: threads)
    }

    static func train(_ trainer: RadianceTrainer, until step: Int) {
        while trainer.step < step {
            trainer.advance(RadianceSamples.rays(200, spread: 1.2, seed: UInt64(trainer.step)))
        }
    }

    // MARK: A picture of known geometry

    static let side = 64

    /// The colour of a pattern with stripes, discs and sharp edges at a pixel.
    static func pattern(_ column: Int, _ row: Int) -> SIMD3<Float> {
        let (x, y) = (Float(column) / Float(side), Float(row) / Float(side))
        let disc: Float = (x - 0.35) * (x - 0.35) + (y - 0.6) * (y - 0.6) < 0.05 ? 0.8 : 0.2
        return SIMD3(disc, 0.5 + 0.4 * sin(25 * x + 6 * y), x > 0.7 ? 0.9 : y)
    }

    static func pixelRay(_ column: Int, _ row: Int) -> RadianceRay {
        let target = SIMD3(
            1.6 * (Float(column) + 0.5) / Float(side) - 0.8, 1.6 * (Float(row) + 0.5) / Float(side) - 0.8, 0)
        let origin = SIMD3<Float>(0.2, -0.3, 2)
        return RadianceRay(
            origin: origin, direction: (target - origin).normalized, color: pattern(column, row), pictureIndex: nil)
    }

    /// One picture of a plane is learnt by heart; about half of the ramps are in use.
    @Test func learnsAPictureByHeart() throws {
        var architecture = RadianceArchitecture()
        architecture.surroundings = nil
        architecture.grid.levels = 5
        architecture.grid.finestResolution = 128
        architecture.grid.log2TableSize = 14
        let trainer = try Self.trainer(steps: 500, threads: 2, architecture: architecture, distanceRate: 1e-7)
        while !trainer.isFinished {
            var random = RandomStream(seed: 1, label: "pixels", UInt64(trainer.step))
            trainer.advance(
                (0..<512).map { _ in
                    Self.pixelRay(random.index(below: Self.side), random.index(below: Self.side))
                })
        }
        let rays = (0..<Self.side * Self.side).map { Self.pixelRay($0 % Self.side, $0 / Self.side) }
        let renderer = try RadianceRenderer(trainer.networks, beta: trainer.options.lastBeta)
        var (sum, offset) = (0.0, Float(0))
        for (ray, sight) in zip(rays, renderer.render(rays, threads: 2)) {
            let difference = sight.color - ray.color
            sum += Double(difference.dot(difference))
            offset = max(offset, abs((ray.origin + sight.distance * ray.direction).z))
        }
        let psnr = -10 * log10(sum / Double(3 * rays.count))
        #expect(offset < 2 * trainer.options.lastBeta, "the plane is seen \(offset) off")
        #expect(psnr >= 30, "PSNR is \(psnr) dB")
        let share = Self.activeShare(of: trainer.networks.color, at: rays)
        #expect((0.2...0.9).contains(share), "\(share) of the ramps are active")
    }

    /// Share of the hidden units above zero where rays meet the plane.
    static func activeShare(of network: GridNetwork, at rays: [RadianceRay]) -> Double {
        let workspace = GridNetworkWorkspace(for: network)
        let rows = min(rays.count, GridNetworkWorkspace.capacity)
        for (row, ray) in stride(from: 0, to: rays.count, by: rays.count / rows).prefix(rows).map({ rays[$0] })
            .enumerated()
        {
            let point = ray.origin - ray.origin.z / ray.direction.z * ray.direction
            let input = workspace.inputs + row * workspace.inputStride
            for axis in 0..<3 {
                workspace.points[axis * GridNetworkWorkspace.capacity + row] = point[axis]
                input[axis] = point[axis]
                input[3 + axis] = axis == 2 ? 1 : 0
            }
            DirectionBasis.write(ray.direction, to: input + 6)
        }
        network.evaluate(rows: rows, workspace: workspace)
        let units = workspace.activeUnits(rows: rows)
        return Double(units.active) / Double(units.all)
    }

    // MARK: The same bytes

    @Test func parametersDoNotDependOnThreads() throws {
        var fingerprints: Set<UInt64> = []
        for threads in [1, 2, 4, 8] {
            let trainer = try Self.trainer(steps: 12, threads: threads)
            Self.train(trainer, until: 12)
            #expect(trainer.loss.isFinite && trainer.samples > 0)
            fingerprints.insert(Fingerprint.fnv1a64(try trainer.checkpoint().encoded()))
        }
        #expect(fingerprints.count == 1)
    }

    @Test func resumingGivesTheSameBytes() throws {
        let straight = try Self.trainer(steps: 20, threads: 1)
        Self.train(straight, until: 9)
        let bytes = try straight.checkpoint().encoded()
        Self.train(straight, until: 20)
        let resumed = try Self.trainer(steps: 20, threads: 2)
        // Steps made before must leave no trace.
        Self.train(resumed, until: 15)
        try resumed.restore(from: SafetensorsFile(parsing: bytes))
        #expect(resumed.step == 9)
        Self.train(resumed, until: 20)
        #expect(try resumed.checkpoint().encoded() == straight.checkpoint().encoded())
        #expect(resumed.samples == straight.samples)

        // The weights alone draw the same picture.
        let copy = try RadianceNetworks(
            straight.networks.architecture, about: SDFNetwork(straight.networks.distance.architecture, seed: 77),
            seed: 78)
        try copy.restoreWeights(from: SafetensorsFile(parsing: straight.networks.weights().encoded()))
        let rays = RadianceSamples.rays(100, spread: 1)
        let picture = try RadianceRenderer(straight.networks, beta: 0.01).render(rays, threads: 1)
        #expect(try RadianceRenderer(copy, beta: 0.01).render(rays, threads: 1) == picture)
    }
}
