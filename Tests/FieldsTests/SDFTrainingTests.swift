// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import TestSupport
import Testing

/// Surface points and eikonal samples of an analytic shape; the whole is drawn anew at each step.
struct ShapeObjective: SDFObjective {
    let shape: AnalyticShape
    let step: Int
    let surfacePoints: [SIMD3<Float>]
    static let surfaceCount = 1024
    static let eikonalCount = 1024
    let blocks = SDFBlockSize.covering(surfaceCount + eikonalCount, gradients: true)

    func draw(
        block: Int, points: UnsafeMutableBufferPointer<SIMD3<Float>>, notes: UnsafeMutableBufferPointer<SIMD4<Float>>
    ) {
        var random = RandomStream(seed: 1, label: "shape", UInt64(step), UInt64(block))
        for row in points.indices {
            let onSurface = block * SDFBlockSize.capacity + row < Self.surfaceCount
            notes[row].x = onSurface ? 1 : 0
            let free = SIMD3<Float>(
                random.uniform(in: -1..<1), random.uniform(in: -1..<1), random.uniform(in: -1..<1))
            points[row] = onSurface ? surfacePoints[random.index(below: surfacePoints.count)] : free
        }
    }

    func differentiate(block: Int, samples: SDFSamples) -> Double {
        var loss = 0.0
        for row in samples.points.indices {
            let gradient = samples.gradients[row]
            let excess = gradient.length - 1
            loss += Double(excess * excess)
            let weight = 3 / Float(Self.surfaceCount + Self.eikonalCount)
            samples.gradientAdjoints[row] = gradient * (2 * weight * excess / max(gradient.length, 1e-6))
            if samples.notes[row].x == 1 {
                let value = samples.values[row]
                loss += Double(abs(value))
                samples.valueAdjoints[row] = 100 / Float(Self.surfaceCount) * min(max(value / 5e-4, -1), 1)
            }
        }
        return loss
    }
}

@Suite struct SDFTrainingTests {
    static func surface(of shape: AnalyticShape, count: Int) -> [SIMD3<Float>] {
        var random = RandomStream(seed: 9, label: "surface")
        var result: [SIMD3<Float>] = []
        let h: Float = 1e-3
        while result.count < count {
            var point = SIMD3<Float>(
                random.uniform(in: -1..<1), random.uniform(in: -1..<1), random.uniform(in: -1..<1))
            let distance = shape.signedDistance(point)
            guard abs(distance) < 0.2 else { continue }
            let gradient = SIMD3(
                shape.signedDistance(point + SIMD3(h, 0, 0)) - shape.signedDistance(point - SIMD3(h, 0, 0)),
                shape.signedDistance(point + SIMD3(0, h, 0)) - shape.signedDistance(point - SIMD3(0, h, 0)),
                shape.signedDistance(point + SIMD3(0, 0, h)) - shape.signedDistance(point - SIMD3(0, 0, h)))
            point -= gradient.normalized * distance
            if abs(shape.signedDistance(point)) < 1e-4 { result.append(point) }
        }
        return result
    }

    static func trainer(steps: Int, threads: Int, radius: Float = 0.8) throws -> SDFTrainer {
        var architecture = SDFArchitecture()
        architecture.grid.levels = 5
        architecture.grid.finestResolution = 64
        architecture.grid.log2TableSize = 15
        architecture.start = .ball(radius: radius)
        var options = SDFTrainingOptions()
        options.steps = steps
        options.startLevels = 3
        return try SDFTrainer(try SDFNetwork(architecture, seed: 2), options: options, threads: threads)
    }

    static func train(_ trainer: SDFTrainer, _ shape: AnalyticShape, points: [SIMD3<Float>], until step: Int) {
        while trainer.step < step {
            trainer.advance(ShapeObjective(shape: shape, step: trainer.step, surfacePoints: points))
        }
    }

    /// Within 1 % of the radius, without any fit.
    @Test(arguments: [Float(0.3), 0.5, 1]) func startIsABall(radius: Float) throws {
        var architecture = SDFArchitecture()
        for hollow in [false, true] {
            architecture.start = hollow ? .hollow(radius: radius) : .ball(radius: radius)
            let field = SDFField(try SDFNetwork(architecture, seed: 7))
            var random = RandomStream(seed: 4, label: "directions")
            var points: [SIMD3<Float>] = []
            while points.count < 1000 {
                let point = SIMD3<Float>(
                    random.uniform(in: -1..<1), random.uniform(in: -1..<1), random.uniform(in: -1..<1))
                if point.length > 0.1 && point.length <= 1 { points.append(point.normalized * radius) }
            }
            let (values, gradients) = field.valuesAndGradients(at: points)
            let mean = values.reduce(0, +) / 1000
            let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1000).squareRoot()
            #expect(abs(mean) < 0.02 * radius)
            #expect(deviation < 0.01 * radius)
            for (point, gradient) in zip(points, gradients) {
                #expect((gradient * (hollow ? -1 : 1) - point.normalized).length < 0.15)
            }
            #expect((field.values(at: [.zero])[0] < 0) != hollow)
        }
    }

    @Test func fitsASphere() throws {
        let shape = AnalyticShape.sphere(center: SIMD3(0.1, -0.05, 0.02), radius: 0.5)
        let trainer = try Self.trainer(steps: 400, threads: 2)
        Self.train(trainer, shape, points: Self.surface(of: shape, count: 3000), until: 400)
        let field = SDFField(trainer.network)
        let values = field.values(at: Self.surface(of: shape, count: 4000).suffix(1000))
        let error = values.reduce(0) { $0 + abs($1) } / Float(values.count)
        #expect(error < 0.002, "mean |f| on the sphere is \(error)")
        // Sought: mean | |∇f| - 1 | ≤ 0.1 near the surface.
        let near = SDFSamplesForTests.points(8000).filter { abs(shape.signedDistance($0)) < 0.1 }
        let excess =
            field.valuesAndGradients(at: near).gradients.reduce(0) { $0 + abs($1.length - 1) } / Float(near.count)
        #expect(excess < 0.1, "mean | |∇f| - 1 | is \(excess)")
        let far = field.values(at: [SIMD3(0.1, -0.05, 0.02), SIMD3(0.9, 0.9, 0.9)])
        #expect(far[0] < -0.2 && far[1] > 0.2, "values \(far) inside and outside")
    }

    @Test func parametersDoNotDependOnThreads() throws {
        let shape = AnalyticShape.torus(major: 0.5, minor: 0.2)
        let points = Self.surface(of: shape, count: 500)
        var fingerprints: Set<UInt64> = []
        for threads in [1, 2, 4, 8] {
            let trainer = try Self.trainer(steps: 30, threads: threads)
            Self.train(trainer, shape, points: points, until: 30)
            fingerprints.insert(Fingerprint.fnv1a64(try trainer.checkpoint().encoded()))
        }
        #expect(fingerprints.count == 1)
    }

    @Test func resumingGivesTheSameBytes() throws {
        let shape = AnalyticShape.torus(major: 0.5, minor: 0.2)
        let points = Self.surface(of: shape, count: 500)
        let straight = try Self.trainer(steps: 40, threads: 1)
        Self.train(straight, shape, points: points, until: 25)
        let bytes = try straight.checkpoint().encoded()
        Self.train(straight, shape, points: points, until: 40)
        let resumed = try Self.trainer(steps: 40, threads: 2)
        // Steps made before must leave no trace.
        Self.train(resumed, shape, points: points, until: 38)
        try resumed.restore(from: SafetensorsFile(parsing: bytes))
        #expect(resumed.step == 25)
        Self.train(resumed, shape, points: points, until: 40)
        #expect(try resumed.checkpoint().encoded() == straight.checkpoint().encoded())

        let field = SDFField(straight.network).values(at: points)
        let copy = try SDFNetwork(straight.network.architecture, seed: 99)
        try copy.restoreWeights(from: SafetensorsFile(parsing: straight.network.weights().encoded()))
        #expect(SDFField(copy).values(at: points) == field)
    }

    @Test func checkpointsOfOtherNetworksAreRefused() throws {
        let trainer = try Self.trainer(steps: 10, threads: 1)
        var file = trainer.checkpoint()
        #expect(throws: CheckpointError.self) { try trainer.restore(from: SafetensorsFile()) }
        file.metadata["step"] = "11"
        #expect(throws: CheckpointError.self) { try trainer.restore(from: file) }
        file = trainer.checkpoint()
        file.tensors["grid.levels.0.table"] = .init(shape: [1], values: [0])
        #expect(throws: CheckpointError.self) { try trainer.restore(from: file) }
        file = trainer.checkpoint()
        file.tensors["mlp.layers.1.bias"] = .init(shape: [1], values: [.nan])
        #expect(throws: CheckpointError.self) { try trainer.restore(from: file) }
    }

    @Test func optionsAreChecked() throws {
        var architecture = SDFArchitecture()
        architecture.width = 40
        #expect(throws: OptionsError.self) { try SDFNetwork(architecture, seed: 1) }
        architecture = SDFArchitecture()
        architecture.activation = .quadraticReLU(halfWidth: 0)
        #expect(throws: OptionsError.self) { try SDFNetwork(architecture, seed: 1) }
        architecture = SDFArchitecture()
        architecture.grid.log2TableSize = 40
        #expect(throws: OptionsError.self) { try SDFNetwork(architecture, seed: 1) }
        let network = try SDFNetwork(SDFArchitecture(), seed: 1)
        var options = SDFTrainingOptions()
        options.steps = 0
        #expect(throws: OptionsError.self) { try SDFTrainer(network, options: options, threads: 1) }
    }

    @Test func levelsOpenOneByOne() {
        var options = SDFTrainingOptions()
        options.steps = 400
        let open = (0..<400).map { options.openLevels(step: $0, of: 7) }
        #expect(open.first == 4 && open.last == 7)
        #expect(zip(open, open.dropFirst()).allSatisfy { $1 == $0 || $1 == $0 + 1 })
        #expect(open.firstIndex(of: 7) == 300)
    }
}
