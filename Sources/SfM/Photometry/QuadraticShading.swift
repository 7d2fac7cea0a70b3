// SPDX-License-Identifier: Apache-2.0

import Images

/// Samples of a picture as a quadratic function of the place, for each channel.
///
/// Places are shares of the picture's sides, so that the same shading fits the picture at any size.
struct QuadraticShading {
    /// `[channels][6]`: coefficients of 1, x, y, x², xy, y², with x and y from -1 to 1.
    private let coefficients: [[Double]]

    /// The least-squares fit to some pixels; `nil` when they do not determine it.
    init?(of pixels: [Int], in raster: Raster) {
        var normal = [Double](repeating: 0, count: 36)
        var right = [[Double]](repeating: Array(repeating: 0, count: 6), count: raster.channels)
        for pixel in pixels {
            let terms = Self.terms(at: pixel, in: raster)
            for i in 0..<6 {
                for j in 0..<6 { normal[6 * i + j] += terms[i] * terms[j] }
                for channel in 0..<raster.channels {
                    right[channel][i] += terms[i] * Double(raster.samples[pixel * raster.channels + channel])
                }
            }
        }
        var solutions: [[Double]] = []
        for values in right {
            guard let solution = Self.solve(normal, values) else { return nil }
            solutions.append(solution)
        }
        coefficients = solutions
    }

    /// Largest difference, over the channels, of a pixel from the shading.
    func difference(at pixel: Int, in raster: Raster) -> Double {
        let terms = Self.terms(at: pixel, in: raster)
        var largest = 0.0
        for (channel, coefficients) in coefficients.enumerated() {
            var value = -Double(raster.samples[pixel * raster.channels + channel])
            for i in 0..<6 { value += coefficients[i] * terms[i] }
            largest = max(largest, abs(value))
        }
        return largest
    }

    private static func terms(at pixel: Int, in raster: Raster) -> SIMD8<Double> {
        let x = (2 * Double(pixel % raster.width) + 1) / Double(raster.width) - 1
        let y = (2 * Double(pixel / raster.width) + 1) / Double(raster.height) - 1
        return SIMD8(1, x, y, x * x, x * y, y * y, 0, 0)
    }

    /// Gaussian elimination; `nil` when the positive semidefinite `matrix` is nearly singular.
    private static func solve(_ matrix: [Double], _ right: [Double]) -> [Double]? {
        var (m, x) = (matrix, right)
        let smallest = 1e-10 * (0..<6).reduce(0) { max($0, matrix[7 * $1]) }
        for pivot in 0..<6 {
            guard m[7 * pivot] > smallest else { return nil }
            for row in 0..<6 where row != pivot {
                let factor = m[6 * row + pivot] / m[7 * pivot]
                for column in pivot..<6 { m[6 * row + column] -= factor * m[6 * pivot + column] }
                x[row] -= factor * x[pivot]
            }
        }
        return (0..<6).map { x[$0] / m[7 * $0] }
    }
}
