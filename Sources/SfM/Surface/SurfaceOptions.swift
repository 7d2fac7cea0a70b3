// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Glibc

/// Everything that decides the surface of ``SurfaceReconstruction``, apart from cameras and points.
public struct SurfaceOptions: Hashable, Sendable, Codable {
    /// Samples of one step and weights of the loss. Lengths are in units of the cube, whose half side is 1.
    public struct Loss: Hashable, Sendable, Codable {
        /// Observed points of a step, at which the field should be 0.
        public var surfaceSamples = 2048
        /// Samples between cameras and points, where the field should be positive.
        public var freeSamples = 4096
        /// Samples just behind points, where the field should not be positive.
        public var hiddenSamples = 512
        /// Samples at which the gradient should have length 1; half of them near points, half anywhere.
        public var eikonalSamples = 1024
        /// Weight of `|f|` at points.
        public var surfaceWeight: Float = 100
        /// Weight of `|∇f - n|²` at points with a normal.
        public var normalWeight: Float = 5
        /// Distance at which a point counts half: the scale of a Cauchy kernel.
        public var outlierScale: Float = 0.02
        /// Weight of the free space. Decisive: at a tenth of it, debris of the initial ball floats before the surface.
        public var freeWeight: Float = 500
        /// The field should rise by this much per length before a point; small, so that surfaces seen at a grazing angle
        /// are allowed.
        public var grazingSlope: Float = 0.1
        /// Weight of the pull that fills what nothing was seen in, where photos show no texture.
        public var solidWeight: Float = 60
        /// Weight of the eikonal term. Strong ones flatten what points say (10 takes 0.1 off the F-score of the
        /// jug scene), weak ones leave bumps between sparse points.
        public var eikonalWeight: Float = 2
        /// Spread of the eikonal samples about points.
        public var eikonalSpread: Float = 0.03

        /// Settings that hold on an object seen from all sides and on walls seen from one.
        public init() {}

        func validate() throws(OptionsError) {
            for (name, count) in [
                ("surfaceSamples", surfaceSamples), ("freeSamples", freeSamples), ("hiddenSamples", hiddenSamples),
                ("eikonalSamples", eikonalSamples),
            ] {
                try OptionsError.require((1...1_000_000).contains(count), name, count, allowed: "1 to 1,000,000")
            }
            for (name, weight) in [
                ("surfaceWeight", surfaceWeight), ("normalWeight", normalWeight), ("freeWeight", freeWeight),
                ("eikonalWeight", eikonalWeight), ("solidWeight", solidWeight),
            ] {
                try OptionsError.require(weight >= 0 && weight.isFinite, name, weight, allowed: "0 or more")
            }
            for (name, length) in [("outlierScale", outlierScale), ("eikonalSpread", eikonalSpread)] {
                try OptionsError.require(length > 0 && length.isFinite, name, length, allowed: "greater than 0")
            }
            try OptionsError.require(
                grazingSlope > 0 && grazingSlope <= 1, "grazingSlope", grazingSlope, allowed: "above 0 to 1")
        }
    }

    /// What is cut away from the extracted surface.
    public struct Trimming: Hashable, Sendable, Codable {
        /// Whether nothing but small components is cut away, so that the surface stays closed, as printing wants it: where
        /// nothing was seen it runs as the field supposes.
        public var keepsClosed = false
        /// Faces that no camera sees stay within this distance of a point, in units of the cube.
        public var unseenReach = 0.03
        /// Faces that cameras see stay within this distance of a point. A square of this side is also the largest gap that
        /// is left uncut.
        public var seenReach = 0.2
        /// Correlation of what two photos show of a face from which on it stays wherever it is.
        public var confirmingAgreement: Float = 0.7
        /// Correlation below which they contradict each other: then only a point within ``unseenReach`` saves the face.
        public var denyingAgreement: Float = 0.25
        /// Photos that show a plain backdrop where a face should be before it is cut away.
        public var denyingBackdrops = 2
        /// Holes that cutting leaves are closed when their outline is no longer than that of a circle this wide.
        public var holeDiameter = 0.25
        /// Components with less than this share of the largest one's area are dropped.
        public var minimumAreaShare = 0.01
        /// Components other than the largest are dropped when photos agree on less than this share of their vertices: what a
        /// few wrong stereo points hold in the air.
        public var confirmedShare = 0.05

        /// Keeps what points or pictures speak for.
        public init() {}

        func validate() throws(OptionsError) {
            for (name, value) in [
                ("unseenReach", unseenReach), ("seenReach", seenReach), ("holeDiameter", holeDiameter),
            ] {
                try OptionsError.require(value >= 0 && value <= 4, name, value, allowed: "0 to 4")
            }
            for (name, value) in [
                ("confirmingAgreement", confirmingAgreement), ("denyingAgreement", denyingAgreement),
            ] { try OptionsError.require((0...1).contains(value), name, value, allowed: "0 to 1") }
            try OptionsError.require(
                denyingBackdrops >= 1, "denyingBackdrops", denyingBackdrops, allowed: "at least 1")
            for (name, share) in [("minimumAreaShare", minimumAreaShare), ("confirmedShare", confirmedShare)] {
                try OptionsError.require((0...1).contains(share), name, share, allowed: "0 to 1")
            }
        }
    }

    /// When a surface is made from stereo points, too.
    public enum StereoUse: String, Hashable, Sendable, Codable, CaseIterable {
        /// Where pictures are at hand and show texture at useful angles.
        case automatic = "auto"
        /// Always; it is an error when there are none.
        case always = "on"
        /// Never: the observed points and the comparison of pictures must do.
        case never = "off"
    }

    /// Shape of the network and the field it starts as: a ball as large as the cube, so that the unknown is solid.
    public var architecture = SDFArchitecture()
    /// Steps and learning rates.
    public var training = SDFTrainingOptions()
    /// What the field is fitted to.
    public var loss = Loss()
    /// How the surface is made to look alike from all pictures; `nil` for a surface of points alone.
    public var photometric: PhotoConsistencyOptions? = PhotoConsistencyOptions()
    /// Whether dense points found by stereo join the observed ones.
    public var stereo = StereoUse.automatic
    /// How these are found.
    public var stereoSearch = StereoOptions()
    /// Bound on the longer side of the pictures that stereo and comparison work on, in pixels.
    public var longerSide = 1024
    /// What is cut away.
    public var trimming = Trimming()
    /// Cells of the extraction grid along a side of the cube.
    public var resolution = 256
    /// Fewest observations of points inside the cube to fit a surface to.
    public var minimumObservations = 100
    /// Seed of all random streams.
    public var seed: UInt64 = 1

    /// The default surface: seconds on two cores.
    public init() { training.steps = 1800 }

    /// Whether field and mesh become finer than asked for where the photos show finer detail in the scene's cube.
    public var followsFootprint = true
    /// Whether what masks leave out is empty: silhouettes of an object without its surroundings. Otherwise it only does not
    /// count.
    public var masksAreOutlines = false
    /// Whether plain areas that reach a photo's border are empty when no point is seen behind them: sky, paper, a dark studio.
    /// Only where there are no masks.
    public var findsBackdrops = true

    /// Pixels that a cell of the mesh spans where the photos are compared; a cell of the field's finest level spans two.
    private static let pixelsPerCell = 2.0
    /// Most cells along a side of the cube when that follows the photos.
    private static let largestResolution = 512.0

    /// Options for a cube whose side spans `pixels` pixels of the photos.
    func following(pixels: Double) -> SurfaceOptions {
        let wanted = min(pixels / Self.pixelsPerCell, Self.largestResolution)
        guard followsFootprint, wanted > 1.2 * Double(resolution) else { return self }
        var result = self
        result.refine(by: wanted / Double(resolution))
        return result
    }

    /// Makes the finest details of field and mesh smaller by `factor`.
    ///
    /// - Precondition: `factor` is positive.
    public mutating func refine(by factor: Double) {
        precondition(factor > 0, "details cannot shrink by \(factor)")
        let grid = architecture.grid
        architecture.grid.finestResolution = max(
            grid.coarsestResolution, Int((Double(grid.finestResolution) * factor).rounded()))
        // Levels keep their ratio of about √2.
        architecture.grid.levels = max(1, grid.levels + Int((2 * log2(factor)).rounded()))
        resolution = Int((Double(resolution) * factor).rounded())
    }

    /// Throws when a value makes no sense.
    public func validate() throws(OptionsError) {
        try architecture.validate()
        try training.validate()
        try loss.validate()
        try photometric?.validate()
        try stereoSearch.validate()
        try OptionsError.require((64...8192).contains(longerSide), "longerSide", longerSide, allowed: "64 to 8192")
        try trimming.validate()
        try OptionsError.require((16...2048).contains(resolution), "resolution", resolution, allowed: "16 to 2048")
        try OptionsError.require(
            minimumObservations >= 1, "minimumObservations", minimumObservations, allowed: "at least 1")
    }
}
