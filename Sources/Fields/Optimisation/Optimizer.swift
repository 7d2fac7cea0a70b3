// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Which first-order method moves the parameters, with its constants.
public enum OptimizerKind: Hashable, Sendable, Codable {
    /// Kingma & Ba 2015, with decoupled weight decay (Loshchilov & Hutter 2019).
    case adam(beta1: Float = 0.9, beta2: Float = 0.99, epsilon: Float = 1e-8, weightDecay: Float = 0)
    /// Chen et al. 2023: steps of equal size by the sign of a momentum; wants about a tenth of Adam's learning rate.
    case lion(beta1: Float = 0.9, beta2: Float = 0.99, weightDecay: Float = 0)

    /// Creates the optimiser for a parameter vector of `count` floats.
    package func makeOptimizer(count: Int) -> any Optimizer {
        switch self {
        case .adam(let beta1, let beta2, let epsilon, let weightDecay):
            AdamOptimizer(count: count, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
        case .lion(let beta1, let beta2, let weightDecay):
            LionOptimizer(count: count, beta1: beta1, beta2: beta2, weightDecay: weightDecay)
        }
    }
}

/// A first-order method over a flat vector of parameters.
package protocol Optimizer: AnyObject {
    /// Moves `parameters` once against `gradient` at learning rate `rate`.
    func step(parameters: FloatBuffer, gradient: FloatBuffer, rate: Float)
    /// State that a checkpoint must keep, by name.
    var moments: [(name: String, buffer: FloatBuffer)] { get }
    /// Steps made so far; part of the state.
    var stepCount: Int { get set }
}

/// Adam; see ``OptimizerKind/adam(beta1:beta2:epsilon:weightDecay:)``.
///
/// Sharing it between threads is safe under one rule: concurrent calls move disjoint ranges, and nobody counts steps
/// meanwhile. Hence `@unchecked Sendable`.
final class AdamOptimizer: Optimizer, @unchecked Sendable {
    private let first: FloatBuffer
    private let second: FloatBuffer
    private let beta1: Float
    private let beta2: Float
    private let epsilon: Float
    private let weightDecay: Float
    var stepCount = 0

    init(count: Int, beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float) {
        first = FloatBuffer(count: count)
        second = FloatBuffer(count: count)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
    }

    var moments: [(name: String, buffer: FloatBuffer)] { [("first", first), ("second", second)] }

    func step(parameters: FloatBuffer, gradient: FloatBuffer, rate: Float) {
        stepCount += 1
        move(0..<parameters.count, of: parameters, gradient: gradient, rate: rate)
    }

    /// Moves a part of the parameters in step ``stepCount``, which the caller counts; parts may move concurrently.
    func move(_ range: Range<Int>, of parameters: FloatBuffer, gradient: FloatBuffer, rate: Float) {
        let start = range.lowerBound
        zk_adam(
            range.count, parameters.pointer + start, first.pointer + start, second.pointer + start,
            gradient.pointer + start, rate, beta1, beta2, epsilon, Self.biasCorrection(beta1, stepCount),
            Self.biasCorrection(beta2, stepCount), weightDecay)
    }

    /// The same for a table of which a step touches a part: places whose gradient is exactly 0 stay as they are.
    func moveTouched(_ range: Range<Int>, of parameters: FloatBuffer, gradient: FloatBuffer, rate: Float) {
        let start = range.lowerBound
        zk_adam_touched(
            range.count, parameters.pointer + start, first.pointer + start, second.pointer + start,
            gradient.pointer + start, rate, beta1, beta2, epsilon, Self.biasCorrection(beta1, stepCount),
            Self.biasCorrection(beta2, stepCount))
    }

    /// `1 / (1 - βᵗ)`, in Double because βᵗ is close to 1 at first.
    private static func biasCorrection(_ beta: Float, _ step: Int) -> Float {
        var power = 1.0
        var base = Double(beta)
        var exponent = step
        while exponent > 0 {
            if exponent & 1 == 1 { power *= base }
            base *= base
            exponent >>= 1
        }
        return Float(1 / (1 - power))
    }
}

/// Lion; see ``OptimizerKind/lion(beta1:beta2:weightDecay:)``.
final class LionOptimizer: Optimizer {
    private let momentum: FloatBuffer
    private let beta1: Float
    private let beta2: Float
    private let weightDecay: Float
    var stepCount = 0

    init(count: Int, beta1: Float, beta2: Float, weightDecay: Float) {
        momentum = FloatBuffer(count: count)
        self.beta1 = beta1
        self.beta2 = beta2
        self.weightDecay = weightDecay
    }

    var moments: [(name: String, buffer: FloatBuffer)] { [("momentum", momentum)] }

    func step(parameters: FloatBuffer, gradient: FloatBuffer, rate: Float) {
        stepCount += 1
        zk_lion(
            parameters.count, parameters.pointer, momentum.pointer, gradient.pointer, rate, beta1, beta2, weightDecay)
    }
}
