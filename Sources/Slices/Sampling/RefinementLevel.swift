// SPDX-License-Identifier: Apache-2.0

/// One stage of the coarse-to-fine sampling of OReX: how far from the contours samples lie, and for how long.
public struct RefinementLevel: Hashable, Sendable, Codable {
    /// Distance of off-contour samples from the contour, in units of the normalised cube.
    public var radius: Double
    /// Share of the training spent at this level, relative to the others.
    public var duration: Double

    /// Creates a level.
    public init(radius: Double, duration: Double) {
        self.radius = radius
        self.duration = duration
    }

    /// The six levels of the authors' code, coarsest first: radii 1/16 … 1/128, epochs 50 … 200.
    public static let standard: [RefinementLevel] = [
        RefinementLevel(radius: 1 / 16, duration: 50),
        RefinementLevel(radius: 1 / 32, duration: 50),
        RefinementLevel(radius: 1 / 32, duration: 100),
        RefinementLevel(radius: 1 / 64, duration: 100),
        RefinementLevel(radius: 1 / 64, duration: 150),
        RefinementLevel(radius: 1 / 128, duration: 200),
    ]
}
