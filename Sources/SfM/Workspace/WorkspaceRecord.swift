// SPDX-License-Identifier: Apache-2.0

import Geometry

/// What `run.json` in a workspace says: where its files come from.
///
/// Holds neither times nor anything else that differs between two runs with the same result.
public struct WorkspaceRecord: Hashable, Sendable, Codable {
    /// One finished stage.
    public struct Stage: Hashable, Sendable, Codable {
        /// Digest of everything the stage's result depends on.
        public var key: String
        /// Digests of the files it wrote, by path relative to the workspace.
        public var outputs: [String: String]
        /// What it made, by name: keypoints, pairs.
        public var counts: [String: Int]
    }

    /// Number of this layout.
    public var layout = Self.currentLayout
    /// Folder of the photos, absolute; `nil` when the workspace was made from a database or model.
    public var photoFolder: String?
    /// The photos in ascending order of ID.
    public var photos: [Photo] = []
    /// Options of the last run.
    public var options = PhotoOptions()
    /// Finished stages by name.
    public var stages: [String: Stage] = [:]

    /// The layout that this version writes and reads.
    public static let currentLayout = 1

    /// One photo of the workspace.
    public struct Photo: Hashable, Sendable, Codable {
        /// Its image ID.
        public var id: ImageID
        /// Path relative to the photo folder.
        public var name: String
        /// Digest of the file's bytes.
        public var fingerprint: String
        /// Its camera.
        public var cameraID: CameraID
    }

    /// An empty record.
    public init() {}

    /// Folder of the model that surfaces, depths and radiance are made for: the refined one when there is one.
    public var posedModelFolder: String {
        stages[PhotoStage.refine.rawValue] == nil ? "sparse/0" : "refined/sparse/0"
    }
}
