// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Finds the point that most of a track's rays agree on.
///
/// Pairs of rays give hypotheses (the midpoint of their shortest connection); the one with the least truncated squared
/// reprojection error is refined by Gauss–Newton over its inliers. Deterministic: pairs are taken in the order of the
/// views, widest angle first when there are too many to try all.
package struct Triangulator {
    /// One image's sight of the point.
    package struct View {
        /// Position of its lens among the lenses handed in.
        package var lens: Int
        /// Where the point was seen.
        package var pixel: SIMD2<Double>
        /// Unit vector from the camera through that pixel, in world coordinates.
        package var ray: SIMD3<Double>
        /// Whether it agrees with the point found.
        package var isInlier = false

        package init(lens: Int, pixel: SIMD2<Double>, ray: SIMD3<Double>) {
            self.lens = lens
            self.pixel = pixel
            self.ray = ray
        }
    }

    private let squaredLimit: Double
    private let minimumCosine: Double
    /// Views among which pairs are formed.
    private static let maximumPairedViews = 24
    /// Hypotheses tried for one track.
    private static let maximumHypotheses = 15

    package init(options: TriangulationOptions) {
        squaredLimit = options.maximumReprojectionError * options.maximumReprojectionError
        minimumCosine = Angle.cosine(degrees: options.minimumAngle)
    }

    /// The point, or `nil` when fewer than two views agree at a sufficient angle; marks the inliers.
    package func triangulate(_ views: inout [View], lenses: [PosedLens]) -> SIMD3<Double>? {
        guard views.count >= 2, var best = bestHypothesis(views, lenses) else { return nil }
        for _ in 0..<3 {
            markInliers(&views, best, lenses)
            guard views.lazy.filter(\.isInlier).count >= 2, let refined = refine(best, views, lenses) else {
                return nil
            }
            let step = (refined - best).length
            best = refined
            if step < 1e-9 * (best - lenses[views[0].lens].center).length { break }
        }
        markInliers(&views, best, lenses)
        return hasSufficientAngle(views, best, lenses) ? best : nil
    }

    private func markInliers(_ views: inout [View], _ point: SIMD3<Double>, _ lenses: [PosedLens]) {
        for index in views.indices {
            views[index].isInlier =
                lenses[views[index].lens].squaredError(of: point, observed: views[index].pixel) <= squaredLimit
        }
    }

    private func bestHypothesis(_ views: [View], _ lenses: [PosedLens]) -> SIMD3<Double>? {
        var pairs: [(cosine: Double, first: Int, second: Int)] = []
        // Of a long track every k-th view will do: all pairs of a hundred views are five thousand.
        let step = 1 + (views.count - 1) / Self.maximumPairedViews
        for i in stride(from: 0, to: views.count, by: step) {
            for j in stride(from: i + step, to: views.count, by: step) {
                let c = views[i].ray.dot(views[j].ray)
                if c < minimumCosine { pairs.append((c, i, j)) }
            }
        }
        if pairs.count > Self.maximumHypotheses {
            pairs.sort { ($0.cosine, $0.first, $0.second) < ($1.cosine, $1.first, $1.second) }
            // Every k-th, from the widest on: wide ones are accurate, narrow ones survive where wide ones are wrong.
            let spacing = Double(pairs.count) / Double(Self.maximumHypotheses)
            pairs = (0..<Self.maximumHypotheses).map { pairs[Int(Double($0) * spacing)] }
        }
        var best: SIMD3<Double>?
        var bestScore = Double(views.count) * squaredLimit
        for pair in pairs {
            let (a, b) = (views[pair.first], views[pair.second])
            guard let point = Self.midpoint(lenses[a.lens].center, a.ray, lenses[b.lens].center, b.ray) else {
                continue
            }
            var score = 0.0
            for view in views {
                score += min(lenses[view.lens].squaredError(of: point, observed: view.pixel), squaredLimit)
                if score >= bestScore { break }
            }
            if score < bestScore {
                bestScore = score
                best = point
                // Half a pixel each: no other pair can do noticeably better.
                if score <= 0.25 * Double(views.count) { break }
            }
        }
        return best
    }

    // MARK: Points on a surface

    /// A plane that a point is drawn to, its normal as long as its weight in pixels per unit of length.
    package struct Plane {
        package var normal: SIMD3<Double>
        package var place: SIMD3<Double>
    }

    /// The one of `guesses` with the least squared error in all views, each cut off at `limit` pixels.
    func best(of guesses: [SIMD3<Double>], _ views: [View], lenses: [PosedLens], limit: Double) -> SIMD3<Double>? {
        var best: SIMD3<Double>?
        var bestScore = Double.infinity
        for point in guesses {
            let score = views.reduce(0.0) {
                $0 + min(lenses[$1.lens].squaredError(of: point, observed: $1.pixel), limit * limit)
            }
            if score < bestScore { (best, bestScore) = (point, score) }
        }
        return best
    }

    /// The point near `guess` that rays within `firstLimit` pixels and the surface agree on, or `nil` when fewer than two
    /// of them do, at a sufficient angle; marks the inliers.
    func refined(
        _ guess: SIMD3<Double>, _ views: inout [View], lenses: [PosedLens], firstLimit: Double, towards plane: Plane?
    ) -> SIMD3<Double>? {
        for index in views.indices {
            let error = lenses[views[index].lens].squaredError(of: guess, observed: views[index].pixel)
            views[index].isInlier = error <= firstLimit * firstLimit
        }
        guard views.lazy.filter(\.isInlier).count >= 2,
            var point = settled(guess, views.filter(\.isInlier), lenses: lenses, towards: plane)
        else { return nil }
        markInliers(&views, point, lenses)
        guard views.lazy.filter(\.isInlier).count >= 2,
            let final = settled(point, views.filter(\.isInlier), lenses: lenses, towards: plane)
        else { return nil }
        point = final
        markInliers(&views, point, lenses)
        return hasSufficientAngle(views, point, lenses) ? point : nil
    }

    /// Moves a point to where `views` and a plane together put it, by three Gauss–Newton steps with Cauchy weights.
    func settled(
        _ start: SIMD3<Double>, _ views: [View], lenses: [PosedLens], towards plane: Plane?
    ) -> SIMD3<Double>? {
        var point = start
        for _ in 0..<3 {
            var normal = SymmetricSystem3()
            for view in views {
                guard let line = lenses[view.lens].linearized(point, observed: view.pixel) else { return nil }
                let weight = 1 / (1 + (line.difference * line.difference).sum())
                normal.add(row: line.byX, residual: weight * line.difference.x, weight: weight)
                normal.add(row: line.byY, residual: weight * line.difference.y, weight: weight)
            }
            if let plane {
                let residual = plane.normal.dot(point - plane.place)
                let weight = 1 / (1 + residual * residual)
                normal.add(row: plane.normal, residual: weight * residual, weight: weight)
            }
            guard let step = normal.solution else { return nil }
            point -= step
            guard point.isFinite else { return nil }
        }
        return point
    }

    /// The middle of the shortest connection of two rays, or `nil` when it lies behind a camera.
    static func midpoint(
        _ c1: SIMD3<Double>, _ d1: SIMD3<Double>, _ c2: SIMD3<Double>, _ d2: SIMD3<Double>
    ) -> SIMD3<Double>? {
        let between = c2 - c1
        let cosine = d1.dot(d2)
        let denominator = 1 - cosine * cosine
        guard denominator > 1e-12 else { return nil }
        let (p, q) = (d1.dot(between), d2.dot(between))
        let s = (p - cosine * q) / denominator
        let t = (cosine * p - q) / denominator
        guard s > 0, t > 0 else { return nil }
        return 0.5 * (c1 + s * d1 + c2 + t * d2)
    }

    /// Two Gauss–Newton steps over the inliers; the exact optimum is bundle adjustment's business.
    private func refine(_ start: SIMD3<Double>, _ views: [View], _ lenses: [PosedLens]) -> SIMD3<Double>? {
        var point = start
        for _ in 0..<2 {
            var normal = SymmetricSystem3()
            for view in views where view.isInlier {
                guard let line = lenses[view.lens].linearized(point, observed: view.pixel) else { return nil }
                normal.add(row: line.byX, residual: line.difference.x)
                normal.add(row: line.byY, residual: line.difference.y)
            }
            guard let step = normal.solution else { return nil }
            point -= step
            guard point.isFinite else { return nil }
        }
        return point
    }

    private func hasSufficientAngle(_ views: [View], _ point: SIMD3<Double>, _ lenses: [PosedLens]) -> Bool {
        var inliers = 0
        var found = false
        for i in views.indices where views[i].isInlier {
            inliers += 1
            if found { continue }
            let a = (point - lenses[views[i].lens].center).normalized
            for j in views.indices where j > i && views[j].isInlier {
                if a.dot((point - lenses[views[j].lens].center).normalized) < minimumCosine {
                    found = true
                    break
                }
            }
        }
        return inliers >= 2 && found
    }
}

/// Normal equations of three unknowns: `Σ rowᵀ row · x = Σ rowᵀ residual`.
struct SymmetricSystem3 {
    private var c0 = SIMD3<Double>.zero
    private var c1 = SIMD3<Double>.zero
    private var c2 = SIMD3<Double>.zero
    private var right = SIMD3<Double>.zero

    @inline(__always)
    mutating func add(row: SIMD3<Double>, residual: Double) {
        c0 += row.x * row
        c1 += row.y * row
        c2 += row.z * row
        right += residual * row
    }

    /// Adds a row that counts `weight` times, with the residual weighted already.
    mutating func add(row: SIMD3<Double>, residual: Double, weight: Double) {
        let scaled = weight * row
        c0 += row.x * scaled
        c1 += row.y * scaled
        c2 += row.z * scaled
        right += residual * row
    }

    /// By Cramer's rule, or `nil` when the system is singular.
    var solution: SIMD3<Double>? {
        let minor = c1.cross(c2)
        let determinant = c0.dot(minor)
        guard abs(determinant) > 1e-300 else { return nil }
        return SIMD3(right.dot(minor), c0.dot(right.cross(c2)), c0.dot(c1.cross(right))) / determinant
    }
}
