// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images

/// One run of the mapper from one set of starting intrinsics: builds models until nothing is left to start from.
struct MappingSession {
    /// A finished model.
    struct Model {
        var map: IncrementalMap
        var consistency: ModelConsistency
        var outcomes: [RegistrationOutcome?]
        var hasRefinedPrincipalPoint: Bool

        /// Larger is better: images, then points weighed by how well the matches agree.
        var score: (images: Int, support: Double) {
            (map.registrationOrder.count, Double(map.pointCount) * consistency.share)
        }
    }

    let graph: DenseViewGraph
    let tracks: TrackSet
    let options: MappingOptions
    /// Intrinsics that the next model starts from.
    private var cameras: [Camera]
    private var usesGivenMotions: Bool
    private let threads: Int
    private let growthHandler: (@Sendable (Int, Raster) -> Void)?
    private let progress: ProgressHandler?
    private let isCancelled: CancellationCheck?
    private let startingCameras: [Camera]
    private let knownPoses: KnownPoses
    private(set) var models: [Model] = []
    /// The best model that contradicted the matches too much to be kept.
    private var refused: Model?
    private var triedPairs = 0
    private var bestInitialPoints = 0

    init(
        graph: DenseViewGraph, tracks: TrackSet, options: MappingOptions, cameras: [Camera], usesGivenMotions: Bool,
        knownPoses: KnownPoses, threads: Int, progress: ProgressHandler?, isCancelled: CancellationCheck?,
        growthHandler: (@Sendable (Int, Raster) -> Void)? = nil
    ) {
        self.growthHandler = growthHandler
        self.threads = threads
        self.graph = graph
        self.tracks = tracks
        self.options = options
        self.cameras = cameras
        startingCameras = cameras
        self.knownPoses = knownPoses
        self.usesGivenMotions = usesGivenMotions
        self.progress = progress
        self.isCancelled = isCancelled
    }

    /// Larger is better: that of the largest model. Smaller models do not count: wrong ones come easily.
    var score: (images: Int, support: Double) { models.first?.score ?? (0, 0) }

    /// - Throws: ``MappingError/noInitialPair(tried:bestInliers:needed:)``,
    ///   ``MappingError/inconsistent(registered:images:explained:reason:)`` when no model is worth keeping.
    mutating func run() throws(MappingError) {
        var isTaken = [Bool](repeating: false, count: graph.imageCount)
        if let model = try modelOfKnownPoses() {
            for image in model.map.registrationOrder { isTaken[image] = true }
            models.append(model)
            startFromIntrinsics(of: model)
        }
        while models.count < options.maximumModelCount, let model = try nextModel(excluding: isTaken) {
            for image in model.map.registrationOrder { isTaken[image] = true }
            models.append(model)
            startFromIntrinsics(of: model)
        }
        models.sort { $0.score > $1.score }
        guard models.isEmpty else { return }
        if let refused {
            throw .inconsistent(
                registered: refused.map.registrationOrder.count, images: graph.imageCount,
                explained: refused.consistency.share, reason: refusal(of: refused))
        }
        throw .noInitialPair(
            tried: triedPairs, bestInliers: bestInitialPoints, needed: max(8, options.minimumInitialPoints / 4))
    }

    private func refusal(of model: Model) -> String {
        model.consistency.share < options.minimumExplainedShare
            ? "most of their verified matches contradict the poses"
            : "a model needs \(minimumSize) images that agree with each other"
    }

    /// What a model found out about cameras helps the next one; the motions that came with the pairs assumed otherwise.
    private mutating func startFromIntrinsics(of model: Model) {
        for image in model.map.registrationOrder {
            let camera = graph.cameraOfImage[image]
            guard graph.priors[camera].focalLengthSource != .given else { continue }
            cameras[camera] = nextStart(camera, from: model)
            usesGivenMotions = false
        }
    }

    /// The intrinsics of the largest model, when it left images out and moved a focal length by more than a tenth: the
    /// start was then so far off that another run may reach farther.
    var betterStart: [Camera]? {
        guard let model = models.first, model.score.images < graph.imageCount else { return nil }
        let hasMoved = model.map.cameras.indices.contains { index in
            let (before, after) = (startingCameras[index].meanFocalLength, model.map.cameras[index].meanFocalLength)
            return abs(after - before) > 0.1 * before
        }
        return hasMoved ? model.map.cameras.indices.map { nextStart($0, from: model) } : nil
    }

    /// Focal length and distortion of `model`, with the principal point of the prior: that is found last, and anew.
    private func nextStart(_ camera: Int, from model: Model) -> Camera {
        var result = model.map.cameras[camera]
        let prior = graph.priors[camera].camera
        for index in [prior.model.focalLengthCount, prior.model.focalLengthCount + 1] {
            result.parameters[index] = prior.parameters[index]
        }
        return result
    }

    // MARK: One model

    private var minimumSize: Int { min(options.minimumModelSize, graph.imageCount) }

    private mutating func nextModel(excluding isTaken: [Bool]) throws(MappingError) -> Model? {
        let candidates = InitialPairSearch(graph: graph, excluded: isTaken).candidates
        let remaining = isTaken.lazy.filter { !$0 }.count
        guard remaining >= minimumSize else { return nil }
        let empty = IncrementalMap(graph: graph, tracks: tracks, options: options, cameras: cameras, threads: threads)
        var best: Model?
        var trials = 0
        var starts: [Int: InitialQuality?] = [:]
        var isUsed = [Bool](repeating: false, count: candidates.count)
        for stage in InitialStage.stages(options) {
            for (index, pair) in candidates.prefix(Self.candidateLimit).enumerated() where !isUsed[index] {
                if let best, best.map.isRegistered[pair.first], best.map.isRegistered[pair.second] { continue }
                if isCancelled?() == true { throw .cancelled }
                if let known = starts[index], !stage.accepts(known) { continue }
                let start = try empty.started(from: pair, usesGivenMotion: usesGivenMotions)
                let quality = start.map { InitialQuality(points: $0.pointCount, angle: $0.medianAngle) }
                if starts.updateValue(quality, forKey: index) == nil { triedPairs += 1 }
                bestInitialPoints = max(bestInitialPoints, quality?.points ?? 0)
                guard let start, stage.accepts(quality) else { continue }
                isUsed[index] = true
                trials += 1
                if let model = try grow(start.map, isTaken), model.score > best?.score ?? (0, 0) { best = model }
                if let best, 10 * best.score.images >= 9 * remaining { return best }
                if trials >= options.maximumInitialTrials { return best }
            }
        }
        return best
    }

    /// Pairs beyond this rank are not tried.
    private static let candidateLimit = 60

    /// The model that grows from the poses known beforehand; `nil` without any, or when most matches contradict them.
    private mutating func modelOfKnownPoses() throws(MappingError) -> Model? {
        var map = IncrementalMap(graph: graph, tracks: tracks, options: options, cameras: cameras, threads: threads)
        for (image, id) in graph.imageIDs.enumerated() {
            guard let pose = knownPoses.cameraFromWorld[id] else { continue }
            map.register(image, pose: pose)
            map.isHeld[image] = knownPoses.areHeld
        }
        guard map.registrationOrder.count >= 2 else { return nil }
        map.retriangulate()
        return try grow(map, [Bool](repeating: false, count: graph.imageCount))
    }

    private mutating func grow(_ start: IncrementalMap, _ isTaken: [Bool]) throws(MappingError) -> Model? {
        var growth = IncrementalGrowth(
            from: start, isExcluded: isTaken, progress: progress, isCancelled: isCancelled, growthHandler: growthHandler
        )
        try growth.run()
        let consistency = try growth.dropContradictedImages()
        let hasRefined = try growth.refinePrincipalPoints()
        try growth.polish()
        let model = Model(
            map: growth.map, consistency: consistency, outcomes: growth.outcomes, hasRefinedPrincipalPoint: hasRefined)
        guard model.score.images >= minimumSize, consistency.share >= options.minimumExplainedShare else {
            if model.score > refused?.score ?? (0, 0) { refused = model }
            return nil
        }
        return model
    }
}

/// How good a start a pair makes.
struct InitialQuality {
    var points: Int
    /// In radians.
    var angle: Double
}

/// What is asked of a starting pair; later stages ask less.
struct InitialStage {
    var minimumPoints: Int
    /// In radians.
    var minimumAngle: Double

    static func stages(_ options: MappingOptions) -> [InitialStage] {
        let angle = options.minimumInitialAngle * .pi / 180
        let points = options.minimumInitialPoints
        return [
            (points, angle), (points, angle / 2), (points / 2, angle / 2), (points / 4, angle / 4),
            (points / 4, angle / 8),
        ]
        .map { InitialStage(minimumPoints: max(8, $0.0), minimumAngle: $0.1) }
    }

    func accepts(_ quality: InitialQuality?) -> Bool {
        guard let quality else { return false }
        return quality.points >= minimumPoints && quality.angle >= minimumAngle
    }
}
