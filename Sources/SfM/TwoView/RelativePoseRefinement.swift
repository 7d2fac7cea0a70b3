// SPDX-License-Identifier: Apache-2.0

import Geometry
import Glibc

/// Minimises robust Sampson errors over the five parameters of a relative pose by Levenberg-Marquardt.
///
/// The rotation moves by `exp(ω)` from the left, the unit translation in its tangent plane. Errors are weighted by a Cauchy
/// loss, so that a few outliers do no harm.
struct RelativePoseRefinement {
    /// Error in normalised units at which the loss bends.
    var lossScale: Double
    var maximumIterations = 20

    /// The refined pose, its translation of length 1, and its cost: the sum of `s² log(1 + e² / s²)`.
    func refine(_ start: RigidTransform, _ rays: ViewRays) -> (pose: RigidTransform, cost: Double) {
        var pose = RigidTransform(rotation: start.rotation, translation: start.translation.normalized)
        var cost = cost(of: pose, rays)
        var damping = 1e-4
        for _ in 0..<maximumIterations {
            let (hessian, gradient, basis) = normalEquations(pose, rays)
            var improved = false
            for _ in 0..<6 where !improved {
                guard let step = Self.solve(hessian, gradient, damping: damping) else {
                    damping *= 10
                    continue
                }
                let turn = Quaternion(rotationVector: SIMD3(step[0], step[1], step[2]))
                let moved = pose.translation + step[3] * basis.0 + step[4] * basis.1
                let candidate = RigidTransform(rotation: turn * pose.rotation, translation: moved.normalized)
                let candidateCost = self.cost(of: candidate, rays)
                if candidateCost < cost {
                    let gain = cost - candidateCost
                    (pose, cost, improved) = (candidate, candidateCost, true)
                    damping = max(damping / 10, 1e-12)
                    if gain < 1e-9 * cost { return (pose, cost) }
                } else {
                    damping *= 10
                }
            }
            if !improved { break }
        }
        return (pose, cost)
    }

    func cost(of pose: RigidTransform, _ rays: ViewRays) -> Double {
        let essential = pose.essentialMatrix
        let square = lossScale * lossScale
        var sum = 0.0
        for index in 0..<rays.count {
            let error = essential.squaredSampsonError(rays.first[index], rays.second[index])
            sum += square * log1p(min(error, 1) / square)
        }
        return sum
    }

    /// Derivative of the signed Sampson error `C / √q`, `C = x₂ᵀ E x₁`, by the elements of E, row by row.
    static func derivative(
        _ essential: Matrix3, _ first: SIMD2<Double>, _ second: SIMD2<Double>
    ) -> (error: Double, rows: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>))? {
        let (x, y) = (first.homogeneous, second.homogeneous)
        var right = essential * x
        var left = essential.transpose * y
        let product = y.dot(right)
        (right.z, left.z) = (0, 0)
        let slope = right.dot(right) + left.dot(left)
        guard slope > 0 else { return nil }
        let inverse = 1 / slope.squareRoot()
        let error = product * inverse
        // ∂C = y xᵀ; ∂q / 2 = right xᵀ + y leftᵀ
        let factor = error * inverse
        let row = { (i: Int) in inverse * (y[i] * x - factor * (right[i] * x + y[i] * left)) }
        return (error, (row(0), row(1), row(2)))
    }

    private func normalEquations(
        _ pose: RigidTransform, _ rays: ViewRays
    ) -> (hessian: [Double], gradient: [Double], basis: (SIMD3<Double>, SIMD3<Double>)) {
        let essential = pose.essentialMatrix
        let rotation = pose.rotation.matrix
        let t = pose.translation
        let across = abs(t.x) < 0.6 ? SIMD3(1.0, 0, 0) : SIMD3(0, 1.0, 0)
        let b0 = t.cross(across).normalized
        let b1 = t.cross(b0)
        let axes = [SIMD3(1.0, 0, 0), SIMD3(0, 1.0, 0), SIMD3(0, 0, 1.0)]
        let directions =
            axes.map { Matrix3.cross(t) * (Matrix3.cross($0) * rotation) }
            + [b0, b1].map { Matrix3.cross($0) * rotation }
        let rows = directions.map { d in
            (SIMD3(d[0, 0], d[0, 1], d[0, 2]), SIMD3(d[1, 0], d[1, 1], d[1, 2]), SIMD3(d[2, 0], d[2, 1], d[2, 2]))
        }
        var hessian = [Double](repeating: 0, count: 25)
        var gradient = [Double](repeating: 0, count: 5)
        let square = lossScale * lossScale
        for index in 0..<rays.count {
            guard let (error, g) = Self.derivative(essential, rays.first[index], rays.second[index]) else { continue }
            let weight = 1 / (1 + error * error / square)
            var jacobian = SIMD8<Double>.zero
            for k in 0..<5 { jacobian[k] = (g.0 * rows[k].0 + g.1 * rows[k].1 + g.2 * rows[k].2).sum() }
            for i in 0..<5 {
                gradient[i] += weight * jacobian[i] * error
                for j in 0...i { hessian[5 * i + j] += weight * jacobian[i] * jacobian[j] }
            }
        }
        return (hessian, gradient, (b0, b1))
    }

    /// `-(H + damping · diag H)⁻¹ g` by Cholesky's method on the lower triangle, or `nil` when that is not positive.
    private static func solve(_ hessian: [Double], _ gradient: [Double], damping: Double) -> [Double]? {
        var l = hessian
        let largest = (0..<5).reduce(0) { max($0, hessian[6 * $1]) }
        guard largest > 0, largest.isFinite else { return nil }
        for i in 0..<5 {
            l[6 * i] += damping * max(hessian[6 * i], 1e-12 * largest)
            for j in 0...i {
                var sum = l[5 * i + j]
                for k in 0..<j { sum -= l[5 * i + k] * l[5 * j + k] }
                if i == j {
                    guard sum > 0 else { return nil }
                    l[6 * i] = sum.squareRoot()
                } else {
                    l[5 * i + j] = sum / l[6 * j]
                }
            }
        }
        var x = gradient.map { -$0 }
        for i in 0..<5 {
            for k in 0..<i { x[i] -= l[5 * i + k] * x[k] }
            x[i] /= l[6 * i]
        }
        for i in (0..<5).reversed() {
            for k in (i + 1)..<5 { x[i] -= l[5 * k + i] * x[k] }
            x[i] /= l[6 * i]
        }
        return x
    }
}
