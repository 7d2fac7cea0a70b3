// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images

/// How a model's frame was brought to the world's, and how well that fits: `transform.json`.
public struct FrameReport: Hashable, Sendable, Codable {
    /// How far one camera, or one known distance, is off.
    public struct Residual: Hashable, Sendable, Codable {
        /// Name of the image, or `imageA:imageB`.
        public var name: String
        /// Distance between the mapped camera and its known position, or difference of the distances, in world units.
        public var error: Double
        /// Whether it had a say; outliers do not.
        public var isUsed: Bool
    }

    /// How up was found.
    public struct Up: Hashable, Sendable, Codable {
        /// `auto`, or an axis of the model.
        public var source: UpDirection
        /// Unit vector in the model's frame that became +z.
        public var directionInModel: [Double]
        /// Length of the mean of the cameras' up directions, 1 when all agree; `nil` for a given axis.
        public var cameraAgreement: Double?
        /// Share of the points that lie on the ground whose normal was taken; `nil` when the cameras alone decided.
        public var groundShare: Double?
    }

    /// `x_world = matrix · x_model`, four rows of four.
    public var matrix: [[Double]]
    /// World units per model unit.
    public var scale: Double
    /// Rotation of the map, w first.
    public var rotation: [Double]
    /// The model's origin in the world.
    public var translation: [Double]
    /// `model`, `distances`, `positions` or `gps`.
    public var scaleSource: String
    /// `model` for the model's unit, `given` for that of given distances or positions, `metres` for GPS.
    public var units: String
    /// How up was found; `nil` when it was not asked for or positions decided it.
    public var up: Up?
    /// Where the world's origin is; x is east of it, y north, z up. GPS only.
    public var origin: GeographicPosition?
    /// One for each camera with a known position or each known distance, by name.
    public var residuals: [Residual]
    /// Of the residuals that were used.
    public var errors: ErrorStatistics?
    /// What a reader should know.
    public var notes: [String]

    /// The map as a value.
    public var worldFromModel: Similarity {
        Similarity(
            scale: scale, rotation: Quaternion(w: rotation[0], x: rotation[1], y: rotation[2], z: rotation[3]),
            translation: SIMD3(translation[0], translation[1], translation[2]))
    }

    init(_ map: Similarity, scaleSource: String, units: String) {
        let turned = map.rotation.matrix
        matrix =
            (0..<3).map { row in (0..<3).map { map.scale * turned[row, $0] } + [map.translation[row]] } + [
                [0, 0, 0, 1]
            ]
        scale = map.scale
        rotation = [map.rotation.w, map.rotation.xyz.x, map.rotation.xyz.y, map.rotation.xyz.z]
        translation = [map.translation.x, map.translation.y, map.translation.z]
        self.scaleSource = scaleSource
        self.units = units
        residuals = []
        notes = []
    }
}
