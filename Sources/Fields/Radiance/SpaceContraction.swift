// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Takes all space to the cube `[-2, 2]³`, the cube `[-1, 1]³` to itself.
///
/// `x ↦ (2 - 1/‖x‖) x/‖x‖` outside, with the largest coordinate as norm (after Barron et al., CVPR 2022, eq. 10).
package enum SpaceContraction {
    @inline(__always)
    package static func contract(_ point: SIMD3<Float>) -> SIMD3<Float> {
        let norm = largest(point)
        return norm <= 1 ? point : point * ((2 - 1 / norm) / norm)
    }

    @inline(__always)
    private static func largest(_ v: SIMD3<Float>) -> Float { max(abs(v.x), max(abs(v.y), abs(v.z))) }
}
