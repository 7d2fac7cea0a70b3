// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Where a patch of one picture, seen on a plane of the scene, really lies on another picture.
///
/// Lucas and Kanade's iteration for a shift of the warped patch, with gain and bias of the greys free (Baker and Matthews 2004).
package struct PatchAlignment: Hashable, Sendable {
    /// From where the plane is projected to where the patch looks alike, in pixels of the other picture.
    package let shift: SIMD2<Double>
    /// Weighted correlation of greys there.
    package let correlation: Double
    /// Standard deviation of the shift in its weakest direction, in pixels, by the residuals.
    package let deviation: Double

    /// Pixels from the middle of a patch to its border.
    package static let reach = 5
    private static let maximumSteps = 12
    /// A patch that slides farther has found something else.
    private static let largestShift = 2.5
    /// Ends when a step is shorter, in pixels.
    private static let tolerance = 0.01

    /// Aligns the patch about `pixel` of `level` with what `other` shows of the plane behind `warp`.
    ///
    /// - Returns: `nil` when the patch leaves a picture, has no texture in some direction or slides away.
    package init?(
        about pixel: (column: Int, row: Int), of level: GrayView.Level, with other: GrayView.Level,
        through warp: PlaneWarp
    ) {
        let reach = Self.reach
        guard pixel.column >= reach, pixel.row >= reach, pixel.column < level.image.width - reach,
            pixel.row < level.image.height - reach, warp.isSimilar(within: reach)
        else { return nil }
        var shift = SIMD2<Double>.zero
        for _ in 0..<Self.maximumSteps {
            guard
                let sums = Sums(about: pixel, of: level.image, with: other.image, through: warp, shift: shift),
                let step = sums.step
            else { return nil }
            if step.length < Self.tolerance {
                guard let deviation = sums.deviation else { return nil }
                (self.shift, self.deviation, correlation) = (shift, deviation, sums.correlation)
                return
            }
            shift += step
            guard shift.length < Self.largestShift else { return nil }
        }
        return nil
    }

    /// Weights fall as a Gaussian with a standard deviation of 3 pixels.
    private static let weights: [Double] = (0..<(2 * reach + 1) * (2 * reach + 1)).map { place in
        let (x, y) = (place % (2 * reach + 1) - reach, place / (2 * reach + 1) - reach)
        // A rational bell: a power series to the fourth order of the exponential's inverse.
        let r = Double(x * x + y * y) / 18
        return 1 / (1 + r * (1 + r * (0.5 + r / 6)))
    }

    /// Weighted moments of both patches: grey r of the first, g of the second with slopes along x and y.
    private struct Sums {
        var weight = 0.0
        var squareR = 0.0
        /// Second moments of (g, slope x, slope y), means taken out.
        var matrix = Matrix3(columns: .zero, .zero, .zero)
        /// Products with r.
        var product = SIMD3<Double>.zero

        init?(
            about pixel: (column: Int, row: Int), of image: PackedImage, with other: PackedImage,
            through warp: PlaneWarp, shift: SIMD2<Double>
        ) {
            let reach = PatchAlignment.reach
            var (meanR, mean) = (0.0, SIMD3<Double>.zero)
            var (xx, yy, zz, xy, xz, yz) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
            var place = 0
            for y in -reach...reach {
                for x in -reach...reach {
                    let w = PatchAlignment.weights[place]
                    place += 1
                    guard let at = warp.pixel(at: SIMD2(Double(x), Double(y))),
                        let v = other.sample(at: at + shift)
                    else { return nil }
                    let r = Double(image[pixel.column + x, pixel.row + y])
                    weight += w
                    meanR += w * r
                    mean += w * v
                    squareR += w * r * r
                    product += w * r * v
                    (xx, yy, zz) = (xx + w * v.x * v.x, yy + w * v.y * v.y, zz + w * v.z * v.z)
                    (xy, xz, yz) = (xy + w * v.x * v.y, xz + w * v.x * v.z, yz + w * v.y * v.z)
                }
            }
            meanR /= weight
            mean /= weight
            squareR -= weight * meanR * meanR
            product -= (weight * meanR) * mean
            let m = weight * mean
            matrix = Matrix3(
                rows: SIMD3(xx - m.x * mean.x, xy - m.x * mean.y, xz - m.x * mean.z),
                SIMD3(xy - m.x * mean.y, yy - m.y * mean.y, yz - m.y * mean.z),
                SIMD3(xz - m.x * mean.z, yz - m.y * mean.z, zz - m.z * mean.z))
        }

        /// (gain, gain · step): r ≈ gain · (g + slopes · step) + bias.
        private var solution: SIMD3<Double>? { matrix.inverse.map { $0 * product } }

        /// The step towards a better match.
        var step: SIMD2<Double>? {
            guard let solution, solution.x > 0.2, solution.x < 5 else { return nil }
            return SIMD2(solution.y, solution.z) / solution.x
        }

        var correlation: Double { product.x / max(1e-12, matrix[0, 0] * squareR).squareRoot() }

        /// From the variance of what the fit leaves over, as weights say how many pixels there are.
        var deviation: Double? {
            guard let inverse = matrix.inverse, let solution else { return nil }
            let residual = max(0, squareR - solution.dot(product)) / weight
            let (a, b, c) = (inverse[1, 1], inverse[2, 2], inverse[1, 2])
            let largest = 0.5 * (a + b) + (0.25 * (a - b) * (a - b) + c * c).squareRoot()
            let variance = residual * largest / (solution.x * solution.x)
            return variance.isFinite && variance >= 0 ? variance.squareRoot() : nil
        }
    }
}

extension PackedImage {
    /// Grey and its slopes along x and y, by bilinear interpolation; `nil` outside. Pixel centres lie at halves.
    func sample(at place: SIMD2<Double>) -> SIMD3<Double>? {
        let (x, y) = (place.x - 0.5, place.y - 0.5)
        guard x >= 0, y >= 0, x < Double(width - 1), y < Double(height - 1) else { return nil }
        let (column, row) = (Int(x), Int(y))
        let (s, t) = (x - Double(column), y - Double(row))
        let word = words[row * width + column]
        let (a, b) = (Double(word & 255), Double(word >> 8 & 255))
        let (c, d) = (Double(word >> 16 & 255), Double(word >> 24))
        let (upper, lower) = (a + s * (b - a), c + s * (d - c))
        return SIMD3(upper + t * (lower - upper), (b - a) + t * ((d - c) - (b - a)), lower - upper)
    }
}
