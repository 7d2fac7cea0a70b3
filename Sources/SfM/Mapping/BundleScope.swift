// SPDX-License-Identifier: Apache-2.0

import Geometry

/// What one adjustment of a growing map takes in.
struct BundleScope {
    /// Images whose poses move; `nil`: all registered ones.
    var freeImages: [Int]?
    /// Each image contributes at least this many of its points, longest tracks first; `nil`: all points take part.
    ///
    /// A few hundred spread points determine poses nearly as well as thousands, at a fraction of the time.
    var pointsPerImage: Int?
    /// Parameters that move, by camera.
    var freeParameters: [[Int]]
    /// How to iterate.
    var options: BundleOptions
    /// Weight of the surface that points lie on.
    var surfaceWeight = 0.0
    /// Some observations are held out, and the adjustment is made again without the surface when it raises their error.
    var isGuarded = false
}

extension IncrementalMap {
    /// Refines the map; points that took no part follow the poses afterwards.
    ///
    /// The first two registered images hold the gauge of a global adjustment. In a local one, images outside the scope
    /// keep their poses and thereby the gauge.
    ///
    /// Field and poses can drift together, each in agreement with the other (the observations held out notice).
    mutating func adjust(_ scope: BundleScope, isCancelled: CancellationCheck?) throws(MappingError) -> BundleSummary {
        guard scope.isGuarded, scope.surfaceWeight > 0, let error = heldOutError() else {
            return try solve(scope, isCancelled: isCancelled)
        }
        let before = self
        let summary = try solve(scope, isCancelled: isCancelled)
        guard let changed = heldOutError(), changed > Self.largestRise * error else { return summary }
        self = before
        var classical = scope
        classical.surfaceWeight = 0
        return try solve(classical, isCancelled: isCancelled)
    }

    /// Factor by which an adjustment may raise the error of observations held out.
    private static let largestRise = 1.05

    /// Whether an observation takes no part in guarded adjustments: one in ten of those that a point can do without.
    private func isHeldOut(_ observation: Int) -> Bool {
        (UInt64(observation) &* 0x9E37_79B9_7F4A_7C15) >> 32 % 10 == 0
            && observationCount(of: Int(trackOfObservation[observation])) >= 3
    }

    /// Median error of the observations held out, in pixels; `nil` when there are too few to judge by.
    private func heldOutError() -> Double? {
        var errors: [Double] = []
        for track in 0..<tracks.count where hasPoint[track] {
            for observation in tracks.observations(of: track) where isObserved[observation] && isHeldOut(observation) {
                errors.append(squaredError(of: observation, at: positions[track]))
            }
        }
        guard errors.count >= 20 else { return nil }
        errors.sort()
        return errors[errors.count / 2].squareRoot()
    }

    private mutating func solve(_ scope: BundleScope, isCancelled: CancellationCheck?) throws(MappingError)
        -> BundleSummary
    {
        var isFree = [Bool](repeating: false, count: graph.imageCount)
        for image in scope.freeImages ?? registrationOrder { isFree[image] = !isHeld[image] }
        let chosen = chooseTracks(isFree: isFree, perImage: scope.pointsPerImage)

        var problem = BundleProblem()
        for (index, camera) in cameras.enumerated() { _ = problem.add(camera, free: scope.freeParameters[index]) }
        var poseOfImage = [Int](repeating: -1, count: graph.imageCount)
        let usedImages = imagesSeeing(chosen)
        for image in registrationOrder where usedImages[image] {
            poseOfImage[image] = problem.add(
                poses[image], camera: graph.cameraOfImage[image], freedom: freedom(of: image, isFree: isFree[image]))
        }
        for track in chosen {
            let point = problem.add(positions[track])
            for observation in tracks.observations(of: track)
            where isObserved[observation] && !(scope.isGuarded && scope.surfaceWeight > 0 && isHeldOut(observation)) {
                let image = Int(tracks.imageIndices[observation])
                problem.observe(point: point, pose: poseOfImage[image], pixel: pixel(of: observation))
            }
        }
        if scope.surfaceWeight > 0 {
            var index = [Int](repeating: -1, count: tracks.count)
            for (place, track) in chosen.enumerated() { index[track] = place }
            for (track, plane) in levelSetPlanes(of: chosen, weight: scope.surfaceWeight) {
                problem.attach(point: index[track], toPlaneWith: plane.normal, through: plane.place)
            }
        }
        let summary: BundleSummary
        do throws(BundleError) {
            summary = try problem.solve(scope.options, isCancelled: isCancelled)
        } catch { throw .solver(reason: "\(error)") }

        for (index, free) in scope.freeParameters.enumerated() where !free.isEmpty {
            setCamera(problem.camera(index), at: index)
        }
        for image in registrationOrder where poseOfImage[image] >= 0 && isFree[image] {
            setPose(problem.pose(poseOfImage[image]), of: image)
        }
        var isChosen = [Bool](repeating: false, count: tracks.count)
        for (index, track) in chosen.enumerated() {
            positions[track] = problem.point(index)
            isChosen[track] = true
        }
        for track in 0..<tracks.count where hasPoint[track] && !isChosen[track] { refinePoint(track) }
        return summary
    }

    private func freedom(of image: Int, isFree: Bool) -> BundleProblem.Freedom {
        guard isFree, image != registrationOrder[0] else { return .constant }
        // Scaling the world about the first centre moves the second translation along where it sees that centre.
        let origin = lenses[registrationOrder[0]].center
        return image == registrationOrder[1] ? .holdingLargest(of: poses[image](origin)) : .free
    }

    private func imagesSeeing(_ chosen: [Int]) -> [Bool] {
        var result = [Bool](repeating: false, count: graph.imageCount)
        for track in chosen {
            for observation in tracks.observations(of: track) where isObserved[observation] {
                result[Int(tracks.imageIndices[observation])] = true
            }
        }
        return result
    }

    /// Points seen by a free image, longest tracks first until each free image has its share.
    ///
    /// A point of two views agrees with any pair of matches along an epipolar line, right or wrong; it takes part only for
    /// images that have few others.
    private func chooseTracks(isFree: [Bool], perImage: Int?) -> [Int] {
        var candidates: [(length: Int, order: UInt64, track: Int)] = []
        var longTracks = [Int](repeating: 0, count: graph.imageCount)
        for track in 0..<tracks.count where hasPoint[track] {
            let length = observationCount(of: track)
            var isSeen = false
            for observation in tracks.observations(of: track) where isObserved[observation] {
                let image = Int(tracks.imageIndices[observation])
                isSeen = isSeen || isFree[image]
                if length > 2 { longTracks[image] += 1 }
            }
            // A hash spreads the choice among equally long tracks over the image: neighbouring numbers lie close together.
            if isSeen { candidates.append((length, UInt64(track) &* 0x9E37_79B9_7F4A_7C15, track)) }
        }
        candidates.sort { ($1.length, $0.order) < ($0.length, $1.order) }
        var taken = [Int](repeating: 0, count: graph.imageCount)
        var result: [Int] = []
        for candidate in candidates {
            let limit = perImage ?? .max
            var isWanted = false
            for observation in tracks.observations(of: candidate.track) where isObserved[observation] {
                let image = Int(tracks.imageIndices[observation])
                let isOfUse = candidate.length > 2 || longTracks[image] < Self.enoughLongTracks
                isWanted = isWanted || (isFree[image] && isOfUse && taken[image] < limit)
            }
            guard isWanted else { continue }
            for observation in tracks.observations(of: candidate.track) where isObserved[observation] {
                taken[Int(tracks.imageIndices[observation])] += 1
            }
            result.append(candidate.track)
        }
        return result.sorted()
    }

    /// Points of three and more views with which an image needs none of two.
    private static let enoughLongTracks = 100
}
