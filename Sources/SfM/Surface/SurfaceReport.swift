// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// How a surface was made from points and pictures.
public struct SurfaceReport: Sendable, Codable {
    /// All options, seed included.
    public var options: SurfaceOptions
    /// The cube that was covered.
    public var cube: SceneCube
    /// Points of the reconstruction, and those inside the cube.
    public var points: Int
    /// See ``points``.
    public var pointsInCube: Int
    /// Observations of points inside the cube.
    public var observations: Int
    /// Dense points inside the cube that stereo found; 0 without stereo.
    public var stereoPoints: Int
    /// Optimiser steps.
    public var steps: Int
    /// Loss of the last step.
    public var loss: Double
    /// The loss over the steps; `nil` in reports of earlier versions.
    public var curve: TrainingCurve?
    /// What comparing pictures said, for each size of the pictures in the order of use; empty when none were compared.
    public var photometric: [PhotometricStage]
    /// Views that were compared, and the mean number of others that each was compared with.
    public var views: Int
    /// See ``views``.
    public var meanSources: Double
    /// Median distance of the points inside the cube from the surface before trimming, by the field, in world units.
    public var medianPointDistance: Double
    /// Cell of the extraction grid, in world units.
    public var cellSize: Double
    /// Field queries made for extraction.
    public var queries: Int
    /// Faces that were extracted, and faces that neither points nor pictures speak for and that were cut away.
    public var extractedFaces: Int
    /// See ``extractedFaces``.
    public var trimmedFaces: Int
    /// Small holes that cutting left and that were closed.
    public var filledHoles: Int
    /// Components that were too small to keep.
    public var droppedComponents: Int
    /// Size, extent and topology of the result; lengths in world units.
    public var mesh: MeshReport
}

/// Comparison of pictures at one size.
public struct PhotometricStage: Hashable, Sendable, Codable {
    /// Level of the pyramid: each next one has half the width, 0 has the full one.
    public var pyramidLevel: Int
    /// What became of the rays.
    public var tally: PhotoConsistencyTally
    /// Mean cost of the compared hits: 1 minus their correlation.
    public var meanCost: Double
}

/// A surface could not be made.
public enum SurfaceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The options make no sense.
    case options(OptionsError)
    /// There is not enough to fit a surface to.
    case tooFewObservations(found: Int, needed: Int)
    /// Cameras and points do not span a volume.
    case noVolume(points: Int)
    /// Training left the range of numbers.
    case diverged(step: Int)
    /// Stereo was asked for and cannot be done.
    case stereo(StereoError)
    /// The surface could not be extracted.
    case extraction(ExtractionError)
    /// Nothing that points or pictures speak for was left.
    case nothingLeft(trimmedFaces: Int)
    /// The caller asked to stop.
    case cancelled

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .options(let error): error.description
        case .tooFewObservations(let found, let needed):
            "Only \(found) observations of points lie inside the scene's cube; a surface needs \(needed). Add photos, or "
                + "lower minimumObservations."
        case .noVolume(let points): "The \(points) points and their cameras do not span a volume. Add photos."
        case .diverged(let step):
            "The field's loss was not a finite number at step \(step). Lower the learning rates."
        case .stereo(let error): error.description
        case .extraction(let error): error.description
        case .nothingLeft(let trimmed):
            "All \(trimmed) faces lie far from every point. Raise trimming.seenReach and unseenReach."
        case .cancelled: "Making the surface was cancelled."
        }
    }
}
