// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Refines a whole reconstruction: poses, points and, where wanted, intrinsics.
///
/// Minimises the robust reprojection error of all observations by Levenberg–Marquardt with the points eliminated (Triggs et
/// al. 2000), on one thread: the same input gives the same bytes. The seven degrees of freedom that no picture determines
/// are held by the first image's pose and one coordinate of another's translation.
public struct BundleAdjustment: Sendable {
    /// Which intrinsics move.
    public enum Intrinsics: String, Hashable, Sendable, Codable {
        /// None.
        case constant
        /// Focal lengths and the first radial term.
        case focalLengthAndRadial
        /// All parameters of the model.
        case all
    }

    /// How to iterate.
    public var options: BundleOptions
    /// Which intrinsics move, by camera; those not named are constant.
    public var intrinsics: [CameraID: Intrinsics]

    /// Creates an adjustment in which the cameras of `intrinsics` move.
    public init(options: BundleOptions = BundleOptions(), intrinsics: [CameraID: Intrinsics] = [:]) {
        self.options = options
        self.intrinsics = intrinsics
    }

    /// Refines `world` in place; the mean reprojection errors of its points are brought up to date.
    ///
    /// - Precondition: `world.violatedInvariants()` is empty.
    /// - Throws: ``BundleError``; `world` is then unchanged.
    public func adjust(_ world: inout Reconstruction, isCancelled: CancellationCheck? = nil) throws(BundleError)
        -> BundleSummary
    {
        var problem = BundleProblem()
        let (cameraIDs, imageIDs, pointIDs) = (world.cameras.keys.sorted(), world.imageIDs, world.pointIDs)
        var cameraIndex: [CameraID: Int] = [:]
        for id in cameraIDs {
            guard let camera = world.cameras[id] else { continue }
            cameraIndex[id] = problem.add(camera, free: (intrinsics[id] ?? .constant).freeParameters(of: camera.model))
        }
        var poseIndex: [ImageID: Int] = [:]
        let anchor = scaleAnchor(of: world)
        // Scaling the world about the first camera's centre moves the anchor's translation along where it sees that centre.
        let origin = imageIDs.first.flatMap { world.images[$0]?.cameraFromWorld.cameraCenterInWorld } ?? .zero
        for id in imageIDs {
            guard let image = world.images[id], let camera = cameraIndex[image.cameraID] else { continue }
            let freedom: BundleProblem.Freedom =
                id == imageIDs.first
                ? .constant
                : id == anchor ? .holdingLargest(of: image.cameraFromWorld(origin)) : .free
            poseIndex[id] = problem.add(image.cameraFromWorld, camera: camera, freedom: freedom)
        }
        for id in pointIDs {
            guard let point = world.points[id] else { continue }
            let index = problem.add(point.position)
            for observation in point.track {
                guard let image = world.images[observation.imageID], let pose = poseIndex[observation.imageID] else {
                    continue
                }
                problem.observe(point: index, pose: pose, pixel: image.keypoints[observation.keypointIndex])
            }
        }
        let summary = try problem.solve(options, isCancelled: isCancelled)
        for (index, id) in cameraIDs.enumerated() { world.cameras[id] = problem.camera(index) }
        for (id, index) in poseIndex { world.images[id]?.cameraFromWorld = problem.pose(index) }
        for (index, id) in pointIDs.enumerated() { world.points[id]?.position = problem.point(index) }
        world.updateErrors()
        return summary
    }

    /// The image whose centre lies farthest from the first image's.
    private func scaleAnchor(of world: Reconstruction) -> ImageID? {
        let ids = world.imageIDs
        guard let first = ids.first, let origin = world.images[first]?.cameraFromWorld.cameraCenterInWorld else {
            return nil
        }
        func distance(_ id: ImageID) -> Double {
            ((world.images[id]?.cameraFromWorld.cameraCenterInWorld ?? origin) - origin).length
        }
        return ids.dropFirst().max { (distance($0), $1) < (distance($1), $0) }
    }
}

extension BundleAdjustment.Intrinsics {
    /// Positions of the parameters that move.
    func freeParameters(of model: CameraModel) -> [Int] {
        let focal = Array(0..<model.focalLengthCount)
        switch self {
        case .constant: return []
        case .focalLengthAndRadial:
            let radial = model.focalLengthCount + 2
            return radial < model.parameterCount ? focal + [radial] : focal
        case .all: return Array(0..<model.parameterCount)
        }
    }
}

extension Reconstruction {
    /// Computes the mean reprojection error of every point; observations behind their camera do not count.
    mutating func updateErrors() {
        for id in pointIDs {
            guard let point = points[id] else { continue }
            let errors = point.track.compactMap { reprojectionError(of: point.position, at: $0) }
            points[id]?.error = errors.isEmpty ? -1 : errors.reduce(0, +) / Double(errors.count)
        }
    }
}
