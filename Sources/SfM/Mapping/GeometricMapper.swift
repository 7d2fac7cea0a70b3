// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Builds maps from verified matches by classical incremental structure from motion.
///
/// The control for every claim about the neural mapper, and the product's fast path.
public struct GeometricMapper: Sendable {
    /// How to work.
    public var options: MappingOptions
    /// Focal lengths to start cameras from, in pixels, for cameras whose length is unknown: the mapper runs once with the
    /// first of each camera, once with the second and so on, and keeps the best result. Cameras that are not named, and runs
    /// beyond the end of a list, use the prior.
    public var focalLengthCandidates: [CameraID: [Double]]

    /// Creates a mapper.
    public init(options: MappingOptions = MappingOptions(), focalLengthCandidates: [CameraID: [Double]] = [:]) {
        self.options = options
        self.focalLengthCandidates = focalLengthCandidates
    }

    /// Maps the images of `graph`.
    ///
    /// The same graph, options and seed give the same result.
    ///
    /// - Throws: ``MappingError``.
    public func map(
        _ graph: ViewGraph, progress: ProgressHandler? = nil, isCancelled: CancellationCheck? = nil
    ) throws(MappingError) -> MappingResult {
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
                progress: progress, isCancelled: isCancelled)
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
        return best.result()
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
