// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Random functions of space that never repeat: everything comes from hashes of integer lattice coordinates.
struct LatticeNoise: Sendable {
    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    private static let strides: (UInt64, UInt64, UInt64) = (
        0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F, 0xD6E8_FEB8_6659_FD93
    )

    /// The lattice cell of `point` as one number, and where in the cell it lies, in `0 ..< 1`.
    @inline(__always)
    private func cell(_ point: SIMD3<Double>) -> (key: UInt64, fraction: SIMD3<Double>) {
        let floor = point.rounded(.down)
        let x = UInt64(bitPattern: Int64(floor.x)) &* Self.strides.0
        let y = UInt64(bitPattern: Int64(floor.y)) &* Self.strides.1
        let z = UInt64(bitPattern: Int64(floor.z)) &* Self.strides.2
        return (seed &+ x &+ y &+ z, point - floor)
    }

    /// The finaliser of SplitMix64 without its first shift: the keys already differ in their high bits.
    @inline(__always)
    private func hash(_ key: UInt64) -> UInt64 {
        var z = (key ^ (key >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Gradient noise (Perlin 1985, quintic weights of 2002) with random gradients: mean 0, mostly within ±0.5.
    ///
    /// - Parameter point: In lattice cells: the shortest wave is about 1 long. Coordinates below 2⁶² in size.
    @inline(__always)
    func gradient(_ point: SIMD3<Double>) -> Double {
        let (key, f) = cell(point)
        let w = f * f * f * (f * (f * 6 - 15) + 10)
        var planes = (0.0, 0.0)
        for k in 0..<2 {
            var rows = (0.0, 0.0)
            for j in 0..<2 {
                let corner = key &+ (j == 1 ? Self.strides.1 : 0) &+ (k == 1 ? Self.strides.2 : 0)
                let offset = f - SIMD3(0, Double(j), Double(k))
                let left = slope(hash(corner), offset)
                let right = slope(hash(corner &+ Self.strides.0), offset - SIMD3(1, 0, 0))
                let value = left + w.x * (right - left)
                if j == 0 { rows.0 = value } else { rows.1 = value }
            }
            let value = rows.0 + w.y * (rows.1 - rows.0)
            if k == 0 { planes.0 = value } else { planes.1 = value }
        }
        return planes.0 + w.z * (planes.1 - planes.0)
    }

    /// Inner product of `offset` with a gradient whose components are three bytes of `hash`, in −1 ..< 1.
    @inline(__always)
    private func slope(_ hash: UInt64, _ offset: SIMD3<Double>) -> Double {
        let x = Double(Int8(truncatingIfNeeded: hash))
        let y = Double(Int8(truncatingIfNeeded: hash >> 8))
        let z = Double(Int8(truncatingIfNeeded: hash >> 16))
        return (x * offset.x + y * offset.y + z * offset.z) * (1.0 / 128)
    }

    /// A dot: how much of it covers a point, and a random number that is its own.
    struct Speckle {
        /// 0 outside, 1 inside, with a soft rim.
        var cover: Double
        /// 16 random bits, the same all over the dot.
        var kind: UInt16
    }

    /// The dot, if any, in the lattice cell of `point`: `share` of the cells hold one, of radius 0.15 to 0.45 cells.
    @inline(__always)
    func speckle(_ point: SIMD3<Double>, share: Double) -> Speckle? {
        let (key, f) = cell(point)
        let bits = hash(key)
        guard Double(bits & 0xFF) < 256 * share else { return nil }
        let radius = 0.15 + 0.3 * Double(bits >> 8 & 0xFF) / 255
        let place = SIMD3(Double(bits >> 16 & 0xFF), Double(bits >> 24 & 0xFF), Double(bits >> 32 & 0xFF)) / 255
        let center = SIMD3(repeating: radius) + place * (1 - 2 * radius)
        let depth = (radius - (f - center).length) / (0.25 * radius)
        guard depth > 0 else { return nil }
        return Speckle(cover: min(depth, 1), kind: UInt16(truncatingIfNeeded: bits >> 48))
    }
}
