// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM

/// A view graph with exact truth: cameras around or along a cloud of points, noisy keypoints, wrong and missing matches.
struct SyntheticViewGraph {
    enum Layout {
        /// Cameras on a circle around a ball of points, looking inwards.
        case ring
        /// Cameras along a wall with relief, looking at it.
        case facade
        /// Cameras along a perfectly flat wall.
        case flatFacade
    }

    struct Options {
        var layout = Layout.ring
        var imageCount = 10
        /// Angle between images of a ring, in degrees; without one they go all the way around.
        var arc: Double?
        /// Images take turns; camera k has `focalLength` - 120 k pixels of focal length.
        var cameraCount = 1
        /// In pixels. Cameras of a ring stand the farther away the longer it is.
        var focalLength = 850.0
        var pointCount = 600
        /// Standard deviation of keypoints, in pixels.
        var noise = 0.4
        /// Share of wrong matches in each pair.
        var outlierShare = 0.15
        /// Share of common points that are matched.
        var matchShare = 0.8
        /// Images match when at most this many steps apart.
        var reach = 3
        /// Focal length the mapper is told, as a multiple of the truth.
        var focalFactor = 1.0
        var focalSource = CameraPrior.FocalLengthSource.given
        var principalPointOffset = SIMD2<Double>(0, 0)
        var isMirrored = false
        var firstImageID: ImageID = 1
    }

    /// What the mapper gets.
    var graph = ViewGraph()
    /// True poses.
    var poses: [ImageID: RigidTransform] = [:]
    /// True intrinsics.
    var cameras: [CameraID: Camera] = [:]
    /// True intrinsics of the first camera.
    var camera: Camera

    static let width = 800
    static let height = 600

    init(_ options: Options = Options(), seed: UInt64) {
        var random = RandomStream(seed: seed, label: "synthetic view graph")
        let center = SIMD2(0.5 * Double(Self.width), 0.5 * Double(Self.height)) + options.principalPointOffset
        camera = Camera(
            width: Self.width, height: Self.height, model: .simpleRadial,
            parameters: [options.focalLength, center.x, center.y, 0])
        let points = Self.points(options, &random)
        for number in 0..<options.cameraCount {
            var truth = camera
            truth.parameters[0] -= 120 * Double(number)
            var prior = truth
            if options.focalSource != .given {
                prior.parameters = [
                    truth.parameters[0] * options.focalFactor, 0.5 * Double(Self.width), 0.5 * Double(Self.height), 0,
                ]
            }
            let id = options.firstImageID + CameraID(number)
            cameras[id] = truth
            graph.cameras[id] = CameraPrior(camera: prior, focalLengthSource: options.focalSource)
        }

        var keypointOfPoint: [[Int: Int]] = []
        for index in 0..<options.imageCount {
            let id = options.firstImageID + ImageID(index)
            let cameraID = options.firstImageID + CameraID(index % options.cameraCount)
            let camera = cameras[cameraID] ?? camera
            let pose = Self.pose(index, options, &random)
            poses[id] = pose
            var keypoints: [SIMD2<Double>] = []
            var numbers: [Int: Int] = [:]
            for (number, point) in points.enumerated() {
                guard let pixel = camera.project(pose(point)), camera.contains(pixel) else { continue }
                numbers[number] = keypoints.count
                keypoints.append(pixel + options.noise * Self.gaussian(&random))
            }
            for _ in 0..<100 {
                keypoints.append(
                    SIMD2(random.uniformDouble() * Double(Self.width), random.uniformDouble() * Double(Self.height)))
            }
            keypointOfPoint.append(numbers)
            graph.images[id] = ViewNode(name: "\(id).jpg", cameraID: cameraID, keypoints: keypoints)
        }
        addPairs(options, keypointOfPoint, &random)
    }

    private mutating func addPairs(_ options: Options, _ numbers: [[Int: Int]], _ random: inout RandomStream) {
        for a in 0..<options.imageCount {
            for b in (a + 1)..<max(options.imageCount, a + 1) {
                var distance = b - a
                if options.layout == .ring && options.arc == nil {
                    distance = min(distance, options.imageCount - distance)
                }
                guard distance <= options.reach else { continue }
                let (first, second) = (options.firstImageID + ImageID(a), options.firstImageID + ImageID(b))
                guard let poseA = poses[first], let poseB = poses[second],
                    let countB = graph.images[second]?.keypoints.count, let cameraA = camera(of: first),
                    let cameraB = camera(of: second)
                else { continue }
                var matches: [FeatureMatch] = []
                for number in numbers[a].keys.sorted() {
                    guard let x = numbers[a][number], let y = numbers[b][number] else { continue }
                    guard random.uniformDouble() < options.matchShare else { continue }
                    let isWrong = random.uniformDouble() < options.outlierShare
                    matches.append(FeatureMatch(UInt32(x), UInt32(isWrong ? random.index(below: countB) : y)))
                }
                guard matches.count >= 20 else { continue }
                let motion = poseB * poseA.inverse
                let length = motion.translation.length
                let unit = RigidTransform(rotation: motion.rotation, translation: motion.translation / length)
                graph.pairs[ImagePair(first, second)] = TwoViewGeometry(
                    configuration: .calibrated, inliers: matches.sorted(),
                    fundamental: Self.fundamental(unit, cameraA, cameraB),
                    secondFromFirst: options.focalSource == .given ? unit : nil)
            }
        }
    }

    private func camera(of image: ImageID) -> Camera? { graph.images[image].flatMap { cameras[$0.cameraID] } }

    private static func fundamental(_ motion: RigidTransform, _ first: Camera, _ second: Camera) -> Matrix3? {
        func inverse(_ camera: Camera) -> Matrix3 {
            let (f, c) = (camera.focalLengths, camera.principalPoint)
            return Matrix3(rows: SIMD3(1 / f.x, 0, -c.x / f.x), SIMD3(0, 1 / f.y, -c.y / f.y), SIMD3(0, 0, 1))
        }
        let essential = Matrix3.cross(motion.translation) * motion.rotation.matrix
        return inverse(second).transpose * essential * inverse(first)
    }

    private static func points(_ options: Options, _ random: inout RandomStream) -> [SIMD3<Double>] {
        (0..<options.pointCount).map { _ in
            func signed() -> Double { 2 * random.uniformDouble() - 1 }
            var point: SIMD3<Double>
            switch options.layout {
            case .ring:
                repeat { point = SIMD3(signed(), signed(), signed()) } while point.length > 1
                point *= 1.5
            case .facade: point = SIMD3(6 * signed(), 2.5 * signed(), 0.7 * signed())
            case .flatFacade: point = SIMD3(6 * signed(), 2.5 * signed(), 0)
            }
            if options.isMirrored { point.x = -point.x }
            return point
        }
    }

    private static func pose(_ index: Int, _ options: Options, _ random: inout RandomStream) -> RigidTransform {
        func jitter() -> Double { 0.3 * (random.uniformDouble() - 0.5) }
        let share = Double(index) / Double(options.imageCount)
        let eye: SIMD3<Double>
        var target = SIMD3(jitter(), jitter(), jitter())
        switch options.layout {
        case .ring:
            let angle = options.arc.map { $0 * Double(index) * Double.pi / 180 } ?? 2 * Double.pi * share
            let distance = 5 * options.focalLength / 850
            let turn = Quaternion(rotationVector: SIMD3(0, angle, 0))
            eye = turn(SIMD3(0, 0, -distance + jitter())) + SIMD3(0, jitter() - 1, 0)
        case .facade, .flatFacade:
            eye = SIMD3(10 * share - 4.5 + jitter(), jitter(), -6 + jitter())
            target = SIMD3(0.6 * eye.x, jitter(), 0)
        }
        let z = (target - eye).normalized
        let x = SIMD3<Double>(0, 1, 0).cross(z).normalized
        let rotation = Quaternion(rotationMatrix: Matrix3(rows: x, z.cross(x), z))
        return RigidTransform(rotation: rotation, translation: -rotation(eye))
    }

    static func gaussian(_ random: inout RandomStream) -> SIMD2<Double> {
        // The sum of twelve uniform numbers has variance 1; its tails end at 6.
        var sum = SIMD2<Double>(-6, -6)
        for _ in 0..<12 { sum += SIMD2(random.uniformDouble(), random.uniformDouble()) }
        return sum
    }

    /// Joins another scene that shares nothing with this one; its IDs must be different.
    func adding(_ other: SyntheticViewGraph) -> SyntheticViewGraph {
        var result = self
        result.graph.cameras.merge(other.graph.cameras) { a, _ in a }
        result.graph.images.merge(other.graph.images) { a, _ in a }
        result.graph.pairs.merge(other.graph.pairs) { a, _ in a }
        result.poses.merge(other.poses) { a, _ in a }
        return result
    }

    /// Worst errors of a model against the truth over all pairs of its images.
    struct Errors {
        /// Of relative rotations, in degrees.
        var rotation = 0.0
        /// Of the directions between camera centres, in degrees.
        var direction = 0.0
        /// Of the distances between camera centres, as a share of the largest.
        var distance = 0.0
    }

    func errors(of model: Reconstruction) -> Errors {
        var result = Errors()
        let ids = model.imageIDs
        var distances: [(found: Double, truth: Double)] = []
        for a in ids {
            for b in ids where b > a {
                guard let foundA = model.images[a]?.cameraFromWorld, let foundB = model.images[b]?.cameraFromWorld,
                    let trueA = poses[a], let trueB = poses[b]
                else { continue }
                let (found, truth) = (foundB * foundA.inverse, trueB * trueA.inverse)
                result.rotation = max(
                    result.rotation, Angle.degrees(radians: (found.rotation * truth.rotation.inverse).angle))
                let cosine = found.translation.normalized.dot(truth.translation.normalized)
                result.direction = max(result.direction, Angle.degrees(radians: Angle.radians(cosine: cosine)))
                distances.append((found.translation.length, truth.translation.length))
            }
        }
        let scale = distances.reduce(0) { $0 + $1.truth } / distances.reduce(0) { $0 + $1.found }
        let longest = distances.map(\.truth).max() ?? 1
        for pair in distances { result.distance = max(result.distance, abs(scale * pair.found - pair.truth) / longest) }
        return result
    }
}
