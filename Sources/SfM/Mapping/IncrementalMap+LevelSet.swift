// SPDX-License-Identifier: Apache-2.0

import Geometry

/// What a map asks the surface that it lives on.
extension IncrementalMap {
    /// Makes points of `candidates`, tracks without one, where the rays through their keypoints meet the surface.
    ///
    /// The place where a ray ends is a guess; the one that most keypoints agree with is moved to where rays and surface
    /// together put it. A point is accepted when its rays end near it. A track that the surface denies becomes a free point
    /// when the rays of three photos agree, as on thin things and far behind the scene; two photos prove nothing.
    mutating func triangulateOnLevelSet(_ candidates: [Int], threads: Int) {
        guard let levelSet else { return }
        let fates = fates(of: candidates, on: levelSet, threads: threads)
        let gaps = fates.compactMap { $0?.gap }.sorted()
        let limit = max(Self.smallestGap, 3 * 1.4826 * (gaps.isEmpty ? 0 : gaps[gaps.count / 2]))
        let triangulator = Triangulator(options: options.triangulation)
        for (track, fate) in zip(candidates, fates) {
            if let fate, let gap = fate.gap, gap <= limit, fate.views.lazy.filter(\.isInlier).count >= 2 {
                accept(fate.point, of: track, views: fate.views, isOnSurface: true)
                continue
            }
            var views = views(of: track)
            guard let position = triangulator.triangulate(&views, lenses: lenses) else { continue }
            let agreeing = views.lazy.filter(\.isInlier).count
            guard agreeing >= 3 || options.levelSet?.rejects == false else { continue }
            accept(position, of: track, views: views, isOnSurface: false)
        }
        updateDeviation(threads: threads)
    }

    /// Distance in pixels between the ends of rays and their point that noise alone explains.
    private static let smallestGap = 2.0

    private func views(of track: Int) -> [Triangulator.View] {
        tracks.observations(of: track).compactMap { observation in
            let image = Int(tracks.imageIndices[observation])
            guard isRegistered[image] else { return nil }
            let pixel = pixel(of: observation)
            return Triangulator.View(lens: image, pixel: pixel, ray: lenses[image].ray(through: pixel))
        }
    }

    private mutating func accept(
        _ position: SIMD3<Double>, of track: Int, views: [Triangulator.View], isOnSurface: Bool
    ) {
        positions[track] = position
        hasPoint[track] = true
        self.isOnSurface[track] = isOnSurface
        var index = 0
        for observation in tracks.observations(of: track)
        where isRegistered[Int(tracks.imageIndices[observation])] {
            isObserved[observation] = views[index].isInlier
            index += 1
        }
    }

    /// What the surface says of a track.
    private struct Fate {
        var point: SIMD3<Double>
        var views: [Triangulator.View]
        /// Median distance of the rays' ends from the point, in pixels; `nil` when too few rays end on the surface.
        var gap: Double?
    }

    private func fates(of candidates: [Int], on levelSet: LevelSet, threads: Int) -> [Fate?] {
        let allViews = candidates.map { views(of: $0) }
        var starts = [0]
        for views in allViews { starts.append(starts[starts.count - 1] + views.count) }
        let hits = levelSet.hits(
            allViews.flatMap { views in views.map { (lenses[$0.lens].center, $0.ray) } }, threads: threads)
        let triangulator = Triangulator(options: options.triangulation)
        let guesses = candidates.indices.map { index -> SIMD3<Double>? in
            guard allViews[index].count >= 2 else { return nil }
            let ends = hits[starts[index]..<starts[index + 1]].compactMap { $0 }
            return triangulator.best(of: ends, allViews[index], lenses: lenses, limit: Self.searchLimit)
        }
        let known = guesses.indices.filter { guesses[$0] != nil }
        var slopes = [(value: Double, gradient: SIMD3<Double>)?](repeating: nil, count: guesses.count)
        for (index, sample) in zip(known, levelSet.sample(known.map { guesses[$0] ?? .zero }, threads: threads)) {
            slopes[index] = sample
        }
        return candidates.indices.map { index -> Fate? in
            guard let guess = guesses[index], let slope = slopes[index] else { return nil }
            var views = allViews[index]
            let row = levelSetRow(slope, at: guess, deviation: levelSet.deviation)
            guard
                let point = triangulator.refined(
                    guess, &views, lenses: lenses, firstLimit: Self.searchLimit, towards: row)
            else { return nil }
            let ends = hits[starts[index]..<starts[index + 1]]
            var gaps: [Double] = []
            for (view, end) in zip(views, ends) where view.isInlier {
                guard let end else {
                    gaps.append(.infinity)
                    continue
                }
                let lens = lenses[view.lens]
                gaps.append((end - point).length * lens.meanFocalLength / (point - lens.center).length)
            }
            gaps.sort()
            // Of two rays both must end at the point, of more the better half.
            let gap = gaps.isEmpty ? .infinity : gaps.count == 2 ? gaps[1] : gaps[gaps.count / 2]
            return Fate(point: point, views: views, gap: gap.isFinite ? gap : nil)
        }
    }

    /// Reprojection error of a ray's end that belongs to the point, in pixels, before the point is refined.
    private static let searchLimit = 12.0

    /// The plane that stands for the surface near `point`: one standard deviation of the field counts as one pixel's noise.
    private func levelSetRow(
        _ sample: (value: Double, gradient: SIMD3<Double>), at point: SIMD3<Double>, deviation: Double?
    ) -> Triangulator.Plane? {
        guard let deviation, deviation > 0, sample.gradient.length > 0.1 else { return nil }
        let weight = Self.keypointNoise / deviation
        let slope = sample.gradient.length
        return Triangulator.Plane(
            normal: weight / slope * sample.gradient,
            place: point - sample.value / (slope * slope) * sample.gradient)
    }

    /// In pixels.
    private static let keypointNoise = 0.5

    /// Tangent planes of the level set for the points of `chosen` that lie on it, scaled by `weight`.
    func levelSetPlanes(of chosen: [Int], weight: Double) -> [(track: Int, plane: Triangulator.Plane)] {
        guard let levelSet, weight > 0 else { return [] }
        let tied = chosen.filter { isOnSurface[$0] && levelSet.covers(positions[$0]) }
        let samples = levelSet.sample(tied.map { positions[$0] }, threads: threads)
        return zip(tied, samples).compactMap { track, sample in
            guard var plane = levelSetRow(sample, at: positions[track], deviation: levelSet.deviation) else {
                return nil
            }
            // Long tracks know better than the surface.
            plane.normal *= weight * min(1, 3 / Double(observationCount(of: track)))
            return (track, plane)
        }
    }

    /// Measures how well the points lie on the surface.
    mutating func updateDeviation(threads: Int) {
        guard let current = levelSet else { return }
        let tied = (0..<tracks.count).filter { hasPoint[$0] && isOnSurface[$0] }
        guard tied.count >= 8 else { return }
        let sizes = current.sample(tied.map { positions[$0] }, threads: threads).map { abs($0.value) }.sorted()
        // Points drawn to the surface would make it look ever more certain: never below half a pixel's footprint.
        let footprints = tied.map { track -> Double in
            let image = Int(tracks.imageIndices[tracks.observations(of: track).lowerBound])
            return (positions[track] - lenses[image].center).length / max(lenses[image].meanFocalLength, 1)
        }.filter(\.isFinite).sorted()
        let floor = footprints.isEmpty ? 0 : 0.5 * footprints[footprints.count / 2]
        levelSet?.deviation = max(1.4826 * sizes[sizes.count / 2], floor)
    }

    /// Whether the field confirms each of `tracks`, for poses: |f| within three deviations, on either side. Free points are
    /// confirmed by their photos.
    func isVetted(_ chosen: [Int]) -> [Bool] {
        guard let levelSet, let deviation = levelSet.deviation, options.levelSet?.rejects == true else {
            return chosen.map { _ in true }
        }
        let values = levelSet.sample(chosen.map { positions[$0] }, threads: threads)
        return zip(chosen, values).map { track, sample in
            isOnSurface[track] ? abs(sample.value) <= 3 * deviation : observationCount(of: track) >= 3
        }
    }

    /// Puts points on the surface to where rays and surface together see them, with the poses held.
    mutating func settleOnLevelSet() {
        guard levelSet != nil else { return }
        updateDeviation(threads: threads)
        let triangulator = Triangulator(options: options.triangulation)
        let planes = levelSetPlanes(of: (0..<tracks.count).filter { hasPoint[$0] }, weight: 1)
        for (track, plane) in planes {
            var views = views(of: track)
            var index = 0
            for observation in tracks.observations(of: track)
            where isRegistered[Int(tracks.imageIndices[observation])] {
                views[index].isInlier = isObserved[observation]
                index += 1
            }
            views.removeAll { !$0.isInlier }
            if let point = triangulator.settled(positions[track], views, lenses: lenses, towards: plane) {
                positions[track] = point
            }
        }
    }

    /// Where rays from registered images through matches of `image` that have no point yet meet the surface: these place
    /// `image`, too.
    func hits(matching image: Int) -> [(observation: Int, position: SIMD3<Double>)] {
        guard let levelSet else { return [] }
        var sources: [(observation: Int, ray: (SIMD3<Double>, SIMD3<Double>))] = []
        for observation in observations(in: image).map({ Int($0) }) {
            let track = Int(trackOfObservation[observation])
            guard !hasPoint[track] else { continue }
            for other in tracks.observations(of: track) {
                let source = Int(tracks.imageIndices[other])
                guard isRegistered[source], source != image else { continue }
                sources.append((observation, (lenses[source].center, lenses[source].ray(through: pixel(of: other)))))
                break
            }
        }
        return zip(sources, levelSet.hits(sources.map(\.ray), threads: threads)).compactMap { source, hit in
            hit.map { (source.observation, $0) }
        }
    }
}
