// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Placing images that see too few points of the map, through one registered photo that they match well.
///
/// Two photos determine rotation and direction between them, but not the distance. Where a third photo joins their
/// matches, the points of the map give it; where none does, a level set can: rays of the registered photo end on it also
/// through keypoints that have no point yet.
extension IncrementalMap {
    /// Places an image by its motion relative to a registered one, and lets it observe and make points.
    ///
    /// - Returns: How it ended; `nil` when no registered image matches it well enough to try.
    mutating func tryToBridge(to image: Int) throws(MappingError) -> RegistrationOutcome? {
        var outcome: RegistrationOutcome?
        for pair in bridges(to: image) {
            let places = knownPlaces(across: pair, to: image)
            var best: (pose: RigidTransform, support: Double, agreeing: Int)?
            for start in try starts(across: pair) where start.pointCount >= options.minimumPoseInliers {
                guard let scale = scale(of: start, places) else { continue }
                let rough = pose(of: image, in: start, scale: scale)
                let pose = try settled(rough, of: image, in: start, scale: scale, places)
                let (support, agreeing) = support(of: pose, for: image, places)
                if support > best?.support ?? 0 { best = (pose, support, agreeing) }
            }
            let all = places.reduce(0) { $0 + $1.weight }
            guard let best, best.support >= max(Self.neededSupport, Self.neededShare * all) else {
                outcome = .tooFewInliers(visible: places.count, inliers: best?.agreeing ?? 0)
                continue
            }
            register(image, pose: best.pose)
            // Where no third photo looks, the surface is not known yet, but the pose hangs on these points.
            addPoints(seenBy: image, byRaysAlone: true)
            return .registered(inliers: best.agreeing)
        }
        return outcome
    }

    /// Weight of places that must agree with a pose: that of so many points of the map.
    private static let neededSupport = 3.0
    /// Share of all places, by weight, that must agree.
    private static let neededShare = 0.5
    /// Weight of the end of a ray on a level set, which may be a guess there, beside that of a point.
    private static let endWeight = 0.25

    /// Verified pairs of the image with registered ones, best first; planes and rotations leave the motion open.
    private func bridges(to image: Int) -> [DensePair] {
        graph.pairs.filter { pair in
            guard pair.first == image || pair.second == image, !pair.isContradicted,
                isRegistered[pair.first == image ? pair.second : pair.first]
            else { return false }
            let isDetermined = pair.configuration == .calibrated || pair.configuration == .uncalibrated
            return isDetermined && pair.inliers.count >= options.minimumPoseInliers
        }
        .sorted { ($1.inliers.count, $0.first, $0.second) < ($0.inliers.count, $1.first, $1.second) }
    }

    // MARK: The motion

    /// Maps of the two images alone.
    ///
    /// Through a long lens a scene and its mirror image in depth, turned the other way, look alike: both are tried.
    private func starts(across pair: DensePair) throws(MappingError) -> [InitialPair] {
        guard let motion = try calibratedMotion(of: pair), let start = try start(across: pair, motion: motion) else {
            return []
        }
        var middle = SIMD3<Double>.zero
        for track in 0..<tracks.count where start.map.hasPoint[track] { middle += start.map.positions[track] }
        middle /= Double(start.pointCount)
        let found = start.map.poses[pair.second]
        let (w, turn) = (found.rotation.w, found.rotation.xyz)
        let reversed = Quaternion(w: w, x: -turn.x, y: -turn.y, z: turn.z)
        let mirrored = try self.start(
            across: pair,
            motion: RigidTransform(rotation: reversed, translation: found(middle) - reversed(middle)))
        return [start] + (mirrored.map { [$0] } ?? [])
    }

    private func start(across pair: DensePair, motion: RigidTransform) throws(MappingError) -> InitialPair? {
        var geometric = options
        geometric.levelSet = nil
        var moved = pair
        moved.secondFromFirst = motion
        return try IncrementalMap(graph: graph, tracks: tracks, options: geometric, cameras: cameras)
            .started(from: moved, usesGivenMotion: true)
    }

    /// The motion of a pair anew from its matches: with few of them, through a long lens, that of a fundamental matrix says
    /// nothing, but an essential matrix with intrinsics that the map has found meanwhile does.
    private func calibratedMotion(of pair: DensePair) throws(MappingError) -> RigidTransform? {
        func view(_ image: Int) -> TwoViewEstimator.View {
            TwoViewEstimator.View(
                camera: CameraPrior(camera: cameras[graph.cameraOfImage[image]], focalLengthSource: .given),
                keypoints: graph.keypoints[image])
        }
        let geometry: TwoViewGeometry
        do {
            geometry = try TwoViewEstimator(seed: options.seed).estimate(
                ImagePair(graph.imageIDs[pair.first], graph.imageIDs[pair.second]), first: view(pair.first),
                second: view(pair.second), matches: pair.inliers)
        } catch { throw .solver(reason: "\(error)") }
        return geometry.secondFromFirst.flatMap { $0.translation.length > 0 ? $0 : nil }
    }

    // MARK: Its length

    /// A place in the map that the image to be placed should see.
    private struct KnownPlace {
        var track: Int
        var position: SIMD3<Double>
        /// Distance from the registered image of the pair.
        var distance: Double
        /// Where the image to be placed sees it.
        var pixel: SIMD2<Double>
        var weight: Double
    }

    /// Points of the map, and ends of rays on its level set, that a match of the pair leads to.
    private func knownPlaces(across pair: DensePair, to image: Int) -> [KnownPlace] {
        let known = pair.first == image ? pair.second : pair.first
        let lens = lenses[known]
        var seen: [Int: Int] = [:]
        for observation in observations(in: known).map({ Int($0) }) {
            seen[Int(trackOfObservation[observation])] = observation
        }
        var places: [KnownPlace] = []
        var open: [(track: Int, pixel: SIMD2<Double>, ray: SIMD3<Double>)] = []
        for observation in observations(in: image).map({ Int($0) }) {
            let track = Int(trackOfObservation[observation])
            guard let other = seen[track] else { continue }
            if hasPoint[track], isObserved[other] {
                places.append(
                    KnownPlace(
                        track: track, position: positions[track], distance: (positions[track] - lens.center).length,
                        pixel: pixel(of: observation), weight: 1))
            } else if levelSet != nil {
                open.append((track, pixel(of: observation), lens.ray(through: pixel(of: other))))
            }
        }
        guard let levelSet else { return places }
        for (ray, end) in zip(open, levelSet.hits(open.map { (lens.center, $0.ray) }, threads: threads)) {
            guard let end else { continue }
            places.append(
                KnownPlace(
                    track: ray.track, position: end, distance: (end - lens.center).length, pixel: ray.pixel,
                    weight: Self.endWeight))
        }
        return places
    }

    /// Length of the unit of a map of two images in this map: the weighted median over places that both know.
    private func scale(of start: InitialPair, _ places: [KnownPlace]) -> Double? {
        let known = isRegistered[start.first] ? start.first : start.second
        let center = start.map.lenses[known].center
        let ratios = places.filter { start.map.hasPoint[$0.track] }
            .map { (ratio: $0.distance / (start.map.positions[$0.track] - center).length, weight: $0.weight) }
            .filter { $0.ratio > 0 && $0.ratio.isFinite }
            .sorted { ($0.ratio, $0.weight) < ($1.ratio, $1.weight) }
        let half = 0.5 * ratios.reduce(0) { $0 + $1.weight }
        var passed = 0.0
        return ratios.first { ratio in
            passed += ratio.weight
            return passed >= half
        }?.ratio
    }

    private func pose(of image: Int, in start: InitialPair, scale: Double) -> RigidTransform {
        let known = image == start.first ? start.second : start.first
        var motion = start.map.poses[image] * start.map.poses[known].inverse
        motion.translation *= scale
        return motion * poses[known]
    }

    /// Moves the pose of `image` to where the places, held, and the matches of the pair, free in depth, agree best.
    ///
    /// Two photos through a long lens leave open how far one turns against how deep the scene is: the places say that.
    private func settled(
        _ pose: RigidTransform, of image: Int, in start: InitialPair, scale: Double, _ places: [KnownPlace]
    ) throws(MappingError) -> RigidTransform {
        let known = image == start.first ? start.second : start.first
        let worldFromStart = { (point: SIMD3<Double>) in
            self.poses[known].inverse(scale * start.map.poses[known](point))
        }
        var problem = BundleProblem()
        let (knownCamera, camera) = (
            problem.add(cameras[graph.cameraOfImage[known]], free: []),
            problem.add(cameras[graph.cameraOfImage[image]], free: [])
        )
        let (held, moving) = (
            problem.add(poses[known], camera: knownCamera, freedom: .constant),
            problem.add(pose, camera: camera, freedom: .free)
        )
        for place in places where place.weight == 1 {
            problem.observe(point: problem.add(place.position, isConstant: true), pose: moving, pixel: place.pixel)
        }
        for track in 0..<tracks.count where start.map.hasPoint[track] && !hasPoint[track] {
            let point = problem.add(worldFromStart(start.map.positions[track]))
            for observation in tracks.observations(of: track) where start.map.isObserved[observation] {
                let isMoving = Int(tracks.imageIndices[observation]) == image
                problem.observe(point: point, pose: isMoving ? moving : held, pixel: pixel(of: observation))
            }
        }
        var bundle = BundleOptions()
        bundle.maximumIterations = 50
        bundle.loss = .softL1(scale: 2)
        do throws(BundleError) {
            _ = try problem.solve(bundle)
        } catch { throw .solver(reason: "\(error)") }
        return problem.pose(moving)
    }

    /// Weight and number of places that `image` sees where it should, from `pose`.
    private func support(
        of pose: RigidTransform, for image: Int, _ places: [KnownPlace]
    ) -> (weight: Double, count: Int) {
        let lens = PosedLens(camera: cameras[graph.cameraOfImage[image]], cameraFromWorld: pose)
        let limit = options.triangulation.maximumReprojectionError * options.triangulation.maximumReprojectionError
        let agreeing = places.filter { lens.squaredError(of: $0.position, observed: $0.pixel) <= limit }
        return (agreeing.reduce(0) { $0 + $1.weight }, agreeing.count)
    }
}
