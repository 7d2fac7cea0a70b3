// SPDX-License-Identifier: Apache-2.0

extension Quaternion {
    /// The rotation `R` that maximises `trace(Rᵀ M)`, the one nearest to `M` when that is close to a rotation.
    ///
    /// With `M = Σ yᵢ xᵢᵀ` it turns the vectors `x` onto the vectors `y` with the least sum of squares. Davenport's q-method
    /// (Horn 1987, "Closed-form solution of absolute orientation using unit quaternions"): the eigenvector of the largest
    /// eigenvalue of a symmetric 4 × 4 matrix, always a rotation and never a reflection.
    package init(nearest m: Matrix3) {
        let trace = m[0, 0] + m[1, 1] + m[2, 2]
        let skew = SIMD3(m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1])
        var rows = [[trace, skew.x, skew.y, skew.z]]
        for row in 0..<3 {
            let part = (0..<3).map { m[row, $0] + m[$0, row] - (row == $0 ? trace : 0) }
            rows.append([skew[row]] + part)
        }
        let q = SymmetricEigen(rows).vectors[3]
        self.init(w: q[0], x: q[1], y: q[2], z: q[3])
    }
}
