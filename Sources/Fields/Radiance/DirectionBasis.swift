// SPDX-License-Identifier: Apache-2.0

/// Real spherical harmonics of first and second order of a unit vector, without the constant and without factors: what
/// tells a network from where a place is seen.
package enum DirectionBasis {
    /// Number of functions.
    package static let count = 8

    @inline(__always)
    package static func write(_ d: SIMD3<Float>, to target: UnsafeMutablePointer<Float>) {
        target[0] = d.x
        target[1] = d.y
        target[2] = d.z
        target[3] = d.x * d.y
        target[4] = d.y * d.z
        target[5] = d.x * d.z
        target[6] = d.x * d.x - d.y * d.y
        target[7] = 1.5 * d.z * d.z - 0.5
    }
}
