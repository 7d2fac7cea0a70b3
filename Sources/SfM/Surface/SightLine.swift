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
    /// Unit normal of the surface there, towards the camera, or 0 where it is not known.
    var normal = SIMD3<Float>.zero

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
            for observation in point.track {
                guard let center = centers[observation.imageID],
                    let line = SightLine(from: position, to: center)
                else { continue }
                result.append(line)
            }
        }
        return result
    }

    /// The lines of stereo points inside the cube, in their order: each tells of the emptiness before its own view.
    ///
    /// - Parameters:
    ///   - views: Centre of each view of the cloud, in world coordinates.
    ///   - limit: Most lines; of more points, every k-th counts.
    static func all(
        of cloud: StereoCloud, centers: [SIMD3<Double>], in cube: SceneCube, limit: Int
    ) -> [SightLine] {
        let centers = centers.map { cube.cubeFromWorld($0) }
        let spacing = max(1, (cloud.points.count + limit - 1) / limit)
        var result: [SightLine] = []
        result.reserveCapacity(cloud.points.count / spacing + 1)
        for index in stride(from: 0, to: cloud.points.count, by: spacing) {
            let point = cloud.points[index]
            let position = cube.cubeFromWorld(cloud.position(of: point))
            guard var line = SightLine(from: position, to: centers[point.viewIndex]) else { continue }
            line.normal = point.normal
            result.append(line)
        }
        return result
    }

    /// `nil` when the point lies outside the region that samples are drawn from.
    private init?(from position: SIMD3<Double>, to center: SIMD3<Double>) {
        guard Self.abs(position).max() < Double(Self.reach) else { return nil }
        let offset = center - position
        let direction = offset.normalized
        let distance = min(offset.length, Self.exit(from: position, along: direction))
        guard distance > 0, distance.isFinite, direction.isFinite else { return nil }
        point = SIMD3<Float>(position)
        towardsCamera = SIMD3<Float>(direction)
        free = Float(distance)
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
