// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Testing

/// Training as a whole: it learns, repeats itself, and resumes.
@Suite struct OccupancyTrainingTests {
    /// Uniform points of the cube labelled by a ball of radius 0.5; the near rows lie within 0.05 of its surface.
    struct BallSampler: OccupancySampler {
        func fill(
            step: Int, tile: Int, progress: Double, rows: Int, nearRows: Int, points: UnsafeMutablePointer<Float>,
            labels: UnsafeMutablePointer<Float>
        ) {
            var random = RandomStream(seed: 9, label: "ball", UInt64(step), UInt64(tile))
            for row in 0..<rows {
                var point = SIMD3<Float>(
                    random.uniform(in: -1..<1), random.uniform(in: -1..<1), random.uniform(in: -1..<1))
                if row < nearRows { point = point.normalized * random.uniform(in: 0.45..<0.55) }
                for axis in 0..<3 { points[4 * row + axis] = point[axis] }
                labels[row] = point.length < 0.5 ? 1 : 0
            }
        }
    }

    static func options(_ optimizer: OptimizerKind = .adam(), peak: Float = 3e-3) -> OccupancyTrainingOptions {
        var options = OccupancyTrainingOptions()
        options.steps = 60
        options.tilesPerStep = 10
        options.optimizer = optimizer
        options.schedule.peak = peak
        return options
    }

    static func trained(threads: Int, _ options: OccupancyTrainingOptions) throws -> OccupancyTrainer {
        let trainer = try OccupancyTrainer(
            OccupancyNetwork(OccupancyArchitecture(), seed: 1), options: options, threads: threads)
        while !trainer.isFinished { trainer.advance(sampler: BallSampler()) }
        return trainer
    }

    @Test(arguments: [OptimizerKind.adam(), .lion()])
    func learnsABall(_ optimizer: OptimizerKind) throws {
        var peak: Float = 3e-3
        if case .lion = optimizer { peak = 1e-3 }
        var options = Self.options(optimizer, peak: peak)
        options.steps = 400
        let trainer = try Self.trained(threads: 2, options)
        #expect(trainer.loss < 0.1)
        let field = OccupancyField(trainer.network)
        var random = RandomStream(seed: 2, label: "probe")
        let points = (0..<4000).map { _ in
            SIMD3<Float>(random.uniform(in: -1..<1), random.uniform(in: -1..<1), random.uniform(in: -1..<1))
        }
        let wrong = zip(points, field.values(at: points)).filter { point, logit in
            abs(point.length - 0.5) > 0.05 && (logit > 0) != (point.length < 0.5)
        }
        #expect(wrong.count <= 8, "\(wrong.count) of 4000 points on the wrong side")
    }

    @Test func sameBytesAtAnyThreadCount() throws {
        let reference = try Self.trained(threads: 1, Self.options()).checkpoint().encoded()
        for threads in [2, 4, 8] {
            let bytes = try Self.trained(threads: threads, Self.options()).checkpoint().encoded()
            #expect(bytes == reference, "\(threads) threads")
        }
    }

    @Test(arguments: [OptimizerKind.adam(), .lion()])
    func resumingGivesTheSameBytes(_ optimizer: OptimizerKind) throws {
        let options = Self.options(optimizer, peak: 1e-3)
        let reference = try Self.trained(threads: 2, options).checkpoint().encoded()
        let first = try OccupancyTrainer(
            OccupancyNetwork(OccupancyArchitecture(), seed: 1), options: options, threads: 2)
        for _ in 0..<23 { first.advance(sampler: BallSampler()) }
        let bytes = try first.checkpoint().encoded()
        // Another seed: every number must come from the checkpoint.
        let second = try OccupancyTrainer(
            OccupancyNetwork(OccupancyArchitecture(), seed: 77), options: options, threads: 2)
        try second.restore(from: SafetensorsFile(parsing: bytes))
        while !second.isFinished { second.advance(sampler: BallSampler()) }
        #expect(try second.checkpoint().encoded() == reference)
    }

    @Test func steepFieldsArePenalised() throws {
        var steep = Self.options()
        steep.steps = 150
        steep.gradientWeight = 0
        var gentle = steep
        gentle.gradientWeight = 1e-2
        gentle.gradientThreshold = 20
        let slopes = try [steep, gentle].map { options -> Float in
            let field = OccupancyField(try Self.trained(threads: 2, options).network)
            let values = field.values(at: [SIMD3(0.49, 0, 0), SIMD3(0.51, 0, 0)])
            return abs(values[1] - values[0]) / 0.02
        }
        #expect(slopes[1] < 30)
        #expect(slopes[0] > 1.5 * slopes[1])
    }

    @Test func optionsAreChecked() throws {
        var options = OccupancyTrainingOptions()
        options.steps = 0
        #expect(throws: OptionsError.self) { try options.validate() }
        options = OccupancyTrainingOptions()
        options.penalizedShare = 1.5
        #expect(throws: OptionsError.self) { try options.validate() }
        var architecture = OccupancyArchitecture()
        architecture.width = 50
        #expect(throws: OptionsError.self) { try architecture.validate() }
    }
}
