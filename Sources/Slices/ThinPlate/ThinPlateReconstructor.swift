// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Mesh

/// Turns the sections of one solid into the surface that bends least while it follows them; seconds instead of a training.
///
/// Nothing in it is random. The method is ours; its pieces are the thin-plate energy (Duchon 1977), fast marching (Sethian
/// 1996), and the same marching cubes and cleaning as for ``SliceReconstructor``.
public struct ThinPlateReconstructor: Sendable {
    /// Bumped whenever the same options and input may give another result.
    public static let algorithmVersion = 1

    private let slices: SliceSet
    private let options: SliceReconstructionOptions
    private let threads: Int

    /// Prepares a reconstruction.
    ///
    /// - Parameters:
    ///   - slices: Sections in world units.
    ///   - options: Those of the thin plate and of the extraction count.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    /// - Throws: `OptionsError` when `options` are not valid.
    public init(_ slices: SliceSet, options: SliceReconstructionOptions, threads: Int) throws(OptionsError) {
        try options.validate()
        self.slices = slices
        self.options = options
        self.threads = threads
    }

    /// A fitted field.
    public struct Fit: Sendable {
        /// Negative inside, near its zero set a distance; in the normalised cube.
        public let field: GridField
        /// From the world to the cube.
        public let cubeFromWorld: UniformSimilarity
        /// Samples on the finest grid.
        public let samples: Int
    }

    /// Fits the field; at the default resolution about 3 to 6 seconds of one processor.
    ///
    /// - Parameters:
    ///   - progress: Told how far the fit is.
    ///   - cancellation: Asked several times a second.
    /// - Returns: `nil` when cancelled. Nothing is kept: a fit begins again from the start.
    public func fit(progress: ProgressHandler? = nil, cancellation: CancellationCheck? = nil) -> Fit? {
        let extraction = SliceSurfaceExtraction(slices, options: options, threads: threads)
        let fit = ThinPlateFit(
            slices.transformed(by: extraction.cubeFromWorld), box: extraction.box, options: options.thinPlate,
            threads: threads)
        guard let result = fit.run(progress: progress, cancellation: cancellation) else { return nil }
        return Fit(field: result.field, cubeFromWorld: extraction.cubeFromWorld, samples: result.samples)
    }

    /// Extracts the surface of a fit, in world units: closed, manifold, wound outwards.
    ///
    /// Components are left out as in ``SliceReconstructor/extract(progress:)``.
    public func extract(_ fit: Fit, progress: ProgressHandler? = nil) throws(ExtractionError) -> SliceSurface {
        try SliceSurfaceExtraction(slices, options: options, threads: threads).extract(
            from: fit.field, inside: .below, crossingRounds: 2, progress: progress)
    }
}
