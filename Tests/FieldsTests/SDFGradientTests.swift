// SPDX-License-Identifier: Apache-2.0

import CKernels
import Fields
import Geometry
import TestSupport
import Testing

/// Formulas in Double against central differences, and kernels against the formulas.
@Suite struct SDFGradientTests {
    static let activations: [Activation] = [.quadraticReLU(halfWidth: 0.1), .softplus(sharpness: 10)]
    static let sets: [Int32] = Array(0...zk_widest_isa())

    /// A loss on values, on the length of gradients, and on their direction.
    static func loss(_ model: ReferenceSDFNetwork, _ points: [SIMD3<Double>]) -> Double {
        points.reduce(0) { sum, point in
            let (value, gradient) = model.valueAndGradient(at: point)
            let excess = gradient.length - 1
            return sum + 3 * value * value + 2 * excess * excess + gradient.dot(SIMD3(0.3, -0.2, 0.5))
        }
    }

    static func adjoints(_ value: Double, _ gradient: SIMD3<Double>) -> (Double, SIMD3<Double>) {
        (6 * value, gradient * (4 * (gradient.length - 1) / gradient.length) + SIMD3(0.3, -0.2, 0.5))
    }

    /// The formulas of the second-order reverse pass are right: Double against central differences, every kind of tensor.
    @Test(arguments: activations)
    func formulasMatchCentralDifferences(_ activation: Activation) throws {
        let (_, reference) = try SDFSamplesForTests.twins(activation)
        let points = SDFSamplesForTests.points(40).map { SIMD3<Double>($0) }
        let samples = points.map { reference.valueAndGradient(at: $0) }.map { Self.adjoints($0.value, $0.gradient) }
        let analytic = reference.parameterGradient(
            points: points, valueAdjoints: samples.map(\.0), gradientAdjoints: samples.map(\.1))
        var random = RandomStream(seed: 3, label: "places")
        for name in reference.parameters.keys.sorted() {
            let gradient = try #require(analytic[name])
            let scale = gradient.map(abs).max() ?? 0
            #expect(scale > 0, "\(name) has no gradient")
            for _ in 0..<20 {
                // Table entries that no sample meets would prove nothing.
                var place = random.index(below: gradient.count)
                while gradient[place] == 0 { place = random.index(below: gradient.count) }
                var sides: [Double] = []
                for delta in [1e-6, -1e-6] {
                    var moved = reference
                    moved.parameters[name]?[place] += delta
                    sides.append(Self.loss(moved, points))
                }
                let numeric = (sides[0] - sides[1]) / 2e-6
                #expect(
                    abs(numeric - gradient[place]) < 1e-5 * scale,
                    "\(name)[\(place)]: formula \(gradient[place]), differences \(numeric)")
            }
        }
    }

    /// The gradient by position of the Double twin is that of its value.
    @Test(arguments: activations)
    func positionGradientMatchesCentralDifferences(_ activation: Activation) throws {
        let (_, reference) = try SDFSamplesForTests.twins(activation)
        let h = 1e-7
        var errors: [Double] = []
        for point in SDFSamplesForTests.points(300) {
            let point = SIMD3<Double>(point)
            let gradient = reference.valueAndGradient(at: point).gradient
            for axis in 0..<3 {
                var (plus, minus) = (point, point)
                plus[axis] += h
                minus[axis] -= h
                let numeric =
                    (reference.valueAndGradient(at: plus).value - reference.valueAndGradient(at: minus).value) / (2 * h)
                errors.append(abs(numeric - gradient[axis]) / max(1, gradient.length))
            }
        }
        errors.sort()
        // A few points lie within h of a cell face, where the slope jumps.
        #expect(errors[errors.count * 99 / 100] < 1e-5)
    }

    @Test(arguments: activations, sets)
    func kernelsMatchTheFormulas(_ activation: Activation, isa: Int32) throws {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512)) }
        let (network, reference) = try SDFSamplesForTests.twins(activation)
        // Two blocks: one with gradients at all samples, one with gradients at some, the last tiles not full.
        let points = SDFSamplesForTests.points(900)
        let gradientCount = 700
        let exact = points.map { reference.valueAndGradient(at: SIMD3<Double>($0)) }
        let (values, gradients) = SDFField(network).valuesAndGradients(at: points)
        for (index, expected) in exact.enumerated() {
            #expect(abs(Double(values[index]) - expected.value) < 2e-5)
            #expect(
                (SIMD3<Double>(gradients[index]) - expected.gradient).length < 1e-4 * (1 + expected.gradient.length))
        }
        // Every third sample beyond the first hundred has nothing to say and is left out of the backward pass.
        let objective = FixedPointObjective(points: points, gradientCount: gradientCount) { index, _, value, gradient in
            if index > 100 && index % 3 == 0 { return .init() }
            guard let gradient else { return .init(loss: 1, value: 6 * value) }
            let (byValue, byGradient) = Self.adjoints(Double(value), SIMD3<Double>(gradient))
            return .init(loss: 1, value: Float(byValue), gradient: SIMD3<Float>(byGradient))
        }
        let trainer = try SDFTrainer(network, options: SDFTrainingOptions(), threads: 1)
        let result = trainer.gradient(of: objective)
        #expect(trainer.loss == Double(points.indices.count { $0 <= 100 || $0 % 3 != 0 }))
        var byValue: [Double] = []
        var byGradient: [SIMD3<Double>] = []
        for (index, sample) in exact.enumerated() {
            let silent = index > 100 && index % 3 == 0
            let both = Self.adjoints(sample.value, sample.gradient)
            byValue.append(silent ? 0 : index < gradientCount ? both.0 : 6 * sample.value)
            byGradient.append(silent || index >= gradientCount ? .zero : both.1)
        }
        let expected = reference.parameterGradient(
            points: points.map { SIMD3<Double>($0) }, valueAdjoints: byValue, gradientAdjoints: byGradient)
        for tensor in network.parameters.tensors {
            let got = network.parameters.values(of: tensor, in: result.pointer)
            let want = try #require(expected[tensor.name])
            let scale = want.map(abs).max() ?? 0
            for index in want.indices {
                #expect(
                    abs(Double(got[index]) - want[index]) < 3e-5 * scale,
                    "\(tensor.name)[\(index)]: kernel \(got[index]), formula \(want[index]), isa \(isa)")
            }
        }
    }

    /// What a point gives must not depend on its neighbours, nor on whether gradients are asked for.
    @Test(arguments: sets) func valuesDoNotDependOnTheBatch(isa: Int32) throws {
        zk_limit_isa(isa)
        defer { zk_limit_isa(Int32(ZK_ISA_AVX512)) }
        let field = SDFField(try SDFSamplesForTests.twins(.quadraticReLU(halfWidth: 0.02)).network)
        let points = SDFSamplesForTests.points(1337)
        let together = field.values(at: points)
        let (values, gradients) = field.valuesAndGradients(at: points)
        #expect(values.map(\.bitPattern) == together.map(\.bitPattern))
        for index in stride(from: 0, to: points.count, by: 7) {
            #expect(field.values(at: [points[index]])[0].bitPattern == together[index].bitPattern)
            #expect(field.valuesAndGradients(at: [points[index]]).gradients[0] == gradients[index])
        }
    }

    @Test func pointsThatAreNoNumbersDoNoHarm() throws {
        let field = SDFField(try SDFSamplesForTests.twins(.quadraticReLU(halfWidth: 0.02)).network)
        let values = field.values(at: [SIMD3(.nan, 0, 0), SIMD3(.infinity, 0, 0), SIMD3(0, -1e30, 0), .zero])
        #expect(values[0].isNaN)
        #expect(values[3].isFinite)
    }
}
