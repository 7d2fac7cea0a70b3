// SPDX-License-Identifier: Apache-2.0

import Geometry

/// The contents of a model's three files before their links are compared.
struct ColmapModelParts {
    var cameras: [CameraID: Camera] = [:]
    /// With the point IDs that the images state.
    var images: [ImageID: PosedImage] = [:]
    /// With the tracks that the points state, in any order.
    var points: [PointID: ScenePoint] = [:]

    /// Joins the parts; keeps the links on which images and points agree.
    ///
    /// COLMAP may give a track several keypoints of one image; when they are `dropped`, the one with the smallest index
    /// stays.
    func linked(
        repeated: ColmapModel.RepeatedObservations, imagesFile: String, pointsFile: String
    ) throws(SceneFileError) -> ColmapModel.Contents {
        var model = Reconstruction()
        model.cameras = cameras
        var stated = 0
        var links: [ImageID: [PointID?]] = [:]
        for (id, image) in images {
            guard cameras[image.cameraID] != nil else {
                throw .malformed(
                    file: imagesFile, .entry("image \(id)"), "camera \(image.cameraID) is not in the cameras file.")
            }
            guard image.cameraFromWorld.cameraCenterInWorld.isFinite else {
                throw .malformed(file: imagesFile, .entry("image \(id)"), "its camera is too far away for any number.")
            }
            stated += image.pointIDs.reduce(0) { $0 + ($1 == nil ? 0 : 1) }
            links[id] = Array(repeating: nil, count: image.pointIDs.count)
        }
        var (kept, refused) = (0, 0)
        model.points = points
        for id in points.keys.sorted() {
            var track: [Observation] = []
            for observation in (points[id]?.track ?? []).sorted() {
                guard let image = images[observation.imageID] else {
                    throw .malformed(
                        file: pointsFile, .entry("point \(id)"),
                        "image \(observation.imageID) is not in the images file.")
                }
                // Some programs write tracks but leave the keypoints out.
                guard image.keypoints.isEmpty || observation.keypointIndex < image.keypoints.count else {
                    throw .malformed(
                        file: pointsFile, .entry("point \(id)"),
                        "image \(observation.imageID) has no keypoint \(observation.keypointIndex).")
                }
                guard !image.keypoints.isEmpty, image.pointIDs[observation.keypointIndex] == id,
                    repeated == .kept ? track.last != observation : track.last?.imageID != observation.imageID
                else {
                    refused += 1
                    continue
                }
                track.append(observation)
                links[observation.imageID]?[observation.keypointIndex] = id
            }
            kept += track.count
            model.points[id]?.track = track
        }
        for (id, image) in images {
            var image = image
            image.pointIDs = links[id] ?? []
            model.images[id] = image
        }
        // A link that both sides state but that is a second one of its image is counted once.
        return ColmapModel.Contents(reconstruction: model, droppedObservations: max(stated - kept, refused))
    }
}
