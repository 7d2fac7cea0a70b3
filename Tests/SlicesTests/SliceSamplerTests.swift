// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Slices
import Testing

@Suite struct SliceSamplerTests {
    struct Sample {
        let point: SIMD3<Double>
        let label: Float
        let isNear: Bool
    }

    /// The set in the normalised cube and samples of it, as training draws them.
    private static func draw(
        _ generated: GeneratedSet, tiles: Int, progress: Double = 0.5, seed: UInt64 = 3,
        options: SliceSamplingOptions = SliceSamplingOptions()
    ) throws -> (set: SliceSet, samples: [Sample]) {
        let set = try generated.read()
        let cube = set.transformed(by: UniformSimilarity(centering: set.boundingBox, halfExtent: 0.85))
        let sampler = try SliceSampler(cube, options: options, seed: seed)
        var samples: [Sample] = []
        let (rows, nearRows) = (128, 32)
        for tile in 0..<tiles {
            var points = [Float](repeating: .nan, count: 4 * rows)
            var labels = [Float](repeating: .nan, count: rows)
            sampler.fill(
                step: 7, tile: tile, progress: progress, rows: rows, nearRows: nearRows, points: &points,
                labels: &labels)
            for row in 0..<rows {
                let point = SIMD3(Double(points[4 * row]), Double(points[4 * row + 1]), Double(points[4 * row + 2]))
                samples.append(Sample(point: point, label: labels[row], isNear: row < nearRows))
            }
        }
        return (cube, samples)
    }

    /// Every label is compared with the plain even-odd rule on the plane that the point lies on.
    @Test(arguments: GeneratedSet.all)
    func labelsAgreeWithPolygons(_ generated: GeneratedSet) throws {
        let (set, samples) = try Self.draw(generated, tiles: 270)
        let box = set.boundingBox
        var compared = 0
        var wrong = 0
        for sample in samples {
            #expect((0...1).contains(sample.label))
            let planes = set.sections.filter { abs($0.plane.signedDistance(to: sample.point)) < 2e-7 }
            guard let section = planes.first, planes.count == 1 else {
                // Off all planes: a sample of the exterior.
                if planes.isEmpty {
                    #expect(sample.label == 0)
                    #expect(!box.contains(sample.point) || sample.label == 0)
                }
                continue
            }
            let place = section.plane.coordinates(of: sample.point)
            let edges = section.polygons.flatMap { BruteForce.edges($0.points) }
            let distance = BruteForce.distance(edges, place)
            compared += 1
            if sample.label == 0.5 {
                #expect(distance < 1e-6)
            } else if distance > 1e-6, (sample.label == 1) != BruteForce.contains(section, place) {
                wrong += 1
            }
        }
        #expect(compared > samples.count / 2)
        #expect(wrong == 0, "\(wrong) of \(compared)")
    }

    @Test(arguments: GeneratedSet.all)
    func exteriorIsOutsideTheHull(_ generated: GeneratedSet) throws {
        var options = SliceSamplingOptions()
        options.nearShare = 0
        options.exteriorShare = 1
        let (set, samples) = try Self.draw(generated, tiles: 80, options: options)
        let hull = ConvexHull(of: set)
        for sample in samples where !sample.isNear {
            #expect(sample.label == 0)
            #expect(!hull.contains(sample.point))
        }
    }

    @Test func nearSamplesCloseInLevelByLevel() throws {
        // Largest radius of the running level and the two before it, at the first, fourth and last level.
        for (progress, largest) in [(0.01, 1.0 / 16), (0.4, 1.0 / 32), (0.95, 1.0 / 64)] {
            let (set, samples) = try Self.draw(.peanut, tiles: 20, progress: progress)
            var farthest = 0.0
            for sample in samples where sample.isNear {
                let distances = set.sections.map { section -> Double in
                    guard abs(section.plane.signedDistance(to: sample.point)) < 2e-7, !section.isEmpty else {
                        return .infinity
                    }
                    let edges = section.polygons.flatMap { BruteForce.edges($0.points) }
                    return BruteForce.distance(edges, section.plane.coordinates(of: sample.point))
                }
                farthest = max(farthest, distances.min() ?? 0)
            }
            #expect(abs(farthest - largest) < 1e-5)
        }
    }

    @Test func batchesAreNamedBySeedStepAndTile() throws {
        let first = try Self.draw(.doubleTorus, tiles: 4).samples
        let again = try Self.draw(.doubleTorus, tiles: 4).samples
        let other = try Self.draw(.doubleTorus, tiles: 4, seed: 4).samples
        #expect(first.map(\.point) == again.map(\.point))
        #expect(first.map(\.label) == again.map(\.label))
        #expect(zip(first, other).filter { $0.point == $1.point }.isEmpty)
        #expect(Set(first.map(\.point)).count > 4 * 120)
    }

    @Test func nonsenseIsRefused() throws {
        let set = try GeneratedSet.peanut.read()
        var empty = SliceSamplingOptions()
        empty.levels = []
        #expect(throws: OptionsError.self) { try SliceSampler(set, options: empty, seed: 1) }
        var crowded = SliceSamplingOptions()
        crowded.nearShare = 0.7
        crowded.exteriorShare = 0.4
        #expect(throws: OptionsError.self) { try SliceSampler(set, options: crowded, seed: 1) }
    }
}
