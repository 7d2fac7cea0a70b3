// SPDX-License-Identifier: Apache-2.0

/// Eigenvalues and eigenvectors of a small symmetric matrix, by cyclic Jacobi rotations.
///
/// Golub and Van Loan, Matrix Computations, 8.5. Slower than a closed form, but accurate to rounding for nearly equal and
/// for nearly zero eigenvalues, which is where planes are decided.
package struct SymmetricEigen {
    /// Ascending.
    package let values: [Double]
    /// Unit vectors, in the order of `values`, orthogonal to rounding.
    package let vectors: [[Double]]

    /// Decomposes a symmetric matrix given by its rows.
    ///
    /// - Precondition: `matrix` is square.
    package init(_ matrix: [[Double]]) {
        let size = matrix.count
        precondition(matrix.allSatisfy { $0.count == size }, "the matrix is not square")
        var a = matrix
        var v = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0.0 } }
        let places = (0..<size).flatMap { p in ((p + 1)..<max(size, p + 1)).map { (p, $0) } }
        // Convergence is quadratic; 6 sweeps are usual, 30 a bound for odd input.
        for _ in 0..<30 {
            if places.allSatisfy({ a[$0][$1] == 0 }) { break }
            for (p, q) in places where a[p][q] != 0 { Self.rotate(&a, &v, p, q) }
        }
        let order = (0..<size).sorted { (a[$0][$0], $0) < (a[$1][$1], $1) }
        values = order.map { a[$0][$0] }
        vectors = order.map { column in (0..<size).map { v[$0][column] } }
    }

    /// Decomposes the 3 × 3 matrix with the given diagonal (xx, yy, zz) and off-diagonal (xy, xz, yz) entries.
    package init(diagonal: SIMD3<Double>, offDiagonal: SIMD3<Double>) {
        self.init([
            [diagonal.x, offDiagonal.x, offDiagonal.y],
            [offDiagonal.x, diagonal.y, offDiagonal.z],
            [offDiagonal.y, offDiagonal.z, diagonal.z],
        ])
    }

    private static func rotate(_ a: inout [[Double]], _ v: inout [[Double]], _ p: Int, _ q: Int) {
        let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let tangent = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
        let cosine = 1 / (tangent * tangent + 1).squareRoot()
        let sine = tangent * cosine
        for k in a.indices {
            let (kp, kq) = (a[k][p], a[k][q])
            a[k][p] = cosine * kp - sine * kq
            a[k][q] = sine * kp + cosine * kq
        }
        for k in a.indices {
            let (pk, qk) = (a[p][k], a[q][k])
            a[p][k] = cosine * pk - sine * qk
            a[q][k] = sine * pk + cosine * qk
        }
        a[p][q] = 0
        a[q][p] = 0
        for k in a.indices {
            let (kp, kq) = (v[k][p], v[k][q])
            v[k][p] = cosine * kp - sine * kq
            v[k][q] = sine * kp + cosine * kq
        }
    }
}
