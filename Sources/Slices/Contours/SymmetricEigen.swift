// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Eigenvalues and eigenvectors of a symmetric 3 × 3 matrix, by cyclic Jacobi rotations.
///
/// Golub and Van Loan, Matrix Computations, 8.5. Slower than a closed form, but accurate to rounding for nearly equal and
/// for nearly zero eigenvalues, which is where planes are decided.
struct SymmetricEigen {
    /// Ascending.
    let values: SIMD3<Double>
    /// Unit vectors, in the order of `values`, orthogonal to rounding.
    let vectors: [SIMD3<Double>]

    /// Decomposes the matrix with the given diagonal (xx, yy, zz) and off-diagonal (xy, xz, yz) entries.
    init(diagonal: SIMD3<Double>, offDiagonal: SIMD3<Double>) {
        var a = [
            [diagonal.x, offDiagonal.x, offDiagonal.y],
            [offDiagonal.x, diagonal.y, offDiagonal.z],
            [offDiagonal.y, offDiagonal.z, diagonal.z],
        ]
        var v: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        // Convergence is quadratic; 6 sweeps are usual, 30 a bound for odd input.
        for _ in 0..<30 {
            if a[0][1] == 0 && a[0][2] == 0 && a[1][2] == 0 { break }
            for (p, q) in [(0, 1), (0, 2), (1, 2)] where a[p][q] != 0 { Self.rotate(&a, &v, p, q) }
        }
        let order = [0, 1, 2].sorted { (a[$0][$0], $0) < (a[$1][$1], $1) }
        values = SIMD3(a[order[0]][order[0]], a[order[1]][order[1]], a[order[2]][order[2]])
        vectors = order.map { SIMD3(v[0][$0], v[1][$0], v[2][$0]) }
    }

    private static func rotate(_ a: inout [[Double]], _ v: inout [[Double]], _ p: Int, _ q: Int) {
        let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let tangent = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
        let cosine = 1 / (tangent * tangent + 1).squareRoot()
        let sine = tangent * cosine
        for k in 0..<3 {
            let (kp, kq) = (a[k][p], a[k][q])
            a[k][p] = cosine * kp - sine * kq
            a[k][q] = sine * kp + cosine * kq
        }
        for k in 0..<3 {
            let (pk, qk) = (a[p][k], a[q][k])
            a[p][k] = cosine * pk - sine * qk
            a[q][k] = sine * pk + cosine * qk
        }
        a[p][q] = 0
        a[q][p] = 0
        for k in 0..<3 {
            let (kp, kq) = (v[k][p], v[k][q])
            v[k][p] = cosine * kp - sine * kq
            v[k][q] = sine * kp + cosine * kq
        }
    }
}
