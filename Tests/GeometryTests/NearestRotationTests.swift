// SPDX-License-Identifier: Apache-2.0

import Geometry
import Testing

@Test func quaternionsFromFilesKeepTheirBits() throws {
    for seed in UInt64(0)..<200 {
        var random = RandomStream(seed: seed, label: "stored")
        let part = { (random: inout RandomStream) in random.uniformDouble() - 0.5001 }
        let q = Quaternion(w: part(&random), x: part(&random), y: part(&random), z: part(&random))
        #expect(Quaternion(stored: q.w, q.xyz.x, q.xyz.y, q.xyz.z) == q, "seed \(seed)")
        let long = try #require(Quaternion(stored: 3 * q.w, 3 * q.xyz.x, 3 * q.xyz.y, 3 * q.xyz.z))
        #expect(abs(long.w - q.w) < 1e-15 && (long.xyz - q.xyz).length < 1e-15)
    }
    for bad in [0, 1e-9, 1e9, 1e200, .nan, .infinity] { #expect(Quaternion(stored: bad, 0, 0, 0) == nil, "\(bad)") }
}

@Test func nearestRotationOfARotationIsItself() {
    for seed in UInt64(0)..<200 {
        var random = RandomStream(seed: seed, label: "nearest")
        let part = { (random: inout RandomStream) in random.uniformDouble() - 0.5001 }
        let q = Quaternion(w: part(&random), x: part(&random), y: part(&random), z: part(&random))
        let turned = Quaternion(nearest: 5 * q.matrix)
        #expect((turned * q.inverse).angle < 1e-14, "seed \(seed)")
        // Of a reflection too a rotation comes out, and none of its neighbours fits better.
        let mirror = Matrix3(columns: SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, -0.5)) * q.matrix
        let best = Quaternion(nearest: mirror)
        let fit = { (r: Quaternion) in zip(r.matrix.rowMajor, mirror.rowMajor).reduce(0) { $0 + $1.0 * $1.1 } }
        for axis in [SIMD3(1e-3, 0, 0), SIMD3(0, 1e-3, 0), SIMD3(0, 0, -1e-3)] {
            #expect(fit(Quaternion(rotationVector: axis) * best) < fit(best), "seed \(seed)")
        }
    }
}
