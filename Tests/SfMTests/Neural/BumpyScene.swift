// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM

#if canImport(Glibc)
    import Glibc
#endif

/// A bumpy ball grown together with a block, seen by cameras on a circle, with noisy keypoints and wrong matches that lie
/// on the right epipolar line: nothing but the surface can tell these.
struct BumpyScene {
    static let focalLength = 1100.0
    static let size = SIMD2(1000.0, 750.0)

    /// One match between views 0 and 1.
    struct Match {
        var pair: KeypointPair
        var truth: SIMD3<Double>
        var isWrong: Bool
    }

    var poses: [RigidTransform] = []
    var matches: [Match] = []

    static func distance(_ p: SIMD3<Double>) -> Double {
        let ball = p.length - 0.42 - 0.035 * sin(9 * p.x) * sin(9 * p.y) * sin(9 * p.z)
        let offset = p - SIMD3(0.25, 0.1, -0.3)
        let q = SIMD3(abs(offset.x), abs(offset.y), abs(offset.z)) - SIMD3(0.28, 0.22, 0.18)
        let block = SIMD3(max(q.x, 0), max(q.y, 0), max(q.z, 0)).length + min(q.max(), 0)
        return min(ball, block)
    }

    static func normal(_ p: SIMD3<Double>) -> SIMD3<Double> {
        var result = SIMD3<Double>.zero
        for axis in 0..<3 {
            var (a, b) = (p, p)
            a[axis] += 1e-4
            b[axis] -= 1e-4
            result[axis] = distance(a) - distance(b)
        }
        return result.normalized
    }

    static func project(_ point: SIMD3<Double>, _ pose: RigidTransform) -> SIMD2<Double> {
        let local = pose(point)
        return SIMD2(local.x, local.y) / local.z
    }

    /// Two cameras 18° apart at a distance of 2.
    init(seed: UInt64, points: Int = 1500, noise: Double = 0.5, wrong: Double = 0.12) {
        var random = RandomStream(seed: seed, label: "bumpy scene")
        func bell() -> Double {
            (-2 * log(1 - random.uniformDouble())).squareRoot() * cos(2 * Double.pi * random.uniformDouble())
        }
        func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniformDouble() }
        poses = (0..<2).map { index in
            let angle = Double(index) * 18 * Double.pi / 180
            return TorusScene.lookingAtOrigin(from: SIMD3(1.8 * cos(angle), 1.8 * sin(angle), 0.86))
        }
        while matches.count < points {
            let start = 1.5 * SIMD3(bell(), bell(), bell()).normalized
            let target = SIMD3(uniform(-0.4, 0.4), uniform(-0.3, 0.3), uniform(-0.4, 0.4))
            guard let point = Self.hit(from: start, along: (target - start).normalized) else { continue }
            let normal = Self.normal(point)
            guard poses.allSatisfy({ Self.isVisible(point, normal: normal, from: $0.cameraCenterInWorld) }) else {
                continue
            }
            let isWrong = random.uniformDouble() < wrong
            var shown = point
            if isWrong {
                let center = poses[0].cameraCenterInWorld
                shown = center + (point - center) * (1 + (random.uniformDouble() < 0.5 ? -1 : 1) * uniform(0.02, 0.15))
            }
            let error = noise / Self.focalLength
            let first = Self.project(point, poses[0]) + error * SIMD2(bell(), bell())
            let second = Self.project(shown, poses[1]) + error * SIMD2(bell(), bell())
            matches.append(
                Match(
                    pair: KeypointPair(
                        KeypointPair.End(view: 0, point: first), KeypointPair.End(view: 1, point: second)),
                    truth: point, isWrong: isWrong))
        }
    }

    /// Views in the cube that `cubeFromWorld` leads to.
    func views(_ cubeFromWorld: UniformSimilarity) -> [NeuralView] {
        poses.map { pose in
            // In the cube lengths are larger by the scale, and so are camera coordinates.
            let back = cubeFromWorld.inverse(.zero)
            return NeuralView(
                cameraFromCube: RigidTransform(
                    rotation: pose.rotation, translation: cubeFromWorld.scale * pose(back)),
                focalLength: Self.focalLength)
        }
    }

    /// The point with the least squared reprojection error of each match.
    func leastSquares() -> [SIMD3<Double>] {
        let views = views(UniformSimilarity(scale: 1, translation: .zero))
        return matches.map { match in
            let ends = [match.pair.first, match.pair.second]
            let rays = ends.map { end in
                let pose = poses[end.view]
                return (
                    center: pose.cameraCenterInWorld,
                    direction: pose.rotation.inverse(SIMD3(end.point.x, end.point.y, 1)).normalized
                )
            }
            var point = SceneCube.meetingPoint(of: rays) ?? .zero
            for _ in 0..<5 {
                var (normal, right) = (Matrix3(columns: .zero, .zero, .zero), SIMD3<Double>.zero)
                for end in ends {
                    guard let seen = views[end.view].project(point, observed: end.point) else { continue }
                    for (error, row) in [(seen.error.x, seen.byPoint.x), (seen.error.y, seen.byPoint.y)] {
                        normal = normal + Matrix3(columns: row * row.x, row * row.y, row * row.z)
                        right += error * row
                    }
                }
                guard let inverse = normal.inverse else { break }
                point -= inverse * right
            }
            return point
        }
    }

    static func hit(from start: SIMD3<Double>, along direction: SIMD3<Double>) -> SIMD3<Double>? {
        var travelled = 0.0
        while travelled < 3 {
            let value = distance(start + travelled * direction)
            if value < 1e-5 { return start + travelled * direction }
            travelled += 0.7 * value
        }
        return nil
    }

    static func isVisible(_ point: SIMD3<Double>, normal: SIMD3<Double>, from center: SIMD3<Double>) -> Bool {
        let towards = (center - point).normalized
        guard normal.dot(towards) > 0.25 else { return false }
        var travelled = 0.02
        while travelled < (center - point).length {
            let value = distance(point + travelled * towards)
            if value < 1e-4 { return false }
            if value > 1 { break }
            travelled += 0.7 * value
        }
        return true
    }
}
