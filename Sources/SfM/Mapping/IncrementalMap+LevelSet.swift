// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

extension IncrementalMap {
    // MARK: Points

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

    // MARK: Training

    /// Fits a first surface to the matches of the registered images; leaves the map as it is when that cannot be.
    mutating func startLevelSet(isCancelled: CancellationCheck?) throws(MappingError) {
        let points = (0..<tracks.count).filter { hasPoint[$0] }.map { positions[$0] }
        guard let cubeFromWorld = SceneNormalization.cubeFromWorld(points) else { return }
        do throws(OptionsError) {
            var fitting = LevelSetTriangulationOptions()
            if SceneNormalization.isRoom(points, centers: registrationOrder.map { lenses[$0].center }) {
                fitting.architecture.start = .hollow(radius: 0.8)
            }
            let triangulation = try LevelSetTriangulation(
                of: keypointPairs(of: nil), in: neuralViews(cubeFromWorld), options: fitting, seed: options.seed)
            if let trainer = try triangulation.fit(threads: threads, cancellation: isCancelled), trainer.loss.isFinite {
                levelSet = LevelSet(trainer.network, cubeFromWorld: cubeFromWorld)
            }
        } catch { throw .options(error) }
        if isCancelled?() == true { throw .cancelled }
    }

    /// Trains the surface on: with the matches of `image`, or on the map alone.
    mutating func trainLevelSet(
        with image: Int?, steps: Int, isCancelled: CancellationCheck?
    ) throws(MappingError) {
        guard let current = levelSet else { return }
        var memory = LevelSetTriangulation.Memory()
        memory.pairs = keypointPairs(of: nil)
        let scale = current.cubeFromWorld.scale
        for track in 0..<tracks.count where hasPoint[track] && isOnSurface[track] && current.covers(positions[track]) {
            let point = current.cubeFromWorld(positions[track])
            memory.points.append(SIMD3<Float>(point))
            for observation in tracks.observations(of: track) where isObserved[observation] {
                let origin = current.cubeFromWorld(lenses[Int(tracks.imageIndices[observation])].center)
                let distance = (point - origin).length
                // The last part of the way, up to a few deviations before the point.
                let end = distance - 4 * scale * (current.deviation ?? 0)
                let start = max(0.5 * distance, distance - 0.6)
                guard start < end else { continue }
                memory.sights.append(
                    FieldRay(
                        origin: SIMD3<Float>(origin), direction: SIMD3<Float>((point - origin).normalized),
                        range: Float(start)...Float(end)))
            }
        }
        do throws(OptionsError) {
            let training = try LevelSetTriangulation(
                of: image.map { keypointPairs(of: $0) } ?? [], in: neuralViews(current.cubeFromWorld),
                remembering: memory, options: .trainingOn(steps: steps),
                seed: options.seed &+ UInt64(registrationOrder.count))
            if let network = try training.refine(current.network, threads: threads, cancellation: isCancelled) {
                let next = current.replacing(network)
                if remembers(next, better: current, points: memory.points) { levelSet = next }
            }
        } catch { throw .options(error) }
        if isCancelled?() == true { throw .cancelled }
        updateDeviation(threads: threads)
    }

    /// Whether a trained surface has not forgotten the points of the one before.
    private func remembers(_ next: LevelSet, better before: LevelSet, points: [SIMD3<Float>]) -> Bool {
        guard points.count >= 8, let deviation = before.deviation else { return true }
        let worldFromCube = before.cubeFromWorld.inverse
        let sample = next.sample(points.map { worldFromCube(SIMD3<Double>($0)) }, threads: threads)
        let sizes = sample.map { abs($0.value) }.sorted()
        return sizes[sizes.count / 2].isFinite && sizes[sizes.count / 2] <= 2 * deviation
    }

    private func neuralViews(_ cubeFromWorld: UniformSimilarity) -> [NeuralView] {
        (0..<graph.imageCount).map { image in
            NeuralView(
                poses[image], focalLength: isRegistered[image] ? lenses[image].meanFocalLength : 1,
                cubeFromWorld: cubeFromWorld)
        }
    }

    /// Pairs of keypoints that tracks join, in registered images; with `image` those of its keypoints alone. Neighbours
    /// around the track, so that their number does not grow with the square of its length.
    private func keypointPairs(of image: Int?) -> [KeypointPair] {
        var result: [KeypointPair] = []
        func end(_ observation: Int) -> KeypointPair.End {
            let view = Int(tracks.imageIndices[observation])
            return KeypointPair.End(view: view, point: lenses[view].direction(ofPixel: pixel(of: observation)))
        }
        for track in 0..<tracks.count {
            let seen = tracks.observations(of: track).filter { isRegistered[Int(tracks.imageIndices[$0])] }
            guard seen.count >= 2 else { continue }
            if let image {
                guard let own = seen.first(where: { Int(tracks.imageIndices[$0]) == image }) else { continue }
                for other in seen where other != own { result.append(KeypointPair(end(own), end(other))) }
            } else {
                for index in 0..<(seen.count == 2 ? 1 : seen.count) {
                    result.append(KeypointPair(end(seen[index]), end(seen[(index + 1) % seen.count])))
                }
            }
        }
        return result
    }
}
