// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import TestSupport
import Testing

/// The distance at which a ray meets a level set, as a function of the field's parameters θ:
/// `dt/dθ = -(∂f/∂θ) / (∇f·d)`, so that a value adjoint of `-1 / (∇f·d)` at the hit gives the derivative of the hit.
@Suite struct HitPointGradientTests {
    /// Gradient of the hit's distance by all parameters.
    static func gradient(of trainer: SDFTrainer, at point: SIMD3<Float>, direction: SIMD3<Float>) -> [String: [Float]] {
        let slope = SDFField(trainer.network).valuesAndGradients(at: [point]).gradients[0].dot(direction)
        let objective = FixedPointObjective(points: [point], gradientCount: 1) { _, _, _, _ in
            .init(value: -1 / slope)
        }
        let result = trainer.gradient(of: objective)
        return Dictionary(
            uniqueKeysWithValues: trainer.network.parameters.tensors.map {
                ($0.name, trainer.network.parameters.values(of: $0, in: result.pointer))
            })
    }

    /// Where the ray first meets the zero set of the Double twin, near `guess`, by bisection.
    static func hit(_ network: ReferenceSDFNetwork, _ ray: FieldRay, near guess: Double) -> Double? {
        let (origin, direction) = (SIMD3<Double>(ray.origin), SIMD3<Double>(ray.direction))
        func value(_ t: Double) -> Double { network.valueAndGradient(at: origin + t * direction).value }
        var (near, far) = (guess - 0.01, guess + 0.01)
        guard value(near) > 0, value(far) < 0 else { return nil }
        for _ in 0..<60 {
            let middle = 0.5 * (near + far)
            if value(middle) > 0 { near = middle } else { far = middle }
        }
        return 0.5 * (near + far)
    }

    /// The radius of a sphere: `t = b - √(r² - a²)`, so `dt/dr = -r / √(r² - a²)`.
    @Test func radiusOfASphere() throws {
        let shape = AnalyticShape.sphere(center: .zero, radius: 0.6)
        var tracer = SphereTracer()
        tracer.tolerance = 1e-6
        for height: Float in [0, 0.1, 0.25, 0.4, 0.55] {
            let ray = FieldRay(origin: SIMD3(height, 0, -2), direction: SIMD3(0, 0, 1), range: 0...4)
            guard case .surface(let distance) = tracer.trace([ray], through: shape.field)[0] else {
                Issue.record("the ray at \(height) misses the sphere")
                continue
            }
            // ∂f/∂r = -1, and ∇f is the normal.
            let formula = 1 / ray.point(at: distance).normalized.dot(ray.direction)
            let exact = -0.6 / (0.36 - height * height).squareRoot()
            #expect(abs(formula - exact) < 1e-4 * abs(exact), "height \(height): \(formula), \(exact)")
        }
    }

    /// Table entries and weights of a network far from its start, moved and traced again.
    @Test func entriesOfARealNetwork() throws {
        var (checked, hits) = (0, 0)
        for seed in 1...12 as ClosedRange<UInt64> {
            let (network, reference) = try SDFSamplesForTests.twins(.quadraticReLU(halfWidth: 0.1), seed: seed)
            let trainer = try SDFTrainer(network, options: SDFTrainingOptions(), threads: 1)
            for ray in SphereTracerTests.rays(30, seed: seed) {
                guard case .surface(let traced) = SphereTracer().trace([ray], through: SDFField(network))[0],
                    let exact = Self.hit(reference, ray, near: Double(traced))
                else { continue }
                let point = ray.point(at: Float(exact))
                guard SDFField(network).valuesAndGradients(at: [point]).gradients[0].dot(ray.direction) < -0.3 else {
                    continue
                }
                hits += 1
                #expect(abs(exact - Double(traced)) < 2e-3)
                let gradient = Self.gradient(of: trainer, at: point, direction: ray.direction)
                for name in gradient.keys.sorted() {
                    let values = try #require(gradient[name])
                    guard let place = values.indices.max(by: { abs(values[$0]) < abs(values[$1]) }),
                        abs(values[place]) > 1e-3
                    else { continue }
                    var sides: [Double] = []
                    for delta in [1e-5, -1e-5] {
                        var moved = reference
                        moved.parameters[name]?[place] += delta
                        sides.append(try #require(Self.hit(moved, ray, near: exact)))
                    }
                    let numeric = (sides[0] - sides[1]) / 2e-5
                    // Within the step the hit crosses a face between cells, where it has no derivative.
                    guard abs(sides[0] + sides[1] - 2 * exact) < 1e-2 * abs(sides[0] - sides[1]) else { continue }
                    checked += 1
                    #expect(
                        abs(numeric - Double(values[place])) < 0.02 * abs(numeric),
                        "\(name)[\(place)], seed \(seed): formula \(values[place]), traced again \(numeric)")
                }
            }
        }
        #expect(hits > 40 && checked > 100, "\(hits) hits, \(checked) checks")
    }

    /// Blocks of all parts, in order.
    @Test func combinedObjectivesAddUp() throws {
        let (network, _) = try SDFSamplesForTests.twins(.softplus(sharpness: 10))
        let trainer = try SDFTrainer(network, options: SDFTrainingOptions(), threads: 1)
        func part(_ count: Int, seed: UInt64) -> FixedPointObjective {
            FixedPointObjective(points: SDFSamplesForTests.points(count, seed: seed), gradientCount: count / 2) {
                _, _, value, gradient in
                .init(loss: 1, value: value, gradient: gradient ?? .zero)
            }
        }
        let parts = [part(700, seed: 1), part(0, seed: 2), part(30, seed: 3)]
        var sums = [Double](repeating: 0, count: network.parameters.count)
        var losses = 0.0
        for part in parts {
            let gradient = trainer.gradient(of: part)
            for index in sums.indices { sums[index] += Double(gradient.pointer[index]) }
            losses += trainer.loss
        }
        let combined = CombinedObjective(parts)
        #expect(combined.blocks.map(\.rows) == [512, 188, 30])
        let gradient = trainer.gradient(of: combined)
        #expect(trainer.loss == losses)
        let scale = sums.map(abs).max() ?? 0
        for index in sums.indices { #expect(abs(Double(gradient.pointer[index]) - sums[index]) < 1e-5 * scale) }
        #expect(CombinedObjective([]).blocks.isEmpty)
    }
}
