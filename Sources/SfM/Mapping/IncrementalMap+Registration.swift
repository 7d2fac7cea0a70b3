// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How the attempt to place an image ended.
enum RegistrationOutcome: Hashable, Sendable {
    /// Placed.
    case registered(inliers: Int)
    /// It sees too few points of the map.
    case tooFewPoints(visible: Int)
    /// No pose agrees with enough of the points it sees.
    case tooFewInliers(visible: Int, inliers: Int)
    /// Placed, but most of its matches with other images contradicted the place.
    case contradicted(share: Double)
}

extension IncrementalMap {
    /// Places an image by the points it sees, refines its pose, and lets it observe and make points.
    ///
    /// - Parameter searchesFocalLength: The camera's focal length is unknown and no registered image shares it: other
    ///   focal lengths are tried when the present one fails.
    mutating func tryToRegister(_ image: Int, searchesFocalLength: Bool) throws(MappingError) -> RegistrationOutcome {
        let all = observations(in: image).map { Int($0) }.filter { hasPoint[Int(trackOfObservation[$0])] }
        let vetted = zip(all, isVetted(all.map { Int(trackOfObservation[$0]) })).filter(\.1).map(\.0)
        // Where the surface confirms too few points, the others have to do.
        let seen = vetted.count >= 2 * options.minimumPoseInliers ? vetted : all
        guard seen.count >= options.minimumPoseInliers else { return .tooFewPoints(visible: seen.count) }

        let cameraIndex = graph.cameraOfImage[image]
        let present = cameras[cameraIndex]
        let factors = searchesFocalLength ? [1, 0.8, 1.25, 0.64, 1.6, 0.5, 2] : [1.0]
        var best: (found: PoseSearch.Result, camera: Camera)?
        for factor in factors {
            var camera = present
            for index in 0..<camera.model.focalLengthCount { camera.parameters[index] *= factor }
            if let found = searchPose(image, seen, camera), found.inlierCount > (best?.found.inlierCount ?? 0) {
                best = (found, camera)
            }
        }
        let needed = max(
            options.minimumPoseInliers, Int((options.minimumPoseInlierShare * Double(seen.count)).rounded(.up)))
        guard let best, best.found.inlierCount >= needed else {
            return .tooFewInliers(visible: seen.count, inliers: best?.found.inlierCount ?? 0)
        }
        let refined = try refine(
            best.found, image: image, seen: seen, camera: best.camera, freesFocalLength: searchesFocalLength)
        let lens = PosedLens(camera: refined.camera, cameraFromWorld: refined.cameraFromWorld)
        let limit = options.maximumPoseError * options.maximumPoseError
        var agreeing = 0
        for observation in seen {
            let position = positions[Int(trackOfObservation[observation])]
            if lens.squaredError(of: position, observed: pixel(of: observation)) <= limit { agreeing += 1 }
        }
        guard agreeing >= needed else { return .tooFewInliers(visible: seen.count, inliers: agreeing) }
        if searchesFocalLength { setCamera(refined.camera, at: cameraIndex) }
        register(image, pose: refined.cameraFromWorld)
        addPoints(seenBy: image)
        return .registered(inliers: agreeing)
    }

    private func searchPose(_ image: Int, _ seen: [Int], _ camera: Camera) -> PoseSearch.Result? {
        let lens = PosedLens(camera: camera, cameraFromWorld: .identity)
        var random = RandomStream(
            seed: options.seed, label: "pose", UInt64(graph.imageIDs[image]), UInt64(registrationOrder.count))
        return PoseSearch(maximumError: options.maximumPoseError, seed: random.next()).pose(
            points: seen.map { positions[Int(trackOfObservation[$0])] },
            directions: seen.map { lens.direction(ofPixel: pixel(of: $0)) }, focalLength: camera.meanFocalLength)
    }

    /// Refines a pose by the points that agree with it, and by matches without a point: these place the image by where the
    /// rays of their other ends meet the surface.
    private func refine(
        _ found: PoseSearch.Result, image: Int, seen: [Int], camera: Camera, freesFocalLength: Bool
    ) throws(MappingError) -> Resection.Result {
        var places = zip(seen, found.isInlier).filter(\.1).map { observation, _ in
            (positions[Int(trackOfObservation[observation])], pixel(of: observation))
        }
        let start = PosedLens(camera: camera, cameraFromWorld: found.cameraFromWorld)
        let limit = options.maximumPoseError * options.maximumPoseError
        for hit in hits(matching: image) {
            let pixel = pixel(of: hit.observation)
            if start.squaredError(of: hit.position, observed: pixel) <= limit { places.append((hit.position, pixel)) }
        }
        do throws(BundleError) {
            return try Resection(camera: camera, freesFocalLength: freesFocalLength)
                .refined(found.cameraFromWorld, seeing: places)
        } catch { throw .solver(reason: "\(error)") }
    }
}
