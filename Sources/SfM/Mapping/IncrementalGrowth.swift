// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images

/// Grows a map of two images, or of all those whose poses are known, as far as it goes.
///
/// Schönberger and Frahm 2016, section 4: the image that sees most of the map is placed, the map extended and adjusted,
/// and so on. Adjustments on the way use a few hundred points per image and few steps; the last ones use everything.
struct IncrementalGrowth {
    var map: IncrementalMap
    /// How the last attempt on each image ended; `nil` for images never tried.
    private(set) var outcomes: [RegistrationOutcome?]
    private let priors: [CameraPrior]
    /// Intrinsics before any adjustment.
    private let startingCameras: [Camera]
    private let isExcluded: [Bool]
    private let progress: ProgressHandler?
    let isCancelled: CancellationCheck?
    let growthHandler: (@Sendable (Int, Raster) -> Void)?
    private var imagesAtLastGlobal = 2
    /// Whether principal points have been found to be determined by the views.
    var movesPrincipalPoints = false

    /// Images placed by a single other one.
    private var bridges = 0
    /// Images that a map must have for each of them.
    private static let imagesPerBridge = 4
    /// Images registered before the intrinsics move: with fewer, focal length and depth trade off.
    private static let imagesForIntrinsics = 3
    /// Images that a camera must have taken before its principal point may move.
    private static let imagesForPrincipalPoint = 5
    /// Up to this many images every adjustment takes in the whole map.
    private static let wholeMapLimit = 10
    /// Images adjusted together with a new one.
    private static let localNeighbours = 6

    init(
        from map: IncrementalMap, isExcluded: [Bool], progress: ProgressHandler?, isCancelled: CancellationCheck?,
        growthHandler: (@Sendable (Int, Raster) -> Void)?
    ) {
        self.growthHandler = growthHandler
        self.map = map
        priors = map.graph.priors
        startingCameras = map.cameras
        outcomes = Array(repeating: nil, count: map.graph.imageCount)
        self.isExcluded = isExcluded
        self.progress = progress
        self.isCancelled = isCancelled
    }

    /// Places images until none fits, then adjusts everything to the end.
    mutating func run() throws(MappingError) {
        let startsFromKnownPoses = map.registrationOrder.count > 2
        // A surface fitted to poses that are far off denies points that the photos are right about.
        if startsFromKnownPoses { try adjustKnownPoses() }
        try startLevelSet()
        showLevelSet()
        if startsFromKnownPoses && map.levelSet != nil { try adjustKnownPoses() }
        var hasRetried = false
        while true {
            if try registerNext() {
                hasRetried = false
                progress?(
                    StageProgress(
                        stage: "mapping", completed: map.registrationOrder.count, total: map.graph.imageCount))
            } else if !hasRetried {
                // Better poses and more points may be what the remaining images need.
                try adjustAll(pointsPerImage: 400, iterations: 15)
                map.retriangulate()
                hasRetried = true
            } else if try bridgeNext() {
                hasRetried = false
            } else {
                break
            }
        }
        try finish()
    }

    /// Adjusts poses that were known, before others are placed by them: points follow poses, and the other way round.
    private mutating func adjustKnownPoses() throws(MappingError) {
        for _ in 0..<Self.roundsOnKnownPoses {
            try adjustAll(pointsPerImage: nil, iterations: 15)
            map.retriangulate()
            try followPoints()
            showLevelSet()
        }
        imagesAtLastGlobal = map.registrationOrder.count
    }

    private static let roundsOnKnownPoses = 3

    private func checkCancellation() throws(MappingError) {
        if isCancelled?() == true { throw .cancelled }
    }

    // MARK: Growing

    private mutating func registerNext() throws(MappingError) -> Bool {
        let waiting = (0..<map.graph.imageCount).filter { !map.isRegistered[$0] && !isExcluded[$0] }
        let ranked = waiting.map { (image: $0, score: map.visibilityScore(of: $0)) }
            .filter { $0.score > 0 }.sorted { ($1.score, $0.image) < ($0.score, $1.image) }
        for candidate in ranked {
            try checkCancellation()
            let outcome = try map.tryToRegister(
                candidate.image, searchesFocalLength: isFocalLengthOpen(of: candidate.image))
            outcomes[candidate.image] = outcome
            if case .registered = outcome {
                try extend(with: candidate.image)
                return true
            }
        }
        return false
    }

    /// Places one more image by a single registered photo, when points place none.
    ///
    /// Bridges join parts of a scene. A map made of nothing but bridges would agree with all it was made of, and be wrong.
    private mutating func bridgeNext() throws(MappingError) -> Bool {
        guard (bridges + 1) * Self.imagesPerBridge <= map.registrationOrder.count else { return false }
        for image in 0..<map.graph.imageCount where !map.isRegistered[image] && !isExcluded[image] {
            try checkCancellation()
            guard case .registered(let inliers) = try map.tryToBridge(to: image) else { continue }
            outcomes[image] = .registered(inliers: inliers)
            bridges += 1
            try extend(with: image)
            return true
        }
        return false
    }

    /// Makes and adjusts what a new image shows.
    private mutating func extend(with image: Int) throws(MappingError) {
        try growLevelSet(with: image)
        try adjust(after: image)
        try followPoints()
        showLevelSet()
    }

    private func isFocalLengthOpen(of image: Int) -> Bool {
        let camera = map.graph.cameraOfImage[image]
        return priors[camera].focalLengthSource == .guessed
            && !map.registrationOrder.contains { map.graph.cameraOfImage[$0] == camera }
    }

    private mutating func adjust(after image: Int) throws(MappingError) {
        let count = map.registrationOrder.count
        let isDue = count <= Self.wholeMapLimit || 5 * count >= 6 * imagesAtLastGlobal
        if isDue {
            try adjustAll(pointsPerImage: 250, iterations: 10)
            if count > Self.wholeMapLimit { map.retriangulate() }
            imagesAtLastGlobal = count
        } else {
            var options = BundleOptions()
            options.maximumIterations = 8
            options.functionTolerance = 1e-4
            let scope = BundleScope(
                freeImages: [image] + neighbours(of: image), pointsPerImage: 150,
                freeParameters: Array(repeating: [], count: priors.count), options: options,
                surfaceWeight: surfaceWeight, isGuarded: true)
            _ = try map.adjust(scope, isCancelled: isCancelled)
            map.complete()
            map.filter()
        }
    }

    /// The registered images that share most points with `image`.
    private func neighbours(of image: Int) -> [Int] {
        var shared = [Int](repeating: 0, count: map.graph.imageCount)
        for observation in map.observations(in: image) where map.isObserved[Int(observation)] {
            for other in map.tracks.observations(of: Int(map.trackOfObservation[Int(observation)]))
            where map.isObserved[other] { shared[Int(map.tracks.imageIndices[other])] += 1 }
        }
        return map.registrationOrder.filter { $0 != image && shared[$0] > 0 }
            .sorted { (shared[$1], $0) < (shared[$0], $1) }.prefix(Self.localNeighbours).map { $0 }
    }

    // MARK: Adjusting

    private mutating func adjustAll(pointsPerImage: Int?, iterations: Int) throws(MappingError) {
        try checkCancellation()
        var options = BundleOptions()
        options.maximumIterations = iterations
        options.functionTolerance = 1e-4
        let scope = BundleScope(
            freeImages: nil, pointsPerImage: pointsPerImage, freeParameters: freeParameters(), options: options,
            surfaceWeight: surfaceWeight, isGuarded: true)
        _ = try map.adjust(scope, isCancelled: isCancelled)
        restoreImplausibleCameras()
        map.complete()
        map.filter()
    }

    /// Takes an image back because only `share` of its matches agree with its place.
    mutating func reject(_ image: Int, share: Double) {
        map.unregister(image)
        outcomes[image] = .contradicted(share: share)
    }

    /// Takes back images that kept too few points for a pose; returns whether there were any.
    private mutating func dropUnsupportedImages() -> Bool {
        let unsupported = map.registrationOrder.filter { map.observedCount(in: $0) < map.options.minimumPoseInliers }
        for image in unsupported { map.unregister(image) }
        return !unsupported.isEmpty
    }

    /// Full adjustments with all points, until they change nothing more.
    mutating func finish() throws(MappingError) {
        for _ in 0..<4 {
            map.complete()
            map.retriangulate()
            map.mergeTracks()
            _ = try adjustFully(freeParameters(), loss: map.options.bundle.loss)
            let before = map.isObserved.lazy.filter { $0 }.count
            let dropped = map.filter()
            if !dropUnsupportedImages() && 1000 * dropped < before { break }
            if map.registrationOrder.count < 2 { return }
        }
    }

    /// The last adjustment of a model: the same observations once more, with a loss that follows their noise.
    mutating func polish() throws(MappingError) {
        _ = try adjustFully(freeParameters(), loss: finalLoss(), iterations: Self.polishingIterations)
        map.complete()
        map.filter()
        try finishLevelSet()
    }

    /// The loss is far from quadratic: the first steps bring nearly all of it, and thirty would follow.
    private static let polishingIterations = 10

    /// The loss of the last adjustment: its scale follows the noise of the observations, as the median error shows it.
    ///
    /// Blunders of a few pixels pass every filter; among keypoints that are good to a tenth of a pixel they should not count.
    private func finalLoss() -> RobustLoss {
        guard let factor = map.options.finalLossFactor else { return map.options.bundle.loss }
        var errors: [Double] = []
        for track in 0..<map.tracks.count where map.hasPoint[track] {
            for observation in map.tracks.observations(of: track) where map.isObserved[observation] {
                errors.append(map.squaredError(of: observation, at: map.positions[track]))
            }
        }
        guard !errors.isEmpty else { return map.options.bundle.loss }
        errors.sort()
        return .cauchy(scale: max(factor * errors[errors.count / 2].squareRoot(), Self.smallestLossScale))
    }

    /// In pixels: exact observations must not make the loss blind to all but themselves.
    private static let smallestLossScale = 0.05

    /// One adjustment with all points, to the end or for so many steps.
    mutating func adjustFully(
        _ free: [[Int]], loss: RobustLoss, iterations: Int = .max
    ) throws(MappingError) -> BundleSummary {
        try checkCancellation()
        guard map.registrationOrder.count >= 2 else {
            return BundleSummary(
                initialCost: 0, finalCost: 0, iterations: 0, hasConverged: true, skippedObservations: 0)
        }
        var options = map.options.bundle
        options.loss = loss
        options.maximumIterations = min(options.maximumIterations, iterations)
        let scope = BundleScope(
            freeImages: nil, pointsPerImage: nil, freeParameters: free, options: options,
            surfaceWeight: map.options.levelSet?.finalWeight ?? 0)
        let summary = try map.adjust(scope, isCancelled: isCancelled)
        restoreImplausibleCameras()
        return summary
    }

    /// Parameters of each camera that an adjustment moves.
    func freeParameters(withPrincipalPoint: Bool = false) -> [[Int]] {
        var images = [Int](repeating: 0, count: priors.count)
        for image in map.registrationOrder { images[map.graph.cameraOfImage[image]] += 1 }
        return priors.indices.map { camera in
            guard priors[camera].focalLengthSource != .given, images[camera] > 0,
                map.registrationOrder.count >= Self.imagesForIntrinsics
            else { return [] }
            let model = map.cameras[camera].model
            let free = BundleAdjustment.Intrinsics.focalLengthAndRadial.freeParameters(of: model)
            let isFree = (withPrincipalPoint || movesPrincipalPoints) && images[camera] >= Self.imagesForPrincipalPoint
            return isFree ? free + [model.focalLengthCount, model.focalLengthCount + 1] : free
        }
    }

    /// A focal length or distortion that no lens has is worse than the guess it started from.
    private mutating func restoreImplausibleCameras() {
        for (index, camera) in map.cameras.enumerated() where !Self.isPlausible(camera) {
            map.setCamera(startingCameras[index], at: index)
        }
    }

    /// What counts of a distortion is what it does at the corners: a long lens shows little of a large coefficient.
    private static func isPlausible(_ camera: Camera) -> Bool {
        let size = Double(max(camera.width, camera.height))
        let focal = camera.focalLengths
        guard focal.min() > 0.1 * size && focal.max() < 10 * size else { return false }
        let corner = 0.5 * SIMD2(Double(camera.width), Double(camera.height)) / focal
        let squaredRadius = min((corner * corner).sum(), 1)
        return camera.distortion.allSatisfy { abs($0) * squaredRadius < largestDistortion }
    }

    /// Share of the distance from the middle by which a lens may displace a corner.
    private static let largestDistortion = 0.5
}
