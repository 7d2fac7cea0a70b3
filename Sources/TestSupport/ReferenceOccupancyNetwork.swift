// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#endif

/// The iterative occupancy network in plain Double arithmetic, written from the equations, for checking the kernels.
///
/// Values carry their derivative by the three coordinates of the point along (forward mode), so the gradient penalty is
/// exact and parameter gradients can be checked by central differences of the whole loss.
public struct ReferenceOccupancyNetwork {
    /// A number and its gradient by the point's coordinates.
    public struct Dual {
        /// The number.
        public var value: Double
        /// Its gradient.
        public var slope: SIMD3<Double>

        /// A number with its gradient, zero for constants.
        public init(_ value: Double, _ slope: SIMD3<Double> = .zero) {
            self.value = value
            self.slope = slope
        }
    }

    /// Widths of the perceptron's layers, input and output included.
    public var widths: [Int]
    /// Times the perceptron is applied.
    public var iterations: Int
    /// Numbers carried from one application to the next besides the logit.
    public var stateWidth: Int
    /// Softplus sharpness, or `nil` for a leaky ramp of slope `leak`.
    public var sharpness: Double?
    /// Slope of the ramp below zero.
    public var leak = 0.0
    /// `[out × in]` row-major, one for each layer.
    public var weights: [[Double]]
    /// `[out]`, one for each layer.
    public var biases: [[Double]]
    /// Cosine frequencies, then sine frequencies.
    public var frequencies: [Double]
    /// Logit before the first iteration.
    public var initialLogit: Double
    /// State before the first iteration.
    public var initialState: [Double]

    /// A network with the given parameters.
    public init(
        widths: [Int], iterations: Int, stateWidth: Int, sharpness: Double?, leak: Double, weights: [[Double]],
        biases: [[Double]], frequencies: [Double], initialLogit: Double, initialState: [Double]
    ) {
        self.widths = widths
        self.iterations = iterations
        self.stateWidth = stateWidth
        self.sharpness = sharpness
        self.leak = leak
        self.weights = weights
        self.biases = biases
        self.frequencies = frequencies
        self.initialLogit = initialLogit
        self.initialState = initialState
    }

    func activate(_ z: Dual) -> Dual {
        guard let sharpness else {
            let slope = z.value > 0 ? 1 : leak
            return Dual(z.value * slope, z.slope * slope)
        }
        let scaled = z.value * sharpness
        let value = (max(scaled, 0) + log1p(exp(-abs(scaled)))) / sharpness
        return Dual(value, z.slope / (1 + exp(-scaled)))
    }

    func encode(_ point: SIMD3<Double>) -> [Dual] {
        let half = frequencies.count / 2
        let axes: [SIMD3<Double>] = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
        var result = (0..<3).map { Dual(point[$0], axes[$0]) }
        for f in frequencies[..<half] {
            for j in 0..<3 { result.append(Dual(cos(f * point[j]), axes[j] * (-f * sin(f * point[j])))) }
        }
        for g in frequencies[half...] {
            for j in 0..<3 { result.append(Dual(sin(g * point[j]), axes[j] * (g * cos(g * point[j])))) }
        }
        return result
    }

    /// Logits after each iteration, with their gradients by the point.
    public func logits(at point: SIMD3<Double>) -> [Dual] {
        let encoding = encode(point)
        var state = initialState.map { Dual($0) }
        var logit = Dual(initialLogit)
        var result: [Dual] = []
        let half = (stateWidth + 1) / 2
        for iteration in 0..<iterations {
            for column in 0..<stateWidth {
                let angle = Double(iteration) * exp2(Double(min(column % half, 15)))
                state[column].value += column < half ? sin(angle) : cos(angle)
            }
            var values = state + [logit] + encoding
            for layer in 0..<weights.count {
                values = (0..<widths[layer + 1]).map { row in
                    var sum = Dual(biases[layer][row])
                    for column in 0..<widths[layer] {
                        let weight = weights[layer][row * widths[layer] + column]
                        sum.value += weight * values[column].value
                        sum.slope += weight * values[column].slope
                    }
                    return layer + 1 < weights.count ? activate(sum) : sum
                }
            }
            state = Array(values[..<stateWidth])
            logit = Dual(logit.value + values[stateWidth].value, logit.slope + values[stateWidth].slope)
            result.append(logit)
        }
        return result
    }

    /// The training loss over all points; the first `penalizedRows` points carry the gradient penalty.
    ///
    /// - Parameters:
    ///   - weight: Of the penalty.
    ///   - lastIterationWeight: Of the last logit's cross-entropy, relative to that of each earlier one.
    public func loss(
        points: [SIMD3<Double>], labels: [Double], penalizedRows: Int, threshold: Double, weight: Double,
        lastIterationWeight: Double = 1
    ) -> Double {
        var entropy = 0.0
        var penalty = 0.0
        for (index, point) in points.enumerated() {
            let all = logits(at: point)
            for (iteration, logit) in all.enumerated() {
                let z = logit.value
                let share = iteration == iterations - 1 ? lastIterationWeight : 1
                entropy += share * (max(z, 0) - z * labels[index] + log1p(exp(-abs(z))))
            }
            if index < penalizedRows, let last = all.last {
                penalty += max((last.slope * last.slope).sum().squareRoot() - threshold, 0)
            }
        }
        let total = Double(iterations - 1) + lastIterationWeight
        return entropy / (total * Double(points.count)) + weight * penalty / Double(max(1, penalizedRows))
    }
}
