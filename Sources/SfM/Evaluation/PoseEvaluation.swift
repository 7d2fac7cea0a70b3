// SPDX-License-Identifier: Apache-2.0

import Geometry
import Glibc

/// A comparison of poses was not possible.
public enum PoseEvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Errors are stated relative to the largest distance of true camera centres, which is 0 or not finite.
    case noExtent(images: Int)

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .noExtent(let images):
            "The ground truth has \(images) image(s) whose camera centres lie in one place or too far apart to measure; "
                + "at least two different places are needed."
        }
    }
}

/// How far the cameras of a model are from the true ones.
///
/// Models are compared after a similarity alignment of camera centres, and pair by pair without any alignment. Errors are
/// over images registered in both models unless said otherwise.
public struct PoseEvaluation: Hashable, Sendable, Codable {
    /// The alignment of the estimate with the truth.
    public struct Alignment: Hashable, Sendable, Codable {
        /// Length in the truth per length in the estimate.
        public let scale: Double
        /// `centers`, or `orientations` when the centres are too few or on a line.
        public let rotationFrom: String
    }

    /// Distances of camera centres.
    public struct Centers: Hashable, Sendable, Codable {
        /// In units of the truth.
        public let error: ErrorStatistics
        /// In percent of the extent.
        public let percentOfExtent: ErrorStatistics
    }

    /// Distances under an alignment that badly wrong cameras do not spoil.
    public struct RobustCenters: Hashable, Sendable, Codable {
        /// In percent of the extent.
        public let percentOfExtent: ErrorStatistics
        /// Cameras within three times the median.
        public let inliers: Int
    }

    /// Share of all true images whose centre is at most so many percent of the extent away.
    public struct CentersWithin: Hashable, Sendable, Codable {
        /// 0.1 %.
        public let tenthPercent: Double
        /// 0.5 %.
        public let halfPercent: Double
        /// 1 %.
        public let onePercent: Double
        /// 5 %.
        public let fivePercent: Double
    }

    /// Relative poses of all pairs of images.
    public struct Pairs: Hashable, Sendable, Codable {
        /// Pairs of true images.
        public let groundTruth: Int
        /// Those with both images registered.
        public let bothRegistered: Int
        /// Angle of the relative rotation error in degrees.
        public let rotationDegrees: ErrorStatistics?
        /// Angle between the relative translations in degrees, 0 to 180, of pairs with a baseline over 10⁻⁴ of the extent.
        public let directionDegrees: ErrorStatistics?
        /// Of the larger of the two angles; a pair with an unregistered image counts as infinite.
        public let aucOfAll: AreaUnderCurve
        /// The same without pairs that have an unregistered image.
        public let aucOfRegistered: AreaUnderCurve
    }

    /// Images of the truth.
    public let groundTruthImages: Int
    /// Those of them that the estimate has.
    public let registeredImages: Int
    /// Images of the estimate that the truth does not have.
    public let unmatchedImages: Int
    /// Registered share of the true images.
    public let registeredFraction: Double
    /// Largest distance of two true camera centres.
    public let extent: Double
    /// `nil` with fewer than two registered images; so are the following errors.
    public let alignment: Alignment?
    /// After the alignment.
    public let centers: Centers?
    /// `nil` with fewer than four registered images, or when they are on a line.
    public let robustCenters: RobustCenters?
    /// Angle between true and aligned orientation in degrees.
    public let rotationDegrees: ErrorStatistics?
    /// How many centres are right.
    public let centersWithin: CentersWithin?
    /// Relative poses.
    public let pairs: Pairs
    /// `100 · |f − f₀| / f₀` of each registered image with the mean focal length, at the truth's picture width.
    public let focalLengthPercent: ErrorStatistics?
    /// The estimate's points, `nil` when it has none.
    public let points: PointStatistics?

    /// Compares two models.
    ///
    /// - Parameters:
    ///   - estimate: The model to judge.
    ///   - truth: The true model; its points are not used.
    ///   - seed: Of the robust alignment, which draws from its triples when there are over 27 images.
    /// - Throws: ``PoseEvaluationError``.
    public init(estimate: Reconstruction, truth: Reconstruction, seed: UInt64 = 1) throws(PoseEvaluationError) {
        let matched = ImagePairing.pairs(estimate: estimate, truth: truth)
        let trueCenters = matched.compactMap { truth.images[$0.truth]?.cameraFromWorld.cameraCenterInWorld }
        let extent = Self.extent(trueCenters)
        guard extent > 0, extent.isFinite else { throw .noExtent(images: trueCenters.count) }
        self.extent = extent
        let posed = matched.compactMap { pair -> PosedPair? in
            guard let id = pair.estimate, let e = estimate.images[id], let g = truth.images[pair.truth] else {
                return nil
            }
            return PosedPair(estimate: e, truth: g)
        }
        groundTruthImages = matched.count
        registeredImages = posed.count
        unmatchedImages = estimate.images.count - posed.count
        registeredFraction = Double(posed.count) / Double(max(1, matched.count))

        let aligned = AlignedPoses(posed, extent: extent, trueImages: matched.count, seed: seed)
        alignment = aligned?.alignment
        centers = aligned?.centers
        robustCenters = aligned?.robustCenters
        rotationDegrees = aligned?.rotationDegrees
        centersWithin = aligned?.centersWithin
        pairs = Self.pairs(posed, trueImages: matched.count, extent: extent)
        focalLengthPercent = ErrorStatistics(
            posed.compactMap { pair in
                guard let e = estimate.cameras[pair.estimate.cameraID], let g = truth.cameras[pair.truth.cameraID]
                else {
                    return nil
                }
                let scaled = e.meanFocalLength * Double(g.width) / Double(e.width)
                return 100 * abs(scaled - g.meanFocalLength) / g.meanFocalLength
            })
        points = PointStatistics(estimate)
    }

    private static func extent(_ centers: [SIMD3<Double>]) -> Double {
        var result = 0.0
        for (index, a) in centers.enumerated() {
            for b in centers[(index + 1)...] {
                let distance = (a - b).length
                // NaN must not be lost in a comparison.
                guard distance.isFinite else { return .infinity }
                result = max(result, distance)
            }
        }
        return result
    }

    private static func pairs(_ posed: [PosedPair], trueImages: Int, extent: Double) -> Pairs {
        var (rotations, directions, errors): ([Double], [Double], [Double]) = ([], [], [])
        for (index, a) in posed.enumerated() {
            for b in posed[(index + 1)...] {
                let trueRotation = b.truth.cameraFromWorld.rotation * a.truth.cameraFromWorld.rotation.inverse
                let rotation = b.estimate.cameraFromWorld.rotation * a.estimate.cameraFromWorld.rotation.inverse
                let angle = degrees((trueRotation * rotation.inverse).angle)
                rotations.append(angle)
                let trueMove = b.truth.cameraFromWorld.rotation(a.trueCenter - b.trueCenter)
                guard trueMove.length > 1e-4 * extent else {
                    errors.append(angle)
                    continue
                }
                let move = b.estimate.cameraFromWorld.rotation(a.center - b.center)
                let direction =
                    move.length == 0
                    ? 180 : degrees(atan2(trueMove.cross(move).length, trueMove.dot(move)))
                directions.append(direction)
                errors.append(max(angle, direction))
            }
        }
        let all = trueImages * (trueImages - 1) / 2
        return Pairs(
            groundTruth: all, bothRegistered: errors.count, rotationDegrees: ErrorStatistics(rotations),
            directionDegrees: ErrorStatistics(directions),
            aucOfAll: AreaUnderCurve(errors, failures: all - errors.count), aucOfRegistered: AreaUnderCurve(errors))
    }

    static func degrees(_ radians: Double) -> Double { radians * 180 / .pi }
}

/// One photo in both models.
struct PosedPair {
    let estimate: PosedImage
    let truth: PosedImage
    let center: SIMD3<Double>
    let trueCenter: SIMD3<Double>

    init(estimate: PosedImage, truth: PosedImage) {
        self.estimate = estimate
        self.truth = truth
        center = estimate.cameraFromWorld.cameraCenterInWorld
        trueCenter = truth.cameraFromWorld.cameraCenterInWorld
    }
}
