// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images

/// Runs mapping sessions from several starting intrinsics.
struct MapSearch {
    let options: MappingOptions
    let focalLengthCandidates: [CameraID: [Double]]
    var knownPoses = KnownPoses.none
    let threads: Int
    /// Told the number of images and the map each time that a map on a level set has grown.
    var growthHandler: (@Sendable (Int, Raster) -> Void)?

    /// The session with the best map.
    func best(
        _ graph: ViewGraph, progress: ProgressHandler?, isCancelled: CancellationCheck?
    ) throws(MappingError) -> MappingSession {
        do throws(OptionsError) { try options.validate() } catch { throw .options(error) }
        var dense = try DenseViewGraph(graph)
        let starts = startingCameras(dense)
        if let start = starts.first { dense.checkTriplets(cameras: start.cameras, usesGivenMotions: start.isPrior) }
        let tracks = TrackBuilder(keypointCounts: dense.keypoints.map(\.count), options: options.tracks)
            .tracks(of: dense.pairs)
        let graph = dense
        var best: MappingSession?
        var failure: MappingError?
        func run(_ cameras: [Camera], usesGivenMotions: Bool) throws(MappingError) {
            var session = MappingSession(
                graph: graph, tracks: tracks, options: options, cameras: cameras, usesGivenMotions: usesGivenMotions,
                knownPoses: knownPoses, threads: threads, progress: progress, isCancelled: isCancelled,
                growthHandler: growthHandler)
            do throws(MappingError) {
                try session.run()
            } catch {
                if error == .cancelled { throw error }
                failure = failure ?? error
                return
            }
            if best.map({ $0.score < session.score }) ?? true { best = session }
        }
        for start in starts { try run(start.cameras, usesGivenMotions: start.isPrior) }
        if let start = best?.betterStart { try run(start, usesGivenMotions: false) }
        guard let best else { throw failure ?? .noInitialPair(tried: 0, bestInliers: 0, needed: 0) }
        return best
    }

    private func startingCameras(_ graph: DenseViewGraph) -> [(cameras: [Camera], isPrior: Bool)] {
        let runs = max(1, focalLengthCandidates.values.map(\.count).max() ?? 0)
        return (0..<runs).map { run in
            var isPrior = true
            let cameras = graph.priors.enumerated().map { index, prior in
                let candidates = focalLengthCandidates[graph.cameraIDs[index]] ?? []
                guard prior.focalLengthSource != .given, run < candidates.count, candidates[run] > 0,
                    candidates[run].isFinite
                else { return prior.camera }
                isPrior = false
                var camera = prior.camera
                for parameter in 0..<camera.model.focalLengthCount { camera.parameters[parameter] = candidates[run] }
                return camera
            }
            return (cameras, isPrior)
        }
    }
}
