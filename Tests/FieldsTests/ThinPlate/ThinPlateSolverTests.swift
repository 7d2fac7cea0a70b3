// SPDX-License-Identifier: Apache-2.0

import CKernels
import Fields
import Geometry
import Testing

@Suite struct ThinPlateSolverTests {
    static let grid = RegularGrid(
        origin: SIMD3(-1, 0.5, 2), spacing: SIMD3(repeating: 0.25), counts: SIMD3(21, 9, 13))

    /// Random points in the grid's box, some of them beyond its border.
    static func samples(_ count: Int, seed: UInt64 = 3, target: (SIMD3<Float>) -> Float) -> [FieldSample] {
        var random = RandomStream(seed: seed, label: "plate samples")
        let box = grid.box
        return (0..<count).map { _ in
            let share = SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble())
            let point = SIMD3<Float>(box.minimum + share * box.extent)
            return FieldSample(position: point, target: target(point), weight: 0.2 + random.uniform())
        }
    }

    static func noise(_ count: Int, seed: UInt64) -> [Float] {
        var random = RandomStream(seed: seed, label: "plate noise")
        return (0..<count).map { _ in 2 * random.uniform() - 1 }
    }

    /// The energy by its definition, in double.
    static func energy(_ values: [Float], _ samples: [FieldSample], stiffness: Double) -> Double {
        let n = grid.counts
        func at(_ i: Int, _ j: Int, _ k: Int) -> Double { Double(values[i + n.x * (j + n.y * k)]) }
        var bending = 0.0
        for k in 0..<n.z {
            for j in 0..<n.y {
                for i in 0..<n.x {
                    if i > 0, i + 1 < n.x { bending += square(at(i - 1, j, k) - 2 * at(i, j, k) + at(i + 1, j, k)) }
                    if j > 0, j + 1 < n.y { bending += square(at(i, j - 1, k) - 2 * at(i, j, k) + at(i, j + 1, k)) }
                    if k > 0, k + 1 < n.z { bending += square(at(i, j, k - 1) - 2 * at(i, j, k) + at(i, j, k + 1)) }
                    if i + 1 < n.x, j + 1 < n.y {
                        bending += 2 * square(at(i, j, k) - at(i + 1, j, k) - at(i, j + 1, k) + at(i + 1, j + 1, k))
                    }
                    if i + 1 < n.x, k + 1 < n.z {
                        bending += 2 * square(at(i, j, k) - at(i + 1, j, k) - at(i, j, k + 1) + at(i + 1, j, k + 1))
                    }
                    if j + 1 < n.y, k + 1 < n.z {
                        bending += 2 * square(at(i, j, k) - at(i, j + 1, k) - at(i, j, k + 1) + at(i, j + 1, k + 1))
                    }
                }
            }
        }
        var total = stiffness / grid.spacing.x * bending
        for sample in samples {
            let place = (SIMD3<Double>(sample.position) - grid.origin) / grid.spacing
            let low = SIMD3((0..<3).map { min(max(Int(place[$0]), 0), n[$0] - 2) })
            var value = 0.0
            for corner in 0..<8 {
                let step = SIMD3(corner & 1, corner >> 1 & 1, corner >> 2)
                var weight = 1.0
                for axis in 0..<3 {
                    let share = place[axis] - Double(low[axis])
                    weight *= step[axis] == 1 ? share : 1 - share
                }
                value += weight * at(low.x + step.x, low.y + step.y, low.z + step.z)
            }
            total += Double(sample.weight) * square(value - Double(sample.target))
        }
        return total
    }

    static func square(_ x: Double) -> Double { x * x }

    @Test func affineFieldsAreReproduced() {
        let plane = { (p: SIMD3<Float>) in 0.3 + 0.5 * p.x - 0.7 * p.y + 0.2 * p.z }
        let solver = ThinPlateSolver(grid: Self.grid, samples: Self.samples(60, target: plane), stiffness: 0.01)
        solver.solve(iterations: 4000, tolerance: 1e-9)
        var worst: Float = 0
        for k in 0..<Self.grid.counts.z {
            for j in 0..<Self.grid.counts.y {
                for i in 0..<Self.grid.counts.x {
                    let value = solver.values[i + Self.grid.counts.x * (j + Self.grid.counts.y * k)]
                    worst = max(worst, abs(value - plane(Self.grid.queryPoint(i, j, k))))
                }
            }
        }
        #expect(worst < 1e-4, "off by \(worst)")
    }

    @Test(arguments: 0...Int32(ZK_ISA_AVX512_VNNI))
    func operatorIsTheGradientOfTheEnergy(isa: Int32) {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512_VNNI)) }
        let samples = Self.samples(300) { $0.x * $0.y }
        let solver = ThinPlateSolver(grid: Self.grid, samples: samples, stiffness: 0.05)
        let count = Self.grid.nodeCount
        let (field, step) = (Self.noise(count, seed: 1), Self.noise(count, seed: 2))
        solver.values = field
        let energy = solver.energy()
        #expect(abs(energy - Self.energy(field, samples, stiffness: 0.05)) < 1e-5 * energy)

        // A quadratic's central difference is exact for every step.
        let ahead = Self.energy(zip(field, step).map { $0 + $1 }, samples, stiffness: 0.05)
        let behind = Self.energy(zip(field, step).map { $0 - $1 }, samples, stiffness: 0.05)
        let half = Self.image(of: field, solver, goals: 1)
        let slope = zip(half, step).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(2 * slope - (ahead - behind) / 2) < 1e-4 * abs(ahead - behind), "\(slope) \(ahead - behind)")
    }

    @Test func operatorIsSymmetric() {
        let solver = ThinPlateSolver(grid: Self.grid, samples: Self.samples(300) { $0.z }, stiffness: 0.05)
        let count = Self.grid.nodeCount
        for seed in 1...5 as ClosedRange<UInt64> {
            let (a, b) = (Self.noise(count, seed: 2 * seed), Self.noise(count, seed: 2 * seed + 1))
            let (forth, back) = (Self.image(of: a, solver, goals: 0), Self.image(of: b, solver, goals: 0))
            let left = zip(forth, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            let right = zip(back, a).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            let size =
                zip(forth, forth).reduce(0) { $0 + Double($1.0) * Double($1.1) }.squareRoot()
                * zip(b, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }.squareRoot()
            #expect(abs(left - right) < 1e-5 * size, "seed \(seed): \(left) and \(right)")
        }
    }

    private static func image(of values: [Float], _ solver: ThinPlateSolver, goals: Float) -> [Float] {
        let (field, result) = (FloatBuffer(count: values.count), FloatBuffer(count: values.count))
        for (index, value) in values.enumerated() { field.pointer[index] = value }
        solver.gradient(of: field, goals: goals, into: result)
        return Array(result.elements)
    }

    @Test func anchorsDrawNodes() {
        let solver = ThinPlateSolver(grid: Self.grid, samples: [], stiffness: 1e-9)
        let wanted = Self.noise(Self.grid.nodeCount, seed: 7)
        solver.anchor(to: wanted, weight: 1, within: 0.5)
        solver.solve(iterations: 200)
        let values = solver.values
        for (value, goal) in zip(values, wanted) where abs(goal) < 0.5 { #expect(abs(value - goal) < 1e-3) }
    }

    @Test func threadsDoNotMatter() {
        let samples = Self.samples(2000) { $0.x * $0.x - $0.y }
        let results = [1, 2, 5].map { threads in
            let solver = ThinPlateSolver(grid: Self.grid, samples: samples, stiffness: 0.01, threads: threads)
            solver.solve(iterations: 40)
            return solver.values
        }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
    }

    @Test(arguments: [SIMD3(2, 2, 2), SIMD3(3, 2, 5), SIMD3(40, 3, 2)])
    func smallGridsWork(counts: SIMD3<Int>) {
        let grid = RegularGrid(origin: .zero, spacing: SIMD3(repeating: 1), counts: counts)
        let samples = (0..<counts.x).flatMap { x in
            [0, 1].flatMap { y in
                [0, 1].map {
                    FieldSample(position: SIMD3(Float(x), Float(y), Float($0)), target: Float(x + y), weight: 1)
                }
            }
        }
        let solver = ThinPlateSolver(grid: grid, samples: samples, stiffness: 0.1)
        solver.solve(iterations: 500, tolerance: 1e-8)
        #expect(solver.energy() < 1e-6)
        #expect(abs(solver.values[counts.x - 1] - Float(counts.x - 1)) < 1e-3)
    }
}
