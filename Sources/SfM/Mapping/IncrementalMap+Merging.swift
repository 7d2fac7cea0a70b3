// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

extension IncrementalMap {
    /// Joins tracks that turn out to be one point (Schönberger and Frahm 2016, section 4.4).
    ///
    /// Candidates are tracks that a match links which was refused because they share an image: with poses at hand, the
    /// match is judged by what counts. Two tracks become one when a single point explains every observation of both. Of two
    /// keypoints of one image the one closer to the point stays.
    mutating func mergeTracks() {
        guard !tracks.refusedLinks.isEmpty else { return }
        var merging = TrackMerging(map: self)
        for link in tracks.refusedLinks {
            merging.tryToMerge(
                Int(trackOfObservation[Int(link.x)]), Int(trackOfObservation[Int(link.y)]))
        }
        guard merging.merged > 0 else { return }
        merging.apply(to: &self)
    }
}

/// Groups of tracks on their way to become one track each.
private struct TrackMerging {
    private let map: IncrementalMap
    private var sets: DisjointSets
    /// By smallest track of a group.
    private var groups: [Int: Group] = [:]
    /// Groups that were joined to others.
    private(set) var merged = 0

    private struct Group {
        var position: SIMD3<Double>
        /// Observations, ascending by image, at most one of each.
        var observations: [Int]
        /// Those of them that belong to the point.
        var observed: Set<Int>
    }

    init(map: IncrementalMap) {
        self.map = map
        sets = DisjointSets(count: map.tracks.count)
    }

    private func group(_ track: Int) -> Group {
        if let group = groups[track] { return group }
        let observations = Array(map.tracks.observations(of: track))
        return Group(
            position: map.positions[track], observations: observations,
            observed: Set(observations.filter { map.isObserved[$0] }))
    }

    mutating func tryToMerge(_ first: Int, _ second: Int) {
        let (a, b) = (sets.root(of: first), sets.root(of: second))
        guard a != b, map.hasPoint[a], map.hasPoint[b] else { return }
        let (one, other) = (group(a), group(b))
        let (m, n) = (Double(one.observed.count), Double(other.observed.count))
        let position = (m * one.position + n * other.position) / (m + n)
        let limit = map.options.triangulation.maximumReprojectionError
        let fits = { (observation: Int) in map.squaredError(of: observation, at: position) <= limit * limit }
        guard one.observed.allSatisfy(fits), other.observed.allSatisfy(fits) else { return }
        var best: [Int32: Int] = [:]
        let observed = one.observed.union(other.observed)
        for observation in one.observations + other.observations {
            let image = map.tracks.imageIndices[observation]
            guard let rival = best[image] else {
                best[image] = observation
                continue
            }
            if rank(observation, observed, position) < rank(rival, observed, position) { best[image] = observation }
        }
        let kept = best.sorted { $0.key < $1.key }.map(\.value)
        sets.join(a, b)
        groups[max(a, b)] = nil
        groups[min(a, b)] = Group(position: position, observations: kept, observed: observed.intersection(kept))
        merged += 1
    }

    /// Observed ones first, then by error; the number of the observation breaks ties.
    private func rank(
        _ observation: Int, _ observed: Set<Int>, _ position: SIMD3<Double>
    ) -> (Int, Double, Int) {
        let isRegistered = map.isRegistered[Int(map.tracks.imageIndices[observation])]
        return (
            observed.contains(observation) ? 0 : 1,
            isRegistered ? map.squaredError(of: observation, at: position) : .infinity, observation
        )
    }

    mutating func apply(to target: inout IncrementalMap) {
        var result = TrackSet()
        result.dividedComponents = map.tracks.dividedComponents
        result.refusedMatches = map.tracks.refusedMatches
        var (positions, hasPoint, isObserved): ([SIMD3<Double>], [Bool], [Bool]) = ([], [], [])
        var isOnSurface: [Bool] = []
        var newNumber: [Int: Int32] = [:]
        for track in 0..<map.tracks.count where sets.root(of: track) == track {
            let group = group(track)
            for observation in group.observations {
                newNumber[observation] = Int32(result.imageIndices.count)
                result.imageIndices.append(map.tracks.imageIndices[observation])
                result.keypointIndices.append(map.tracks.keypointIndices[observation])
                isObserved.append(group.observed.contains(observation))
            }
            result.starts.append(Int32(result.imageIndices.count))
            positions.append(group.position)
            hasPoint.append(map.hasPoint[track])
            isOnSurface.append(map.isOnSurface[track])
        }
        result.refusedLinks = map.tracks.refusedLinks.compactMap { link in
            guard let a = newNumber[Int(link.x)], let b = newNumber[Int(link.y)] else { return nil }
            return SIMD2(a, b)
        }
        target.regroup(
            result, positions: positions, hasPoint: hasPoint, isOnSurface: isOnSurface, isObserved: isObserved)
    }
}
