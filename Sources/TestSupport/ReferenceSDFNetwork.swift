// SPDX-License-Identifier: Apache-2.0

import Geometry

#if canImport(Glibc)
    import Glibc
#endif

/// A hash-grid signed distance network in plain Double arithmetic, written from the equations, for checking the kernels.
///
/// Parameters are kept by the names that checkpoints use.
public struct ReferenceSDFNetwork {
    /// Nonlinearity of the hidden layer.
    public enum Activation: Sendable {
        /// `(z + h)² / 4h` between `-h` and `h`, a ramp elsewhere.
        case quadraticReLU(halfWidth: Double)
        /// `log(1 + exp(β z)) / β`.
        case softplus(sharpness: Double)

        /// Value, first and second derivative at `z`.
        public func callAsFunction(_ z: Double) -> (value: Double, slope: Double, curvature: Double) {
            switch self {
            case .quadraticReLU(let h):
                if z > h { return (z, 1, 0) }
                if z < -h { return (0, 0, 0) }
                return ((z + h) * (z + h) / (4 * h), (z + h) / (2 * h), 1 / (2 * h))
            case .softplus(let beta):
                let s = 1 / (1 + exp(-beta * z))
                return ((max(beta * z, 0) + log1p(exp(-abs(beta * z)))) / beta, s, beta * s * (1 - s))
            }
        }
    }

    /// One corner of a cell: its entry, interpolation weight and the weight's gradient by position.
    struct Corner {
        var entry: Int
        var weight: Double
        var slope: SIMD3<Double>
    }

    /// An encoded point: its numbers, and their gradients by position.
    struct Encoding {
        var values: [Double]
        var slopes: [SIMD3<Double>]
        var corners: [[Corner]]
    }

    /// Cells along each axis of every level.
    public var resolutions: [Int]
    /// Entries of a hashed level, or `nil` where every node has its own.
    public var hashedEntries: [Int?]
    /// The grid covers `[-halfExtent, halfExtent]³`.
    public var halfExtent: Double
    /// Nonlinearity of the hidden layer.
    public var activation: Activation
    /// Numbers by tensor name: `mlp.layers.0.weight` `[width × inputs]`, `mlp.layers.1.weight` `[width]`, their biases, and
    /// `grid.levels.N.table` `[entries × 2]`.
    public var parameters: [String: [Double]]

    /// A network with the given shape and parameters.
    public init(
        resolutions: [Int], hashedEntries: [Int?], halfExtent: Double, activation: Activation,
        parameters: [String: [Double]]
    ) {
        self.resolutions = resolutions
        self.hashedEntries = hashedEntries
        self.halfExtent = halfExtent
        self.activation = activation
        self.parameters = parameters
    }

    private func numbers(_ name: String) -> [Double] { parameters[name] ?? [] }

    private func corners(of point: SIMD3<Double>, level: Int) -> [Corner] {
        let cells = resolutions[level]
        let scale = Double(cells) / (2 * halfExtent)
        var low = SIMD3<Int>.zero
        var fraction = SIMD3<Double>.zero
        var slope = SIMD3<Double>.zero
        for axis in 0..<3 {
            let free = (point[axis] + halfExtent) * scale
            let q = min(max(free, 0), Double(cells))
            low[axis] = min(Int(q), cells - 1)
            fraction[axis] = q - Double(low[axis])
            slope[axis] = free == q ? scale : 0
        }
        return (0..<8).map { corner in
            var weights = SIMD3<Double>.zero
            var signs = SIMD3<Double>.zero
            var node = SIMD3<Int>.zero
            for axis in 0..<3 {
                let upper = corner >> axis & 1
                node[axis] = low[axis] + upper
                weights[axis] = upper == 1 ? fraction[axis] : 1 - fraction[axis]
                signs[axis] = upper == 1 ? slope[axis] : -slope[axis]
            }
            let entry: Int
            if let entries = hashedEntries[level] {
                let hash =
                    UInt32(node.x) ^ (UInt32(node.y) &* 2_654_435_761) ^ (UInt32(node.z) &* 805_459_861)
                entry = Int(hash) & (entries - 1)
            } else {
                entry = (node.z * (cells + 1) + node.y) * (cells + 1) + node.x
            }
            return Corner(
                entry: entry, weight: weights.x * weights.y * weights.z,
                slope: signs
                    * SIMD3(weights.y * weights.z, weights.x * weights.z, weights.x * weights.y))
        }
    }

    func encode(_ point: SIMD3<Double>) -> Encoding {
        var result = Encoding(
            values: [point.x, point.y, point.z], slopes: [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)], corners: [])
        for level in resolutions.indices {
            let table = numbers("grid.levels.\(level).table")
            let corners = corners(of: point, level: level)
            for feature in 0..<2 {
                var value = 0.0
                var slope = SIMD3<Double>.zero
                for corner in corners {
                    value += corner.weight * table[2 * corner.entry + feature]
                    slope += corner.slope * table[2 * corner.entry + feature]
                }
                result.values.append(value)
                result.slopes.append(slope)
            }
            result.corners.append(corners)
        }
        return result
    }

    /// The encoded point: itself, then two features for each level.
    public func encoding(at point: SIMD3<Double>) -> [Double] { encode(point).values }

    /// The field's value at `point` and its gradient by position.
    public func valueAndGradient(at point: SIMD3<Double>) -> (value: Double, gradient: SIMD3<Double>) {
        let encoding = encode(point)
        let (hidden, bias, output) = layers
        var value = numbers("mlp.layers.1.bias")[0]
        var gradient = SIMD3<Double>.zero
        let inputs = encoding.values.count
        for unit in output.indices {
            var z = bias[unit]
            var slope = SIMD3<Double>.zero
            for input in 0..<inputs {
                z += hidden[unit * inputs + input] * encoding.values[input]
                slope += hidden[unit * inputs + input] * encoding.slopes[input]
            }
            let activated = activation(z)
            value += output[unit] * activated.value
            gradient += output[unit] * activated.slope * slope
        }
        return (value, gradient)
    }

    private var layers: (hidden: [Double], bias: [Double], output: [Double]) {
        (numbers("mlp.layers.0.weight"), numbers("mlp.layers.0.bias"), numbers("mlp.layers.1.weight"))
    }

    /// Gradient by all parameters of `Σ valueAdjoint · f + gradientAdjoint · ∇f`, by the formulas of a reverse pass over the
    /// gradient's own computation.
    public func parameterGradient(
        points: [SIMD3<Double>], valueAdjoints: [Double], gradientAdjoints: [SIMD3<Double>]
    ) -> [String: [Double]] {
        var result = parameters.mapValues { [Double](repeating: 0, count: $0.count) }
        let (hidden, bias, output) = layers
        for (index, point) in points.enumerated() {
            let encoding = encode(point)
            let (byValue, byGradient) = (valueAdjoints[index], gradientAdjoints[index])
            let inputs = encoding.values.count
            let tangent = encoding.slopes.map { $0.dot(byGradient) }
            var inputAdjoint = [Double](repeating: 0, count: inputs)
            var inputSlope = [Double](repeating: 0, count: inputs)
            for unit in output.indices {
                let row = hidden[unit * inputs..<(unit + 1) * inputs]
                let a = activation(bias[unit] + zip(row, encoding.values).reduce(0) { $0 + $1.0 * $1.1 })
                let push = zip(row, tangent).reduce(0) { $0 + $1.0 * $1.1 }
                let adjoint = output[unit] * (byValue * a.slope + a.curvature * push)
                result["mlp.layers.1.weight"]?[unit] += byValue * a.value + a.slope * push
                result["mlp.layers.0.bias"]?[unit] += adjoint
                for (input, weight) in zip(0..., row) {
                    result["mlp.layers.0.weight"]?[unit * inputs + input] +=
                        adjoint * encoding.values[input] + output[unit] * a.slope * tangent[input]
                    inputAdjoint[input] += weight * adjoint
                    inputSlope[input] += weight * output[unit] * a.slope
                }
            }
            result["mlp.layers.1.bias"]?[0] += byValue
            for (level, corners) in encoding.corners.enumerated() {
                for corner in corners {
                    for feature in 0..<2 {
                        let input = 3 + 2 * level + feature
                        result["grid.levels.\(level).table"]?[2 * corner.entry + feature] +=
                            corner.weight * inputAdjoint[input] + corner.slope.dot(byGradient) * inputSlope[input]
                    }
                }
            }
        }
        return result
    }
}
