// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Which way is up in a model, by how its photos were held and where the ground is.
struct UpSearch {
    /// Unit vector in the model's frame.
    let up: SIMD3<Double>
    /// Length of the mean of the cameras' unit up directions: 1 when all are parallel.
    let agreement: Double
    /// Share of the points that lie on the ground, or `nil` when there is none that can be told.
    let groundShare: Double?

    /// Below this agreement, about a mean tilt of 70°, the mean says nothing.
    private static let leastAgreement = 0.35
    /// Cosine of the largest angle between the ground's normal and the cameras' mean: 30°.
    private static let leastCosine = 0.866
    /// Share of the points that must lie on a plane for it to be a ground, and that may lie below it.
    private static let (leastShare, mostBelow) = (0.15, 0.03)
    /// Thickness of the ground on either side, as a share of the diagonal of the box of the inner 96 % of the points.
    private static let thickness = 0.005
    private static let trials = 600

    init(_ model: Reconstruction, seed: UInt64) throws(FrameError) {
        // A camera's y axis points down its picture.
        let down = model.imageIDs.compactMap { id in
            model.images[id].map { $0.cameraFromWorld.rotation.inverse(SIMD3(0, 1, 0)) }
        }
        let mean = down.reduce(SIMD3<Double>.zero, -) / Double(max(1, down.count))
        agreement = mean.length
        guard agreement >= Self.leastAgreement else { throw .upUndecided(agreement: agreement) }
        let points = model.pointIDs.compactMap { model.points[$0]?.position }.filter(\.isFinite)
        let ground = Self.ground(of: points, towards: mean.normalized, seed: seed)
        up = ground?.normal ?? mean.normalized
        groundShare = ground?.share
    }

    /// The plane with the most points among those nearly level by `up` that have next to nothing below them.
    private static func ground(
        of points: [SIMD3<Double>], towards up: SIMD3<Double>, seed: UInt64
    ) -> (normal: SIMD3<Double>, share: Double)? {
        guard points.count >= 30 else { return nil }
        var extent = SIMD3<Double>.zero
        for axis in 0..<3 {
            let sorted = points.map { $0[axis] }.sorted()
            extent[axis] = sorted[sorted.count * 98 / 100] - sorted[sorted.count * 2 / 100]
        }
        let tolerance = thickness * extent.length
        guard tolerance > 0 else { return nil }
        var best: (normal: SIMD3<Double>, offset: Double, count: Int)?
        for trial in 0..<trials {
            var random = RandomStream(seed: seed, label: "ground", UInt64(trial))
            let (a, b, c) = (
                points[random.index(below: points.count)], points[random.index(below: points.count)],
                points[random.index(below: points.count)]
            )
            var normal = (b - a).cross(c - a).normalized
            if normal.dot(up) < 0 { normal = SIMD3.zero - normal }
            guard normal.dot(up) >= leastCosine else { continue }
            let (on, below) = count(points, normal, normal.dot(a), tolerance)
            guard on > best?.count ?? 0, Double(below) <= mostBelow * Double(points.count) else { continue }
            best = (normal, normal.dot(a), on)
        }
        guard var plane = best else { return nil }
        for _ in 0..<5 {
            guard let fitted = fit(points.filter { abs(plane.normal.dot($0) - plane.offset) <= tolerance }, up) else {
                return nil
            }
            plane = (fitted.normal, fitted.offset, 0)
        }
        let (on, below) = count(points, plane.normal, plane.offset, tolerance)
        let share = Double(on) / Double(points.count)
        guard share >= leastShare, Double(below) <= mostBelow * Double(points.count),
            plane.normal.dot(up) >= leastCosine
        else { return nil }
        return (plane.normal, share)
    }

    /// Points within `tolerance` of a plane, and those further below it than three times that.
    private static func count(
        _ points: [SIMD3<Double>], _ normal: SIMD3<Double>, _ offset: Double, _ tolerance: Double
    ) -> (on: Int, below: Int) {
        var (on, below) = (0, 0)
        for point in points {
            let height = normal.dot(point) - offset
            if abs(height) <= tolerance { on += 1 } else if height < -3 * tolerance { below += 1 }
        }
        return (on, below)
    }

    /// The plane of least squares.
    private static func fit(
        _ points: [SIMD3<Double>], _ up: SIMD3<Double>
    ) -> (normal: SIMD3<Double>, offset: Double)? {
        guard points.count >= 3 else { return nil }
        let mean = CenterAlignment.mean(points)
        var (diagonal, other) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
        for point in points {
            let p = point - mean
            diagonal += p * p
            other += SIMD3(p.x * p.y, p.x * p.z, p.y * p.z)
        }
        let vector = SymmetricEigen(diagonal: diagonal, offDiagonal: other).vectors[0]
        var normal = SIMD3(vector[0], vector[1], vector[2])
        if normal.dot(up) < 0 { normal = SIMD3.zero - normal }
        return (normal, normal.dot(mean))
    }
}
