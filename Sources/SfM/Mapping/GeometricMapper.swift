// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Builds maps from verified matches by classical incremental structure from motion.
///
/// The control for every claim about the neural mapper, and the product's fast path.
public struct GeometricMapper: Sendable {
    /// How to work.
    public var options: MappingOptions
    /// Focal lengths to start cameras from, in pixels, for cameras whose length is unknown: the mapper runs once with the
    /// first of each camera, once with the second and so on, and keeps the best result. Cameras that are not named, and runs
    /// beyond the end of a list, use the prior.
    public var focalLengthCandidates: [CameraID: [Double]]

    /// Creates a mapper.
    public init(options: MappingOptions = MappingOptions(), focalLengthCandidates: [CameraID: [Double]] = [:]) {
        self.options = options
        self.focalLengthCandidates = focalLengthCandidates
    }

    /// Maps the images of `graph`.
    ///
    /// The same graph, options and seed give the same result.
    ///
    /// - Parameters:
    ///   - graph: Images, keypoints and verified pairs.
    ///   - poses: Those known beforehand; the other images are placed by the map that starts from them. Poses that most
    ///     matches contradict are ignored.
    ///   - progress: Told the number of registered images.
    ///   - isCancelled: Asked before each image.
    /// - Throws: ``MappingError``.
    public func map(
        _ graph: ViewGraph, startingFrom poses: KnownPoses = .none, progress: ProgressHandler? = nil,
        isCancelled: CancellationCheck? = nil
    ) throws(MappingError) -> MappingResult {
        var geometric = options
        geometric.levelSet = nil
        return try MapSearch(
            options: geometric, focalLengthCandidates: focalLengthCandidates, knownPoses: poses, threads: 1
        )
        .best(graph, progress: progress, isCancelled: isCancelled).result()
    }
}
