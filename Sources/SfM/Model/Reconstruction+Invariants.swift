// SPDX-License-Identifier: Apache-2.0

import Geometry

extension Reconstruction {
    /// Everything that must hold between cameras, images and points but does not; empty for a sound reconstruction.
    ///
    /// Checked: cameras exist, numbers are finite, tracks are sorted with at most one keypoint of an image, and the links
    /// from points to keypoints and back agree.
    ///
    /// - Parameter allowingRepeatedImages: Whether a track may hold several keypoints of an image, as COLMAP's do.
    public func violatedInvariants(allowingRepeatedImages: Bool = false) -> [String] {
        var problems: [String] = []
        for id in imageIDs {
            guard let image = images[id] else { continue }
            if cameras[image.cameraID] == nil { problems.append("image \(id) has no camera") }
            if image.keypoints.count != image.pointIDs.count { problems.append("image \(id) has unequal lists") }
            let pose = image.cameraFromWorld
            if !(pose.translation.isFinite && pose.rotation.xyz.isFinite && pose.rotation.w.isFinite) {
                problems.append("the pose of image \(id) is not finite")
            }
            for (index, pointID) in image.pointIDs.enumerated() {
                guard let pointID else { continue }
                let observation = Observation(imageID: id, keypointIndex: index)
                if points[pointID]?.track.contains(observation) != true {
                    problems.append("image \(id), keypoint \(index): point \(pointID) does not know it")
                }
            }
        }
        for id in pointIDs {
            guard let point = points[id] else { continue }
            if !point.position.isFinite { problems.append("point \(id) is not finite") }
            let isUnordered = zip(point.track, point.track.dropFirst()).contains {
                allowingRepeatedImages ? $0 >= $1 : $0.imageID >= $1.imageID
            }
            if isUnordered {
                problems.append("the track of point \(id) is not in ascending order of different images")
            }
            for observation in point.track {
                let links = images[observation.imageID]?.pointIDs
                if links?.indices.contains(observation.keypointIndex) != true
                    || links?[observation.keypointIndex] != id
                {
                    problems.append("point \(id): image \(observation.imageID) does not know it")
                }
            }
        }
        return problems
    }
}
