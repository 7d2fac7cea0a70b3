// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// What was done with one set of slices, and how good the result is.
public struct SliceReport: Sendable, Codable {
    /// What the input holds.
    public struct Input: Sendable, Codable {
        /// Path as given.
        public var path: String
        /// Label that was reconstructed, or `nil` for the union of all.
        public var label: Int?
        /// Planes, empty ones included.
        public var planes: Int
        /// Contours, holes included.
        public var contours: Int
        /// What was wrong with the file and how it was mended, one sentence each.
        public var repairs: [String]

        /// Describes an input.
        public init(path: String, label: Int?, planes: Int, contours: Int, repairs: [String]) {
            self.path = path
            self.label = label
            self.planes = planes
            self.contours = contours
            self.repairs = repairs
        }
    }

    /// What made the field.
    public struct Engine: Sendable, Codable {
        /// The engine.
        public var name: SliceEngine
        /// Why this one, as a sentence.
        public var reason: String
    }

    /// How a thin-plate field was fitted.
    public struct Fit: Sendable, Codable {
        /// Nodes of the finest grid.
        public var nodes: Int
        /// Samples on it.
        public var samples: Int
        /// Wall seconds.
        public var seconds: Double
    }

    /// How the training of a network went.
    public struct Training: Sendable, Codable {
        /// Optimiser steps.
        public var steps: Int
        /// Samples drawn.
        public var samples: Int
        /// Mean loss of the last step.
        public var loss: Double
        /// The loss over the steps.
        public var curve: TrainingCurve
        /// Wall seconds of this run.
        public var seconds: Double
        /// Step that this run continued from; 0 when it started afresh.
        public var resumedFromStep: Int
    }

    /// What was made.
    public struct Surface: Sendable, Codable {
        /// Path of the mesh.
        public var path: String
        /// Size, extent and topology; lengths in units of the input.
        public var mesh: MeshReport
        /// Closed components that no contour bears witness to and that were left out.
        public var droppedComponents: Int
        /// Cell of the extraction grid, in units of the input.
        public var cellSize: Double
        /// Field queries made, and those that a dense grid would have made.
        public var queries: Int
        /// See ``queries``.
        public var denseQueries: Int
        /// Wall seconds of extraction, cleaning and measuring.
        public var seconds: Double
    }

    /// How well the mesh, cut by the input planes, agrees with the contours.
    public struct Agreement: Sendable, Codable {
        /// Mean intersection over union over the planes with contours.
        public var meanPlaneIoU: Double
        /// The worst plane's.
        public var minimumPlaneIoU: Double
        /// Number of the worst plane, from 1.
        public var worstPlane: Int
        /// Each plane with contours.
        public var planes: [SliceAgreement.Plane]
    }

    /// Version of the method; see ``SliceReconstructor/algorithmVersion`` and ``ThinPlateReconstructor/algorithmVersion``.
    public var algorithmVersion: Int
    /// See ``Input``.
    public var input: Input
    /// All options, seed included.
    public var options: SliceReconstructionOptions
    /// See ``Engine``.
    public var engine: Engine
    /// See ``Training``; `nil` for other engines.
    public var training: Training?
    /// See ``Fit``; `nil` for other engines.
    public var fit: Fit?
    /// See ``Surface``.
    public var surface: Surface
    /// See ``Agreement``.
    public var agreement: Agreement
    /// See ``Staircase``; `nil` without parallel planes.
    public var staircase: Double?
    /// See ``HoldOutValidation``; `nil` when none was asked for.
    public var holdOut: HoldOutValidation?

    init(
        input: Input, options: SliceReconstructionOptions, engine: Engine, surface: Surface, agreement: Agreement,
        staircase: Double?
    ) {
        algorithmVersion =
            switch engine.name {
            case .occupancy: SliceReconstructor.algorithmVersion
            case .thinPlate: ThinPlateReconstructor.algorithmVersion
            }
        self.input = input
        self.options = options
        self.engine = engine
        self.surface = surface
        self.agreement = agreement
        self.staircase = staircase
    }
}
