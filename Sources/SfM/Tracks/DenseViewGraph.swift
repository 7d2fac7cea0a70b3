// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A verified pair by dense image indices, `first < second`.
package struct DensePair {
    var first: Int
    var second: Int
    var configuration: TwoViewConfiguration
    var inliers: [FeatureMatch]
    var fundamental: Matrix3?
    var secondFromFirst: RigidTransform?
    /// Other pairs contradict this one: it makes no tracks and no start, but counts when models are judged.
    var isContradicted = false

    package init(
        first: Int, second: Int, configuration: TwoViewConfiguration, inliers: [FeatureMatch],
        fundamental: Matrix3? = nil, secondFromFirst: RigidTransform? = nil
    ) {
        self.first = first
        self.second = second
        self.configuration = configuration
        self.inliers = inliers
        self.fundamental = fundamental
        self.secondFromFirst = secondFromFirst
    }
}

/// A ``ViewGraph`` with images, cameras and pairs numbered from 0 in the order of their IDs.
///
/// Everything after this works on indices, so neither the order of dictionaries nor gaps between IDs reach a result.
struct DenseViewGraph {
    let cameraIDs: [CameraID]
    let priors: [CameraPrior]
    let imageIDs: [ImageID]
    let names: [String]
    let cameraOfImage: [Int]
    let keypoints: [[SIMD2<Double>]]
    /// In ascending order of their images.
    var pairs: [DensePair]

    var imageCount: Int { imageIDs.count }

    /// - Throws: ``MappingError/malformed(reason:)`` when a pair, image or camera names something that does not exist, a
    ///   number is not finite, or a camera has no usable size or focal length.
    init(_ graph: ViewGraph) throws(MappingError) {
        cameraIDs = graph.cameras.keys.sorted()
        imageIDs = graph.images.keys.sorted()
        var priors: [CameraPrior] = []
        var cameraIndex: [CameraID: Int] = [:]
        for id in cameraIDs {
            guard let prior = graph.cameras[id] else { continue }
            try Self.check(prior.camera, id: id)
            cameraIndex[id] = priors.count
            priors.append(prior)
        }
        self.priors = priors

        var names: [String] = []
        var cameras: [Int] = []
        var keypoints: [[SIMD2<Double>]] = []
        var imageIndex: [ImageID: Int] = [:]
        for id in imageIDs {
            guard let node = graph.images[id] else { continue }
            guard let camera = cameraIndex[node.cameraID] else {
                throw .malformed(reason: "image \(node.name) has camera \(node.cameraID), which does not exist")
            }
            guard node.keypoints.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else {
                throw .malformed(reason: "image \(node.name) has a keypoint that is not finite")
            }
            imageIndex[id] = names.count
            names.append(node.name)
            cameras.append(camera)
            keypoints.append(node.keypoints)
        }
        self.names = names
        cameraOfImage = cameras
        self.keypoints = keypoints

        let twins = keypoints.map(Self.firstTwins)
        var pairs: [DensePair] = []
        for pair in graph.pairs.keys.sorted() {
            guard let geometry = graph.pairs[pair] else { continue }
            guard let first = imageIndex[pair.first], let second = imageIndex[pair.second] else {
                throw .malformed(reason: "pair (\(pair.first), \(pair.second)) names an image that does not exist")
            }
            let (a, b) = (keypoints[first].count, keypoints[second].count)
            guard geometry.inliers.allSatisfy({ Int($0.first) < a && Int($0.second) < b }) else {
                throw .malformed(reason: "pair (\(pair.first), \(pair.second)) matches a keypoint that does not exist")
            }
            pairs.append(
                DensePair(
                    first: first, second: second, configuration: geometry.configuration,
                    inliers: Self.distinct(geometry.inliers, twins[first], twins[second]),
                    fundamental: geometry.fundamental, secondFromFirst: geometry.secondFromFirst))
        }
        self.pairs = pairs
    }

    /// For each keypoint the first one at the same place. Detectors describe a place with two prominent directions twice; for
    /// tracks these are one keypoint, or else they would tear tracks apart.
    private static func firstTwins(_ keypoints: [SIMD2<Double>]) -> [UInt32] {
        var firsts: [SIMD2<Double>: UInt32] = [:]
        return keypoints.enumerated().map { index, place in
            if let first = firsts[place] { return first }
            firsts[place] = UInt32(index)
            return UInt32(index)
        }
    }

    /// The matches between first twins, each once, ascending.
    private static func distinct(_ matches: [FeatureMatch], _ first: [UInt32], _ second: [UInt32]) -> [FeatureMatch] {
        let sorted = matches.map { FeatureMatch(first[Int($0.first)], second[Int($0.second)]) }.sorted()
        return sorted.indices.filter { $0 == 0 || sorted[$0] != sorted[$0 - 1] }.map { sorted[$0] }
    }

    private static func check(_ camera: Camera, id: CameraID) throws(MappingError) {
        guard camera.width > 0, camera.height > 0 else {
            throw .malformed(reason: "camera \(id) is \(camera.width) × \(camera.height) pixels")
        }
        let focal = camera.focalLengths
        guard camera.parameters.allSatisfy(\.isFinite), focal.x > 0, focal.y > 0 else {
            throw .malformed(reason: "camera \(id) has no usable focal length")
        }
    }
}
