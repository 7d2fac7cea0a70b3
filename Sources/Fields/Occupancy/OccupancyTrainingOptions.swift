// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How an occupancy network is trained.
public struct OccupancyTrainingOptions: Hashable, Sendable, Codable {
    /// Optimiser steps.
    public var steps = 6400
    /// Tiles of 128 samples in each step.
    public var tilesPerStep = 16
    /// Optimiser and its constants.
    public var optimizer = OptimizerKind.adam()
    /// Learning rate over the steps.
    public var schedule = LearningRateSchedule(peak: 3e-3, warmupSteps: 20, finalFraction: 0.02)
    /// Weight of the last iteration's cross-entropy relative to that of each earlier one. 1 in the paper; the last logit is
    /// the one that makes the surface.
    public var lastIterationWeight: Float = 20
    /// Share of each tile that lies near the boundary and is subject to the gradient penalty, 0 to 1.
    public var penalizedShare = 0.25
    /// Logits may rise by this much per unit of the normalised cube before the penalty sets in, α in the paper.
    public var gradientThreshold: Float = 100
    /// Weight of the gradient penalty, λ in the paper.
    public var gradientWeight: Float = 1e-4

    /// The settings of `--quality default`.
    public init() {}

    /// Samples of one step.
    public var batchSize: Int { tilesPerStep * OccupancyTile.rows }
    /// Penalised rows of one tile.
    package var penalizedRows: Int { Int(penalizedShare * Double(OccupancyTile.rows)) }

    /// Throws when training cannot work with these values.
    public func validate() throws(OptionsError) {
        try OptionsError.require(steps > 0, "steps", steps, allowed: "at least 1")
        try OptionsError.require((1...4096).contains(tilesPerStep), "tilesPerStep", tilesPerStep, allowed: "1 to 4096")
        try OptionsError.require(
            schedule.peak > 0 && schedule.peak < 1, "learning rate", schedule.peak, allowed: "between 0 and 1")
        try OptionsError.require(
            (0...1).contains(schedule.finalFraction), "finalFraction", schedule.finalFraction, allowed: "0 to 1")
        try OptionsError.require(schedule.warmupSteps >= 0, "warmupSteps", schedule.warmupSteps, allowed: "at least 0")
        try OptionsError.require(
            lastIterationWeight >= 1 && lastIterationWeight <= 1000, "lastIterationWeight", lastIterationWeight,
            allowed: "1 to 1000")
        try OptionsError.require((0...1).contains(penalizedShare), "penalizedShare", penalizedShare, allowed: "0 to 1")
        try OptionsError.require(
            gradientThreshold > 0, "gradientThreshold", gradientThreshold, allowed: "greater than 0")
        try OptionsError.require(gradientWeight >= 0, "gradientWeight", gradientWeight, allowed: "at least 0")
    }
}
