// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM

#if canImport(Glibc)
    import Glibc
#endif

/// The surface of ``BumpyScene`` as a view graph: cameras on an arc, noisy keypoints, and matches that are wrong along their
/// epipolar line, which no two photos can tell.
struct BumpyGraph {
    var graph = ViewGraph()
    var poses: [ImageID: RigidTransform] = [:]
    /// Keypoints of one point each, without the wrong ones.
    var trueTracks: [[Observation]] = []

    /// - Parameters:
    ///   - images: Cameras, `step` degrees apart.
    ///   - wrong: Share of points seen by two cameras whose match is wrong.
    init(images: Int = 6, step: Double = 15, points: Int = 700, noise: Double = 0.5, wrong: Double = 0.1, seed: UInt64)
    {
        var random = RandomStream(seed: seed, label: "bumpy graph")
        func bell() -> Double {
            (-2 * log(1 - random.uniformDouble())).squareRoot() * cos(2 * Double.pi * random.uniformDouble())
        }
        func signed() -> Double { 2 * random.uniformDouble() - 1 }
        let (focal, size) = (BumpyScene.focalLength, BumpyScene.size)
        let camera = Camera(
            width: Int(size.x), height: Int(size.y), model: .simplePinhole,
            parameters: [focal, 0.5 * size.x, 0.5 * size.y])
        graph.cameras[1] = CameraPrior(camera: camera, focalLengthSource: .given)
        for index in 0..<images {
            let angle = Double(index) * step * Double.pi / 180
            let pose = TorusScene.lookingAtOrigin(from: SIMD3(1.8 * cos(angle), 1.8 * sin(angle), 0.86))
            poses[ImageID(index + 1)] = pose
            graph.images[ImageID(index + 1)] = ViewNode(name: "\(index)", cameraID: 1, keypoints: [])
        }
        var matches: [ImagePair: [FeatureMatch]] = [:]
        var made = 0
        while made < points {
            let start = 1.5 * SIMD3(bell(), bell(), bell()).normalized
            let target = SIMD3(0.4 * signed(), 0.3 * signed(), 0.4 * signed())
            guard let point = BumpyScene.hit(from: start, along: (target - start).normalized) else { continue }
            let normal = BumpyScene.normal(point)
            var seeing = graph.images.keys.sorted().filter { id in
                poses[id].map { BumpyScene.isVisible(point, normal: normal, from: $0.cameraCenterInWorld) } ?? false
            }
            guard seeing.count >= 2 else { continue }
            made += 1
            // Half of the points have been found by two cameras only, as in real photos.
            if random.uniformDouble() < 0.5 {
                let first = random.index(below: seeing.count - 1)
                seeing = [seeing[first], seeing[first + 1]]
            }
            let isWrong = seeing.count == 2 && random.uniformDouble() < wrong / 0.5
            var places: [(ImageID, Int)] = []
            for (number, id) in seeing.enumerated() {
                guard let pose = poses[id], let firstPose = poses[seeing[0]] else { continue }
                var shown = point
                if isWrong && number == 1 {
                    let center = firstPose.cameraCenterInWorld
                    let shift = (random.uniformDouble() < 0.5 ? -1 : 1) * (0.04 + 0.1 * random.uniformDouble())
                    shown = center + (point - center) * (1 + shift)
                }
                let pixel =
                    focal * BumpyScene.project(shown, pose) + 0.5 * size + noise * SIMD2(bell(), bell())
                places.append((id, graph.images[id]?.keypoints.count ?? 0))
                graph.images[id]?.keypoints.append(pixel)
            }
            if !isWrong { trueTracks.append(places.map { Observation(imageID: $0.0, keypointIndex: $0.1) }) }
            for a in places.indices {
                for b in places.indices where b > a {
                    matches[ImagePair(places[a].0, places[b].0), default: []].append(
                        FeatureMatch(UInt32(places[a].1), UInt32(places[b].1)))
                }
            }
        }
        for (pair, found) in matches where found.count >= 20 {
            guard let a = poses[pair.first], let b = poses[pair.second] else { continue }
            let motion = b * a.inverse
            graph.pairs[pair] = TwoViewGeometry(
                configuration: .calibrated, inliers: found.sorted(), fundamental: nil,
                secondFromFirst: RigidTransform(
                    rotation: motion.rotation, translation: motion.translation.normalized))
        }
    }

    /// The graph without one image, as if its photo had not been taken yet.
    func without(_ image: ImageID) -> ViewGraph {
        var result = graph
        result.images[image] = nil
        result.pairs = result.pairs.filter { $0.key.first != image && $0.key.second != image }
        return result
    }

    /// True poses turned by about `degrees` and moved by about `distance` about each axis.
    func shakenPoses(degrees: Double, distance: Double, seed: UInt64) -> [ImageID: RigidTransform] {
        var random = RandomStream(seed: seed, label: "shaken poses")
        func bell() -> Double {
            (-2 * log(1 - random.uniformDouble())).squareRoot() * cos(2 * Double.pi * random.uniformDouble())
        }
        var result: [ImageID: RigidTransform] = [:]
        for (id, pose) in poses.sorted(by: { $0.key < $1.key }) {
            let turn = Quaternion(rotationVector: degrees * Double.pi / 180 * SIMD3(bell(), bell(), bell()))
            let center = pose.cameraCenterInWorld + distance * SIMD3(bell(), bell(), bell())
            let rotation = turn * pose.rotation
            result[id] = RigidTransform(rotation: rotation, translation: -rotation(center))
        }
        return result
    }

    /// Worst rotation between two images in degrees.
    func worstRotation(_ found: [ImageID: RigidTransform]) -> Double {
        var worst = 0.0
        let ids = found.keys.sorted()
        for a in ids {
            for b in ids where b > a {
                guard let foundA = found[a], let foundB = found[b], let trueA = poses[a], let trueB = poses[b] else {
                    continue
                }
                let difference = (foundB * foundA.inverse).rotation * (trueB * trueA.inverse).rotation.inverse
                worst = max(worst, Angle.degrees(radians: difference.angle))
            }
        }
        return worst
    }

    /// Worst rotation between two images in degrees, and the share of points off the true surface by more than 1 % of the
    /// scene's diagonal.
    func errors(of model: Reconstruction) -> (rotation: Double, outliers: Double) {
        var rotation = 0.0
        var (scales, count) = (0.0, 0.0)
        let ids = model.imageIDs
        for a in ids {
            for b in ids where b > a {
                guard let foundA = model.images[a]?.cameraFromWorld, let foundB = model.images[b]?.cameraFromWorld,
                    let trueA = poses[a], let trueB = poses[b]
                else { continue }
                let (found, truth) = (foundB * foundA.inverse, trueB * trueA.inverse)
                rotation = max(rotation, Angle.degrees(radians: (found.rotation * truth.rotation.inverse).angle))
                scales += truth.translation.length / found.translation.length
                count += 1
            }
        }
        guard let first = ids.first, let found = model.images[first]?.cameraFromWorld, let truth = poses[first] else {
            return (.infinity, 1)
        }
        let scale = scales / count
        let far = model.points.values.count { point in
            abs(BumpyScene.distance(truth.inverse(scale * found(point.position)))) > 0.012
        }
        return (rotation, Double(far) / Double(max(model.points.count, 1)))
    }
}
