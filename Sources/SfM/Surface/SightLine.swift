// SPDX-License-Identifier: Apache-2.0

import Geometry

/// One observation of a point in the frame of the scene's cube: what lies before the point is empty.
struct SightLine: Sendable {
    /// The point.
    var point: SIMD3<Float>
    /// Unit vector from the point to the camera.
    var towardsCamera: SIMD3<Float>
    /// Length of the part of the line that lies between the point and the camera, within the cube.
    var free: Float

    /// Half the side of the region that samples are drawn from.
    static let reach: Float = 0.99

    /// The lines of all observations of points inside the cube, in the order of points and tracks.
    static func all(of reconstruction: Reconstruction, in cube: SceneCube) -> [SightLine] {
        var centers: [ImageID: SIMD3<Double>] = [:]
        for id in reconstruction.imageIDs {
            guard let image = reconstruction.images[id] else { continue }
            centers[id] = cube.cubeFromWorld(image.cameraFromWorld.cameraCenterInWorld)
        }
        var result: [SightLine] = []
        for id in reconstruction.pointIDs {
            guard let point = reconstruction.points[id] else { continue }
            let position = cube.cubeFromWorld(point.position)
            guard abs(position).max() < Double(reach) else { continue }
            for observation in point.track {
                guard let center = centers[observation.imageID] else { continue }
                let offset = center - position
                let direction = offset.normalized
                let distance = min(offset.length, Self.exit(from: position, along: direction))
                guard distance > 0, distance.isFinite, direction.isFinite else { continue }
                result.append(
                    SightLine(
                        point: SIMD3<Float>(position), towardsCamera: SIMD3<Float>(direction), free: Float(distance)))
            }
        }
        return result
    }

    /// Distance from a point inside the cube to where a ray leaves it.
    private static func exit(from point: SIMD3<Double>, along direction: SIMD3<Double>) -> Double {
        var distance = Double.infinity
        for axis in 0..<3 where direction[axis] != 0 {
            let wall = direction[axis] > 0 ? Double(reach) : -Double(reach)
            distance = min(distance, (wall - point[axis]) / direction[axis])
        }
        return distance
    }

    private static func abs(_ v: SIMD3<Double>) -> SIMD3<Double> { v.replacing(with: -v, where: v .< 0) }
}
