// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// Everything that decides the result of ``SliceReconstructor``, apart from the slices.
public struct SliceReconstructionOptions: Hashable, Sendable, Codable {
    /// The engine; `nil` leaves the choice to ``EngineChooser``.
    public var engine: SliceEngine? = .occupancy
    /// The thin-plate field.
    public var thinPlate = ThinPlateOptions()
    /// Shape of the network.
    public var architecture = OccupancyArchitecture()
    /// Steps, optimiser, loss.
    public var training = OccupancyTrainingOptions()
    /// Where samples are drawn.
    public var sampling = SliceSamplingOptions()
    /// Cells of the extraction grid on the longest side of the normalised cube, which is 2/1.7 times that of the contours.
    public var resolution = 256
    /// Longest half-extent of the contours in the normalised cube `[-1, 1]³`; the rest is room for caps beyond the slices.
    public var halfExtent = 0.85
    /// Seed of all random streams.
    public var seed: UInt64 = 1

    /// The options behind a quality level.
    public init(quality: Quality = .default) {
        switch quality {
        case .fast: training.steps = 2000
        case .default: break
        case .high:
            training.steps = 19_200
            resolution = 384
        }
    }

    /// Throws when a value makes no sense.
    public func validate() throws(OptionsError) {
        try thinPlate.validate()
        try architecture.validate()
        try training.validate()
        try sampling.validate()
        try OptionsError.require((16...2048).contains(resolution), "resolution", resolution, allowed: "16 to 2048")
        try OptionsError.require(
            halfExtent > 0.1 && halfExtent < 1, "halfExtent", halfExtent, allowed: "between 0.1 and 1")
    }
}
