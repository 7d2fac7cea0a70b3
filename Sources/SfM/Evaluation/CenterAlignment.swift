// SPDX-License-Identifier: Apache-2.0

import Geometry

/// The similarity that brings estimated camera centres onto true ones: `y ≈ scale · rotation · x + translation`.
struct CenterAlignment {
    /// What decided the rotation.
    enum RotationSource: String, Hashable, Sendable, Codable {
        /// The camera centres, by least squares.
        case centers
        /// The cameras' orientations, because fewer than three centres, or centres on a line, leave it open.
        case orientations
    }

    let scale: Double
    let rotation: Quaternion
    let translation: SIMD3<Double>
    let rotationSource: RotationSource

    /// Least squares on the centres (Umeyama 1991); the rotation from `orientations` when the centres do not decide it.
    ///
    /// - Parameters:
    ///   - estimate: Estimated centres, at least one.
    ///   - truth: True centres in the same order.
    ///   - orientations: `cameraFromWorld` rotations of both; `nil` makes an undecided rotation a `nil` result.
    init?(
        estimate: [SIMD3<Double>], truth: [SIMD3<Double>],
        orientations: (estimate: [Quaternion], truth: [Quaternion])?
    ) {
        let (meanX, meanY) = (Self.mean(estimate), Self.mean(truth))
        let x = estimate.map { $0 - meanX }
        let y = truth.map { $0 - meanY }
        if Self.decidesRotation(x) {
            rotation = Quaternion(nearest: Self.crossCovariance(y, x))
            rotationSource = .centers
        } else {
            guard let orientations else { return nil }
            rotation = Self.chordalMean(orientations.estimate, orientations.truth)
            rotationSource = .orientations
        }
        let spread = x.reduce(0) { $0 + $1.dot($1) }
        let turned = x.map { [rotation] in rotation($0) }
        var factor = spread > 0 ? zip(y, turned).reduce(0) { $0 + $1.0.dot($1.1) } / spread : 1
        if factor <= 0 { factor = spread > 0 ? (y.reduce(0) { $0 + $1.dot($1) } / spread).squareRoot() : 1 }
        scale = factor
        translation = meanY - factor * rotation(meanX)
    }

    /// The map from the estimate's frame to the truth's.
    ///
    /// - Precondition: ``scale`` is positive and finite.
    var similarity: Similarity { Similarity(scale: scale, rotation: rotation, translation: translation) }

    /// Distance of each aligned centre from its true one.
    func errors(estimate: [SIMD3<Double>], truth: [SIMD3<Double>]) -> [Double] {
        zip(estimate, truth).map { (scale * rotation($0) + translation - $1).length }
    }

    /// Whether centred points spread over a plane or space: three of them, the second singular value at least 0.001 of the
    /// first.
    static func decidesRotation(_ points: [SIMD3<Double>]) -> Bool {
        guard points.count >= 3 else { return false }
        let singular = singularValues(points)
        return !(singular[1] < 1e-3 * max(singular[0], 1e-300))
    }

    /// Singular values of the matrix with these rows, descending.
    static func singularValues(_ points: [SIMD3<Double>]) -> [Double] {
        let moments = crossCovariance(points, points)
        let eigen = SymmetricEigen((0..<3).map { row in (0..<3).map { moments[row, $0] } })
        return eigen.values.reversed().map { max(0, $0).squareRoot() }
    }

    static func mean(_ points: [SIMD3<Double>]) -> SIMD3<Double> {
        points.reduce(SIMD3<Double>.zero, +) / Double(points.count)
    }

    /// `Σ yᵢ xᵢᵀ`
    private static func crossCovariance(_ y: [SIMD3<Double>], _ x: [SIMD3<Double>]) -> Matrix3 {
        var columns = [SIMD3<Double>](repeating: .zero, count: 3)
        for (b, a) in zip(y, x) { for axis in 0..<3 { columns[axis] += b * a[axis] } }
        return Matrix3(columns: columns[0], columns[1], columns[2])
    }

    /// The world rotation under which orientations agree best in the chordal (Frobenius) sense.
    private static func chordalMean(_ estimate: [Quaternion], _ truth: [Quaternion]) -> Quaternion {
        var sum = Matrix3(columns: .zero, .zero, .zero)
        for (e, g) in zip(estimate, truth) { sum = sum + g.matrix.transpose * e.matrix }
        return Quaternion(nearest: sum)
    }
}
