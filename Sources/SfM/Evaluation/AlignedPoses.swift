// SPDX-License-Identifier: Apache-2.0

import Geometry

/// The part of a pose evaluation that needs the two models in one frame.
struct AlignedPoses {
    let alignment: PoseEvaluation.Alignment
    let centers: PoseEvaluation.Centers
    let robustCenters: PoseEvaluation.RobustCenters?
    let rotationDegrees: ErrorStatistics
    let centersWithin: PoseEvaluation.CentersWithin

    /// `nil` with fewer than two photos in both models.
    init?(_ posed: [PosedPair], extent: Double, trueImages: Int, seed: UInt64) {
        guard posed.count >= 2 else { return nil }
        let (estimate, truth) = (posed.map(\.center), posed.map(\.trueCenter))
        let orientations = (
            estimate: posed.map(\.estimate.cameraFromWorld.rotation), truth: posed.map(\.truth.cameraFromWorld.rotation)
        )
        guard let fit = CenterAlignment(estimate: estimate, truth: truth, orientations: orientations) else {
            return nil
        }
        let errors = fit.errors(estimate: estimate, truth: truth)
        let percent = 100 / extent
        let worldRotation = fit.rotation.inverse
        let angles = zip(orientations.truth, orientations.estimate).map { g, e in
            PoseEvaluation.degrees((g * (e * worldRotation).inverse).angle)
        }
        guard let statistics = ErrorStatistics(errors), let rotations = ErrorStatistics(angles) else { return nil }
        alignment = PoseEvaluation.Alignment(scale: fit.scale, rotationFrom: fit.rotationSource.rawValue)
        centers = PoseEvaluation.Centers(error: statistics, percentOfExtent: statistics.scaled(by: percent))
        rotationDegrees = rotations
        let robust = RobustCenterAlignment(estimate: estimate, truth: truth, seed: seed)
        robustCenters = robust.flatMap { robust in
            ErrorStatistics(robust.errors).map {
                PoseEvaluation.RobustCenters(percentOfExtent: $0.scaled(by: percent), inliers: robust.inliers)
            }
        }
        let share = { (limit: Double) in
            Double(errors.reduce(0) { $0 + ($1 * percent <= limit ? 1 : 0) }) / Double(trueImages)
        }
        centersWithin = PoseEvaluation.CentersWithin(
            tenthPercent: share(0.1), halfPercent: share(0.5), onePercent: share(1), fivePercent: share(5))
    }
}
