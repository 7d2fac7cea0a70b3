// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Images

/// Builds maps that live on a neural level set (Level-S²fM, Xiao et al., CVPR 2023).
///
/// The order of things is that of ``GeometricMapper``; what differs is the map. A signed distance network is fitted to the
/// first two images by reprojection through rays; points are where rays meet its surface, and points that it denies are
/// rejected; new images are placed by points that it confirms and by rays that end on it; adjustments draw points to it, and
/// it follows them.
public struct NeuralMapper: Sendable {
    /// How to work; without ``MappingOptions/levelSet`` its defaults count.
    public var options: MappingOptions
    /// As ``GeometricMapper/focalLengthCandidates``.
    public var focalLengthCandidates: [CameraID: [Double]]

    /// Creates a mapper.
    public init(options: MappingOptions = MappingOptions(), focalLengthCandidates: [CameraID: [Double]] = [:]) {
        self.options = options
        self.options.levelSet = options.levelSet ?? LevelSetMappingOptions()
        self.focalLengthCandidates = focalLengthCandidates
    }

    /// The field of the largest model.
    public struct Field: Sendable {
        /// The network.
        public let network: SDFNetwork
        /// Takes the model's frame to the network's cube.
        public let cubeFromWorld: UniformSimilarity
        /// Robust standard deviation of the field at the model's points on it, in units of the model.
        public let deviation: Double?
    }

    /// Maps the images of `graph`.
    ///
    /// - Parameters:
    ///   - graph: Images, keypoints and verified pairs.
    ///   - poses: As in ``GeometricMapper/map(_:startingFrom:progress:isCancelled:)``.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    ///   - progress: Told the number of registered images.
    ///   - isCancelled: Asked before each image.
    ///   - growthHandler: Told the number of images and shown the cross-section of the surface each time that a map has
    ///     grown; a start that leads nowhere is followed by another one.
    /// - Returns: The models, and the field of the first; `nil` when its first images determined none.
    /// - Throws: ``MappingError``.
    public func map(
        _ graph: ViewGraph, startingFrom poses: KnownPoses = .none, threads: Int,
        progress: ProgressHandler? = nil, isCancelled: CancellationCheck? = nil,
        growthHandler: (@Sendable (Int, Raster) -> Void)? = nil
    ) throws(MappingError) -> (result: MappingResult, field: Field?) {
        let session = try MapSearch(
            options: options, focalLengthCandidates: focalLengthCandidates, knownPoses: poses,
            threads: threads, growthHandler: growthHandler
        )
        .best(graph, progress: progress, isCancelled: isCancelled)
        let field = session.models.first?.map.levelSet.map {
            Field(network: $0.network, cubeFromWorld: $0.cubeFromWorld, deviation: $0.deviation)
        }
        return (session.result(), field)
    }
}
