// SPDX-License-Identifier: Apache-2.0

/// A stream of random numbers named by what is computed, never by which thread computes it.
///
/// The name (seed, label, indices) is hashed into the state of a SplitMix64 generator (Steele, Lea, Flood 2014), so any
/// work item can open its own stream in constant time and results do not depend on scheduling.
///
/// ```swift
/// var random = RandomStream(seed: options.seed, label: "batch", UInt64(step), UInt64(block))
/// ```
public struct RandomStream: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Opens the stream called `label` with `indices` under `seed`.
    public init(seed: UInt64, label: StaticString, _ indices: UInt64...) {
        var hash = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
        label.withUTF8Buffer { for byte in $0 { hash = Self.mix(hash ^ UInt64(byte)) } }
        for index in indices { hash = Self.mix(hash &+ 0x9E37_79B9_7F4A_7C15 ^ index) }
        state = hash
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// 64 uniform random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// Uniform in `0 ..< 1`, 24 random bits.
    public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

    /// Uniform in `0 ..< 1`, 53 random bits.
    public mutating func uniformDouble() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform in `range`.
    public mutating func uniform(in range: Range<Float>) -> Float {
        let value = range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
        // Rounding may reach the upper bound, which does not belong to the range.
        return value < range.upperBound ? value : range.upperBound.nextDown
    }

    /// Uniform among `0 ..< bound`; the bias of the multiply-shift is below `bound / 2⁶⁴`.
    ///
    /// - Precondition: `bound > 0`.
    public mutating func index(below bound: Int) -> Int {
        precondition(bound > 0, "cannot draw from an empty range")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }
}
