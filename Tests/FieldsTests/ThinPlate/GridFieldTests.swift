// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import TestSupport
import Testing

@Suite struct GridFieldTests {
    private static let grid = RegularGrid(
        origin: SIMD3(-1, -1, -1), spacing: SIMD3(repeating: 0.1), counts: SIMD3(21, 21, 21))

    @Test func quadraticsAreReproducedBetweenInnerNodes() {
        let parabola = ClosureField { 1 + $0.x - 2 * $0.y * $0.y + 0.5 * $0.x * $0.z }
        let field = GridField(grid: Self.grid, values: Self.grid.sample(parabola))
        var random = RandomStream(seed: 4, label: "grid field")
        for _ in 0..<200 {
            let point = 1.78 * SIMD3(random.uniform(), random.uniform(), random.uniform()) - 0.89
            #expect(abs(field.values(at: [point])[0] - parabola.values(at: [point])[0]) < 1e-5)
        }
    }

    @Test func affineFieldsGoOnToTheBorderAndStopThere() {
        let plane = ClosureField { 0.5 * $0.x - $0.y + 2 * $0.z }
        let field = GridField(grid: Self.grid, values: Self.grid.sample(plane))
        let edge = SIMD3<Float>(-0.97, 0.99, 0.96)
        #expect(abs(field.values(at: [edge])[0] - plane.values(at: [edge])[0]) < 1e-5)
        #expect(field.values(at: [SIMD3(-7, 1, 9)])[0] == field.values(at: [SIMD3(-1, 1, 1)])[0])
        #expect(field.values(at: [SIMD3(.nan, 0, 0)])[0].isNaN)
    }

    @Test(arguments: [1, 2]) func distancesFromASphereAreDistances(threads: Int) {
        let shape = AnalyticShape.sphere(center: SIMD3(0.03, -0.05, 0.02), radius: 0.55)
        // Any field with the same zero set will do.
        let field = ClosureField { point in
            let distance = shape.signedDistance(point)
            return distance * (3 + point.x) + 2 * distance * distance
        }
        let distances = GridDistance(grid: Self.grid, reach: 0.4, threads: threads).measure(Self.grid.sample(field))
        let truth = Self.grid.sample(shape.field)
        var (worst, sum, count) = (Float(0), Float(0), Float(0))
        for (distance, exact) in zip(distances, truth) {
            #expect((distance < 0) == (exact < 0))
            // Three cells from the middle of the sphere its distances have a crease that no marching can follow.
            if abs(exact) < 0.25 {
                worst = max(worst, abs(distance - exact))
                sum += abs(distance - exact)
                count += 1
            }
            #expect(abs(distance) <= 0.4)
        }
        // Four tenths of a cell beside the surface, where it is oblique; much less on average.
        #expect(worst < 0.04, "off by \(worst)")
        #expect(sum < 0.015 * count, "off by \(sum / count) on average")
    }

    @Test func aFieldWithoutASurfaceIsFarAway() {
        let measure = GridDistance(grid: Self.grid, reach: 0.3, threads: 1)
        #expect(measure.measure([Float](repeating: 2, count: Self.grid.nodeCount)).allSatisfy { $0 == 0.3 })
        #expect(measure.measure([Float](repeating: -2, count: Self.grid.nodeCount)).allSatisfy { $0 == -0.3 })
        // Zero counts as outside; the nodes of a flat zero set have distance 0.
        let flat = measure.measure(Self.grid.sample(ClosureField { max($0.x, 0) - ($0.x < -0.05 ? 1 : 0) }))
        #expect(flat.allSatisfy { $0.isFinite })
    }
}
