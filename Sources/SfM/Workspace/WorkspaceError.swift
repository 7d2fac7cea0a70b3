// SPDX-License-Identifier: Apache-2.0

/// A workspace cannot serve a stage.
public enum WorkspaceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// `run.json` is not one that this version wrote.
    case foreignRecord(path: String)
    /// A stage needs what another one makes.
    case missingStage(folder: String, stage: PhotoStage, command: String)
    /// The folder holds files, but no `run.json`.
    case notAWorkspace(folder: String)
    /// A stage that reads photos runs in a workspace that knows of none.
    case noPhotoFolder(folder: String)
    /// None of a model's images is in the folder that was given for them.
    case photosNotFound(folder: String, example: String)
    /// An image of the database has no keypoints.
    case noFeatures(image: String)
    /// An image of the database has keypoints, but no descriptors to match them by.
    case noDescriptors(image: String)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .foreignRecord(let path):
            "\(path) is damaged or from another version. Choose another output folder, or add --force to start anew."
        case .missingStage(let folder, let stage, let command):
            "\(folder) has no finished \(stage.rawValue) stage. Run `\(command)` first."
        case .notAWorkspace(let folder):
            "\(folder) is not empty and was not made by this program. Choose another output folder, or add --force."
        case .noFeatures(let image):
            "The database has no keypoints of \(image). Run the feature extraction again."
        case .noDescriptors(let image):
            "The database has no SIFT descriptors of \(image), so it cannot be matched. If it has verified pairs, "
                + "use `reconstruct map --database`."
        case .photosNotFound(let folder, let example):
            "\(folder) holds none of the model's images, for instance no \(example). Give the folder that their names "
                + "are relative to."
        case .noPhotoFolder(let folder):
            "\(folder) does not say where its photos are. Run `reconstruct features PHOTOS -o \(folder)` first."
        }
    }
}

/// The stages from photos to a surface, in order.
public enum PhotoStage: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    /// Keypoints and descriptors of each photo.
    case features
    /// Matches and verified pairs.
    case matches
    /// Cameras and points.
    case map
    /// Cameras refined by what photos show of a surface.
    case refine
    /// The mesh.
    case surface
    /// Dense depth maps and points.
    case depth
    /// The radiance field.
    case radiance

    /// Whether this stage uses what the other one makes.
    package func needs(_ other: PhotoStage) -> Bool {
        other < self && !(self == .depth && other == .surface) && !(self == .radiance && other == .depth)
    }

    /// By order of execution.
    public static func < (a: PhotoStage, b: PhotoStage) -> Bool { a.order < b.order }

    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
