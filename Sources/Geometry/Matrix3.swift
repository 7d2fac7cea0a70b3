// SPDX-License-Identifier: Apache-2.0

/// A 3×3 matrix of doubles.
public struct Matrix3: Hashable, Sendable, Codable {
    private var column0: SIMD3<Double>
    private var column1: SIMD3<Double>
    private var column2: SIMD3<Double>

    /// The matrix with these three columns.
    public init(columns c0: SIMD3<Double>, _ c1: SIMD3<Double>, _ c2: SIMD3<Double>) {
        column0 = c0
        column1 = c1
        column2 = c2
    }

    /// The matrix with these three rows.
    public init(rows r0: SIMD3<Double>, _ r1: SIMD3<Double>, _ r2: SIMD3<Double>) {
        self.init(columns: SIMD3(r0.x, r1.x, r2.x), SIMD3(r0.y, r1.y, r2.y), SIMD3(r0.z, r1.z, r2.z))
    }

    /// Nine numbers, row by row.
    ///
    /// - Precondition: `values` has nine elements.
    public init(rowMajor values: some Collection<Double>) {
        precondition(values.count == 9, "a 3×3 matrix has 9 elements, not \(values.count)")
        let v = Array(values)
        self.init(rows: SIMD3(v[0], v[1], v[2]), SIMD3(v[3], v[4], v[5]), SIMD3(v[6], v[7], v[8]))
    }

    /// Ones on the diagonal.
    public static let identity = Matrix3(columns: SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))

    /// The matrix `[v]×` with `[v]× · x = v × x`.
    public static func cross(_ v: SIMD3<Double>) -> Matrix3 {
        Matrix3(rows: SIMD3(0, -v.z, v.y), SIMD3(v.z, 0, -v.x), SIMD3(-v.y, v.x, 0))
    }

    /// The element at `row`, `column`, both from 0.
    public subscript(row: Int, column: Int) -> Double {
        get { (column == 0 ? column0 : column == 1 ? column1 : column2)[row] }
        set {
            switch column {
            case 0: column0[row] = newValue
            case 1: column1[row] = newValue
            default: column2[row] = newValue
            }
        }
    }

    /// The nine elements, row by row.
    public var rowMajor: [Double] { (0..<3).flatMap { row in (0..<3).map { self[row, $0] } } }

    /// Rows and columns exchanged.
    public var transpose: Matrix3 { Matrix3(rows: column0, column1, column2) }

    /// Sum of the products along the diagonals.
    public var determinant: Double { column0.dot(column1.cross(column2)) }

    /// The inverse by cofactors, or `nil` when the determinant is zero or not finite.
    public var inverse: Matrix3? {
        let determinant = determinant
        guard determinant != 0, determinant.isFinite else { return nil }
        return Matrix3(
            rows: column1.cross(column2) / determinant, column2.cross(column0) / determinant,
            column0.cross(column1) / determinant)
    }

    /// Matrix times vector.
    public static func * (matrix: Matrix3, vector: SIMD3<Double>) -> SIMD3<Double> {
        matrix.column0 * vector.x + matrix.column1 * vector.y + matrix.column2 * vector.z
    }

    /// Matrix product.
    public static func * (a: Matrix3, b: Matrix3) -> Matrix3 {
        Matrix3(columns: a * b.column0, a * b.column1, a * b.column2)
    }

    /// Every element times `factor`.
    public static func * (factor: Double, matrix: Matrix3) -> Matrix3 {
        Matrix3(columns: factor * matrix.column0, factor * matrix.column1, factor * matrix.column2)
    }

    /// Element by element.
    public static func + (a: Matrix3, b: Matrix3) -> Matrix3 {
        Matrix3(columns: a.column0 + b.column0, a.column1 + b.column1, a.column2 + b.column2)
    }
}
