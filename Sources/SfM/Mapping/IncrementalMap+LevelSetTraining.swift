// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// How a map trains the surface that it lives on.
extension IncrementalMap {
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
