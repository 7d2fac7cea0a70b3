// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Testing

/// Optimisers against their published update rules in Double.
@Suite struct OptimizerTests {
    static func gradient(_ step: Int, _ index: Int) -> Float { Float((step * 7 + index * 13) % 11) / 5 - 1 }

    @Test func adamFollowsItsRule() {
        let count = 37
        let optimizer = OptimizerKind.adam(beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.01).makeOptimizer(
            count: count)
        let parameters = FloatBuffer(count: count)
        let gradient = FloatBuffer(count: count)
        var reference = [Double](repeating: 0.5, count: count)
        var (m, v) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
        for index in 0..<count { parameters.pointer[index] = 0.5 }
        for step in 1...50 {
            for index in 0..<count {
                gradient.pointer[index] = Self.gradient(step, index)
                let g = Double(gradient.pointer[index])
                m[index] = 0.9 * m[index] + 0.1 * g
                v[index] = 0.99 * v[index] + 0.01 * g * g
                let first = m[index] / (1 - power(0.9, step))
                let second = v[index] / (1 - power(0.99, step))
                reference[index] -= 1e-2 * (first / (second.squareRoot() + 1e-8) + 0.01 * reference[index])
            }
            optimizer.step(parameters: parameters, gradient: gradient, rate: 1e-2)
        }
        for index in 0..<count { #expect(abs(Double(parameters.pointer[index]) - reference[index]) < 2e-5) }
    }

    @Test func lionFollowsItsRule() {
        let count = 21
        let optimizer = OptimizerKind.lion(beta1: 0.9, beta2: 0.99, weightDecay: 0.1).makeOptimizer(count: count)
        let parameters = FloatBuffer(count: count)
        let gradient = FloatBuffer(count: count)
        var reference = [Double](repeating: 0, count: count)
        var m = [Double](repeating: 0, count: count)
        for step in 1...30 {
            for index in 0..<count {
                gradient.pointer[index] = Self.gradient(step, index)
                let g = Double(gradient.pointer[index])
                let direction = 0.9 * m[index] + 0.1 * g
                let sign = direction > 0 ? 1.0 : direction < 0 ? -1.0 : 0
                m[index] = 0.99 * m[index] + 0.01 * g
                reference[index] -= 1e-3 * (sign + 0.1 * reference[index])
            }
            optimizer.step(parameters: parameters, gradient: gradient, rate: 1e-3)
        }
        for index in 0..<count { #expect(abs(Double(parameters.pointer[index]) - reference[index]) < 1e-6) }
    }

    @Test func scheduleRisesThenFallsToItsFraction() {
        let schedule = LearningRateSchedule(peak: 1e-2, warmupSteps: 10, finalFraction: 0.1)
        #expect(abs(schedule.rate(step: 0, total: 100) - 1e-3) < 1e-9)
        #expect(abs(schedule.rate(step: 10, total: 100) - 1e-2) < 1e-8)
        for step in 10..<99 {
            #expect(schedule.rate(step: step, total: 100) > schedule.rate(step: step + 1, total: 100))
        }
        #expect(abs(schedule.rate(step: 100, total: 100) - 1e-3) < 1e-9)
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { value, _ in value * base }
    }
}
