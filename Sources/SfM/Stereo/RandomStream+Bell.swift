// SPDX-License-Identifier: Apache-2.0

import Geometry

extension RandomStream {
    /// A bell-shaped random number with mean 0 and variance 1: the sum of four uniform ones, 16 bits each of one draw.
    @inline(__always)
    mutating func bell() -> Float {
        let bits = next()
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
        // Four uniform numbers have mean 2 and variance 1/3.
        return (Float(sum) * 0x1p-16 - 2) * 1.732_050_8
    }

    /// Three of them.
    @inline(__always)
    mutating func bellVector() -> SIMD3<Float> {
        let (x, y, z) = (bell(), bell(), bell())
        return SIMD3(x, y, z)
    }

    /// Uniform in a closed range.
    @inline(__always)
    mutating func uniform(between range: ClosedRange<Float>) -> Float {
        min(range.lowerBound + (range.upperBound - range.lowerBound) * uniform(), range.upperBound)
    }
}
