// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Stereo cannot be done.
public enum StereoError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An option makes no sense.
    case options(OptionsError)
    /// Fewer than two images of the model have a picture.
    case tooFewPictures(found: Int, images: Int)
    /// No two views share points from which they could be compared.
    case noSources(views: Int, points: Int)
    /// A file cannot be called after this image.
    case unusableName(String)
    /// The caller asked to stop.
    case cancelled

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .options(let error): error.description
        case .tooFewPictures(let found, let images):
            "Stereo needs two pictures; \(found) of the model's \(images) images could be read. Check --images: photos are "
                + "looked for under the names that the model gives them."
        case .noSources(let views, let points):
            "None of \(views) views can be compared: the model has \(points) points, and too few are shared by two views. "
                + "Depth needs a model with points and tracks."
        case .unusableName(let name):
            "The model has an image \"\(name)\", after which no file within the output folder can be named, or it has two of "
                + "them. Rename it in the model."
        case .cancelled: "Stereo was stopped."
        }
    }
}
