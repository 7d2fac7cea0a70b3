// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// How a radiance field was made, and how well it shows photos that it was not trained on.
public struct RadianceReport: Sendable, Codable {
    /// A photo that was left out.
    public struct View: Hashable, Sendable, Codable {
        /// Path of the photo.
        public var name: String
        /// Peak signal-to-noise ratio of the drawn picture, in decibels.
        public var psnr: Double
        /// Structural similarity of the shades of grey.
        public var ssim: Double
    }

    /// All options.
    public var options: RadianceOptions
    /// Shape of the signed distance.
    public var distanceArchitecture: SDFArchitecture
    /// The cube of the field.
    public var cube: SceneCube
    /// Photos that it was trained on.
    public var views: Int
    /// Optimiser steps.
    public var steps: Int
    /// Samples of the whole training.
    public var samples: Int
    /// Loss of the last step.
    public var loss: Double
    /// Photos that were left out.
    public var heldOut: [View]
    /// Mean difference of the gradient's length from 1 at the sparse points within the cube.
    public var gradientError: Double

    /// Mean over ``heldOut``; `nil` when none were left out.
    public var meanPSNR: Double? {
        heldOut.isEmpty ? nil : heldOut.reduce(0) { $0 + $1.psnr } / Double(heldOut.count)
    }
    /// Mean over ``heldOut``; `nil` when none were left out.
    public var meanSSIM: Double? {
        heldOut.isEmpty ? nil : heldOut.reduce(0) { $0 + $1.ssim } / Double(heldOut.count)
    }
}

/// A radiance field could not be made or drawn.
public enum RadianceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The options make no sense.
    case options(OptionsError)
    /// Too few photos are there to train on.
    case tooFewViews(found: Int, needed: Int)
    /// Training left the range of numbers.
    case diverged(step: Int)
    /// The caller asked to stop.
    case cancelled
    /// The model has no image with this name.
    case unknownImage(name: String, example: String)
    /// A picture of more pixels than are drawn.
    case tooLarge(width: Int, height: Int, limit: Int)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .options(let error): error.description
        case .tooFewViews(let found, let needed):
            "\(found) photos of the model can be read; a radiance field needs \(needed). Give their folder by --images, or "
                + "leave out fewer by --holdout."
        case .diverged(let step):
            "The radiance field's loss was not a finite number at step \(step). Lower the learning rates."
        case .cancelled: "Making the radiance field was cancelled."
        case .unknownImage(let name, let example):
            "The model has no image called \(name). Names are as in the model, for instance \(example)."
        case .tooLarge(let width, let height, let limit):
            "A picture of \(width) × \(height) pixels is larger than the limit of \(limit). Draw a smaller one with --size."
        }
    }
}
