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
}

extension IncrementalMap {
    /// Refines the map; points that took no part are left where they are.
    ///
    /// The first two registered images hold the gauge of a global adjustment. In a local one, images outside the scope
    /// keep their poses and thereby the gauge.
    mutating func adjust(_ scope: BundleScope, isCancelled: CancellationCheck?) throws(MappingError) -> BundleSummary {
        var isFree = [Bool](repeating: scope.freeImages == nil, count: graph.imageCount)
        for image in scope.freeImages ?? [] { isFree[image] = true }
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
            for observation in tracks.observations(of: track) where isObserved[observation] {
                let image = Int(tracks.imageIndices[observation])
                problem.observe(point: point, pose: poseOfImage[image], pixel: pixel(of: observation))
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
        for (index, track) in chosen.enumerated() { positions[track] = problem.point(index) }
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

    /// Points seen by a free image: all, or greedily the longest until each free image has its share.
    private func chooseTracks(isFree: [Bool], perImage: Int?) -> [Int] {
        var candidates: [(length: Int, order: UInt64, track: Int)] = []
        for track in 0..<tracks.count where hasPoint[track] {
            var (length, isSeen) = (0, false)
            for observation in tracks.observations(of: track) where isObserved[observation] {
                length += 1
                isSeen = isSeen || isFree[Int(tracks.imageIndices[observation])]
            }
            // A hash spreads the choice among equally long tracks over the image: neighbouring numbers lie close together.
            if isSeen { candidates.append((length, UInt64(track) &* 0x9E37_79B9_7F4A_7C15, track)) }
        }
        guard let perImage else { return candidates.map(\.track) }
        candidates.sort { ($1.length, $0.order) < ($0.length, $1.order) }
        var taken = [Int](repeating: 0, count: graph.imageCount)
        var result: [Int] = []
        for candidate in candidates {
            let seen = tracks.observations(of: candidate.track).filter { isObserved[$0] }.map {
                Int(tracks.imageIndices[$0])
            }
            guard seen.contains(where: { isFree[$0] && taken[$0] < perImage }) else { continue }
            for image in seen { taken[image] += 1 }
            result.append(candidate.track)
        }
        return result.sorted()
    }
}
