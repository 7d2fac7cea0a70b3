// SPDX-License-Identifier: Apache-2.0

import Geometry

extension IncrementalMap {
    private var squaredLimit: Double {
        options.triangulation.maximumReprojectionError * options.triangulation.maximumReprojectionError
    }

    /// Lets a new image observe the points that it sees where they should be, and makes points of its other tracks.
    ///
    /// - Parameter byRaysAlone: Also on a level set points are made by their rays.
    mutating func addPoints(seenBy image: Int, byRaysAlone: Bool = false) {
        let limit = squaredLimit
        let triangulator = Triangulator(options: options.triangulation)
        var views: [Triangulator.View] = []
        for observation in observations(in: image).map({ Int($0) }) {
            let track = Int(trackOfObservation[observation])
            if hasPoint[track] {
                if squaredError(of: observation, at: positions[track]) <= limit { isObserved[observation] = true }
            } else if byRaysAlone || !makesPointsOnSurface {
                triangulate(track, triangulator, &views)
            }
        }
    }

    /// Whether points are made where rays meet the surface.
    var makesPointsOnSurface: Bool { levelSet != nil && options.levelSet?.triangulates == true }

    /// Makes points of tracks without one that `image` sees, or of all of them.
    mutating func addPointsOnSurface(seenBy image: Int? = nil) {
        guard makesPointsOnSurface else { return }
        let candidates: [Int]
        if let image {
            candidates = observations(in: image).map { Int(trackOfObservation[Int($0)]) }.filter { !hasPoint[$0] }
        } else {
            candidates = (0..<tracks.count).filter { !hasPoint[$0] }
        }
        triangulateOnLevelSet(candidates, threads: threads)
    }

    /// Tries again every track without a point, and every one whose point most of its observations deny.
    mutating func retriangulate() {
        guard !makesPointsOnSurface else { return addPointsOnSurface() }
        let triangulator = Triangulator(options: options.triangulation)
        var views: [Triangulator.View] = []
        for track in 0..<tracks.count {
            if hasPoint[track] {
                var (seen, agreeing) = (0, 0)
                for observation in tracks.observations(of: track)
                where isRegistered[Int(tracks.imageIndices[observation])] {
                    seen += 1
                    if isObserved[observation] { agreeing += 1 }
                }
                if 2 * agreeing >= seen { continue }
            }
            triangulate(track, triangulator, &views)
        }
    }

    /// Lets every registered image observe the points that it sees where they should be (track completion).
    mutating func complete() {
        let limit = squaredLimit
        for track in 0..<tracks.count where hasPoint[track] {
            for observation in tracks.observations(of: track)
            where !isObserved[observation] && isRegistered[Int(tracks.imageIndices[observation])] {
                if squaredError(of: observation, at: positions[track]) <= limit { isObserved[observation] = true }
            }
        }
    }

    /// Drops observations with a large error, then points seen at too small an angle or by fewer than two images.
    ///
    /// - Returns: Number of observations dropped.
    @discardableResult
    mutating func filter() -> Int {
        let limit = squaredLimit
        let minimumCosine = Angle.cosine(degrees: options.triangulation.minimumAngle)
        var dropped = 0
        for track in 0..<tracks.count where hasPoint[track] {
            var kept = 0
            for observation in tracks.observations(of: track) where isObserved[observation] {
                if squaredError(of: observation, at: positions[track]) <= limit {
                    kept += 1
                } else {
                    isObserved[observation] = false
                    dropped += 1
                }
            }
            if kept < 2 || smallestCosine(of: track, below: minimumCosine) >= minimumCosine {
                dropped += kept
                removePoint(track)
            }
        }
        return dropped
    }

    /// Cosine of the largest angle between two of the rays to a point; stops at the first below `bound`.
    func smallestCosine(of track: Int, below bound: Double = -1) -> Double {
        var smallest = 1.0
        let position = positions[track]
        let range = tracks.observations(of: track)
        for i in range where isObserved[i] {
            let a = (position - lenses[Int(tracks.imageIndices[i])].center).normalized
            for j in range where j > i && isObserved[j] {
                let b = (position - lenses[Int(tracks.imageIndices[j])].center).normalized
                smallest = min(smallest, a.dot(b))
                if smallest < bound { return smallest }
            }
        }
        return smallest
    }

    /// Moves a point to where its observations see it, by two Gauss–Newton steps; leaves it when that fails.
    mutating func refinePoint(_ track: Int) {
        var point = positions[track]
        for _ in 0..<2 {
            var normal = SymmetricSystem3()
            for observation in tracks.observations(of: track) where isObserved[observation] {
                let lens = lenses[Int(tracks.imageIndices[observation])]
                guard let line = lens.linearized(point, observed: pixel(of: observation)) else { return }
                normal.add(row: line.byX, residual: line.difference.x)
                normal.add(row: line.byY, residual: line.difference.y)
            }
            guard let step = normal.solution else { return }
            point -= step
        }
        if point.isFinite { positions[track] = point }
    }

    /// Makes or replaces the point of a track; a point that exists is kept when the attempt fails or explains less.
    private mutating func triangulate(
        _ track: Int, _ triangulator: Triangulator, _ views: inout [Triangulator.View]
    ) {
        views.removeAll(keepingCapacity: true)
        let range = tracks.observations(of: track)
        for observation in range {
            let image = Int(tracks.imageIndices[observation])
            guard isRegistered[image] else { continue }
            let pixel = pixel(of: observation)
            views.append(Triangulator.View(lens: image, pixel: pixel, ray: lenses[image].ray(through: pixel)))
        }
        guard views.count >= 2, let position = triangulator.triangulate(&views, lenses: lenses) else { return }
        if hasPoint[track] {
            let before = observationCount(of: track)
            guard views.lazy.filter(\.isInlier).count > before else { return }
        }
        positions[track] = position
        hasPoint[track] = true
        var index = 0
        for observation in range {
            let image = Int(tracks.imageIndices[observation])
            guard isRegistered[image] else { continue }
            isObserved[observation] = views[index].isInlier
            index += 1
        }
    }
}
