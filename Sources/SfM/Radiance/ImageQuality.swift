// SPDX-License-Identifier: Apache-2.0

import Images

#if canImport(Glibc)
    import Glibc
#endif

/// Likeness of two pictures of the same size.
public enum ImageQuality {
    /// Peak signal-to-noise ratio over all samples, in decibels: `10 log₁₀(255² / mean squared difference)`; 100 for equal
    /// pictures.
    ///
    /// - Parameters:
    ///   - a: One picture.
    ///   - b: The other, of the same shape.
    ///   - counts: `[height × width]`, 0 where a pixel does not count; `nil` when all do.
    /// - Precondition: the pictures have the same shape.
    public static func psnr(_ a: Raster, _ b: Raster, counts: [UInt8]? = nil) -> Double {
        precondition(
            a.width == b.width && a.height == b.height && a.channels == b.channels, "pictures of different shapes")
        var (sum, number) = (0, 0)
        for index in a.samples.indices where counts.map({ $0[index / a.channels] != 0 }) ?? true {
            let difference = Int(a.samples[index]) - Int(b.samples[index])
            sum += difference * difference
            number += 1
        }
        guard sum > 0 else { return 100 }
        return min(100, 10 * log10(255 * 255 * Double(number) / Double(sum)))
    }

    /// Structural similarity of the shades of grey (Wang et al. 2004), with a uniform window of 7 × 7 pixels.
    ///
    /// - Returns: The mean over all windows, at most 1; 1 for pictures smaller than a window that are equal.
    /// - Precondition: the pictures have the same shape.
    public static func ssim(_ a: Raster, _ b: Raster) -> Double {
        precondition(a.width == b.width && a.height == b.height, "pictures of different sizes")
        let (x, y) = (a.gray.samples, b.gray.samples)
        let (width, height) = (a.width, a.height)
        let side = min(7, min(width, height))
        let (c1, c2) = (0.01 * 255 * 0.01 * 255, 0.03 * 255 * 0.03 * 255)
        let count = Double(side * side)
        // The sums over columns of the window, moved down row by row.
        var columns = [SIMD8<Int>](repeating: .zero, count: width)
        func moments(_ place: Int) -> SIMD8<Int> {
            let (p, q) = (Int(x[place]), Int(y[place]))
            return SIMD8(p, q, p * p, q * q, p * q, 0, 0, 0)
        }
        var total = 0.0
        for row in 0..<height {
            for column in 0..<width {
                columns[column] &+= moments(row * width + column)
                if row >= side { columns[column] &-= moments((row - side) * width + column) }
            }
            guard row + 1 >= side else { continue }
            var sums = SIMD8<Int>.zero
            for column in 0..<width {
                sums &+= columns[column]
                if column >= side { sums &-= columns[column - side] }
                guard column + 1 >= side else { continue }
                let (mx, my) = (Double(sums[0]) / count, Double(sums[1]) / count)
                let (vx, vy) = (Double(sums[2]) / count - mx * mx, Double(sums[3]) / count - my * my)
                let covariance = Double(sums[4]) / count - mx * my
                total +=
                    (2 * mx * my + c1) * (2 * covariance + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))
            }
        }
        return total / Double((width - side + 1) * (height - side + 1))
    }
}
