// SPDX-License-Identifier: Apache-2.0

import Geometry

/// What was made of a folder of photos, and how good it is: `report.json`.
public struct PhotoReport: Sendable, Codable {
    /// One stage of this run.
    public struct StageTime: Sendable, Codable {
        /// Which.
        public var stage: PhotoStage
        /// Wall seconds of this run; 0 when an earlier run had finished it.
        public var seconds: Double
        /// Whether an earlier run had finished it.
        public var isReused: Bool
    }

    /// The workspace.
    public var folder: String
    /// Photos that were used.
    public var photos = 0
    /// Files that were left out, with the reason, one sentence each.
    public var leftOut: [String] = []
    /// How much was made of what: "keypoints", "pairs", "verified pairs", "verified matches".
    public var counts: [String: Int] = [:]
    /// Mapping, when it was run.
    public var mapping: MappingReport?
    /// The refinement of cameras, when it was made.
    public var refinement: PoseRefinementReport?
    /// The surface, when it was made.
    public var surface: SurfaceReport?
    /// The radiance field, when it was made.
    public var radiance: RadianceReport?
    /// How the copy in `world/` came into the world's frame, when that was asked for.
    public var frame: FrameReport?
    /// Photo by photo and pair by pair, how good the model is.
    public var quality: ModelQuality?
    /// Where the time went.
    public var times: [StageTime] = []

    /// An empty report.
    public init(folder: String) { self.folder = folder }

    /// Names of the photos that are in no model, or not in the first one.
    public var unregistered: [ImageReport] { mapping?.images.filter { $0.modelIndex != 0 } ?? [] }
}
