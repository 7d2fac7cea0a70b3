// SPDX-License-Identifier: Apache-2.0

import Geometry

/// What can be said about a model's points without knowing the true ones.
public struct PointStatistics: Hashable, Sendable, Codable {
    /// Number of points.
    public let count: Int
    /// Mean number of observations of a point.
    public let meanTrackLength: Double
    /// Keypoints that observe a point.
    public let observations: Int
    /// Observations over registered images.
    public let meanObservationsPerImage: Double
    /// Mean of the errors that the model states, `nil` when it states none.
    public let meanStatedError: Double?
    /// Distances in pixels between observations and their projected points, for points in front of the camera.
    public let reprojectionError: ErrorStatistics?
    /// Observations of points that are not in front of the camera.
    public let observationsBehindCamera: Int

    /// Measures a sound model; `nil` when it has no points.
    public init?(_ model: Reconstruction) {
        guard !model.points.isEmpty else { return nil }
        let points = model.pointIDs.compactMap { model.points[$0] }
        count = points.count
        meanTrackLength = Double(points.reduce(0) { $0 + $1.track.count }) / Double(points.count)
        let stated = points.map(\.error).filter { $0 >= 0 }
        meanStatedError = stated.isEmpty ? nil : stated.reduce(0, +) / Double(stated.count)
        var (errors, total, behind): ([Double], Int, Int) = ([], 0, 0)
        for id in model.imageIDs {
            guard let image = model.images[id], let camera = model.cameras[image.cameraID] else { continue }
            for (keypoint, pointID) in zip(image.keypoints, image.pointIDs) {
                guard let pointID, let point = model.points[pointID] else { continue }
                total += 1
                let seen = image.cameraFromWorld(point.position)
                // Below this depth a projection is noise.
                guard seen.z > 1e-12, let pixel = camera.project(seen) else {
                    behind += 1
                    continue
                }
                errors.append((pixel - keypoint).length)
            }
        }
        observations = total
        meanObservationsPerImage = model.images.isEmpty ? 0 : Double(total) / Double(model.images.count)
        reprojectionError = ErrorStatistics(errors)
        observationsBehindCamera = behind
    }
}
