// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Poses known before mapping: from another program, a turntable, a robot's arm.
public struct KnownPoses: Hashable, Sendable {
    /// By image, of two images or more; their frame becomes that of the map.
    public var cameraFromWorld: [ImageID: RigidTransform]
    /// Whether they are exact and stay as they are; otherwise they are a start that adjustments improve.
    public var areHeld: Bool

    /// None: the mapper finds all poses.
    public static let none = KnownPoses([:])

    /// Creates poses.
    public init(_ cameraFromWorld: [ImageID: RigidTransform], areHeld: Bool = false) {
        self.cameraFromWorld = cameraFromWorld
        self.areHeld = areHeld
    }
}

extension ViewGraph {
    /// The poses of the images that `model` has, too, by their names; its intrinsics of the same size become priors.
    ///
    /// - Parameter areExact: Whether poses are held, and intrinsics with them.
    /// - Throws: ``MappingError/tooFewKnownPoses(found:given:)`` when fewer than two images have a pose.
    mutating func takePoses(of model: Reconstruction, areExact: Bool) throws(MappingError) -> KnownPoses {
        var poses = KnownPoses([:], areHeld: areExact)
        let pairs = ImagePairing.pairs(
            estimate: model.images.mapValues(\.name), truth: images.mapValues(\.name))
        for (id, match) in pairs {
            guard let node = images[id], let known = match.flatMap({ model.images[$0] }) else { continue }
            poses.cameraFromWorld[id] = known.cameraFromWorld
            guard let camera = model.cameras[known.cameraID], let prior = cameras[node.cameraID]?.camera,
                (camera.width, camera.height) == (prior.width, prior.height)
            else { continue }
            cameras[node.cameraID] = CameraPrior(camera: camera, focalLengthSource: areExact ? .given : .exif)
        }
        guard poses.cameraFromWorld.count >= 2 else {
            throw .tooFewKnownPoses(found: poses.cameraFromWorld.count, given: model.images.count)
        }
        return poses
    }
}
