// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import SfM
import TestSupport

#if canImport(Glibc)
    import Glibc
#endif

/// Exact cameras around a torus and exact points on it, each seen where nothing hides it.
enum TorusScene {
    static let shape = AnalyticShape.torus(major: 1, minor: 0.45)

    /// Unit vectors spread evenly over the sphere.
    static func directions(_ count: Int) -> [SIMD3<Double>] {
        (0..<count).map { index in
            let z = 1 - (2 * Double(index) + 1) / Double(count)
            let angle = Double.pi * (1 + 5.0.squareRoot()) * Double(index)
            return SIMD3((1 - z * z).squareRoot() * cos(angle), (1 - z * z).squareRoot() * sin(angle), z)
        }
    }

    /// A camera at `center` that looks at the origin.
    static func lookingAtOrigin(from center: SIMD3<Double>) -> RigidTransform {
        let forward = -center.normalized
        let side = abs(forward.z) < 0.9 ? SIMD3<Double>(0, 0, 1) : SIMD3(1, 0, 0)
        let right = side.cross(forward).normalized
        let rotation = Quaternion(rotationMatrix: Matrix3(rows: right, forward.cross(right), forward))
        return RigidTransform(rotation: rotation, translation: -rotation(center))
    }

    /// Whether the straight line from `point` on the surface to `camera` meets no other part of it.
    static func isVisible(_ point: SIMD3<Double>, normal: SIMD3<Double>, from camera: SIMD3<Double>) -> Bool {
        let towards = (camera - point).normalized
        guard towards.dot(normal) > 0.15 else { return false }
        var travelled = 0.02
        while travelled < 3 {
            let distance = Double(shape.signedDistance(SIMD3<Float>(point + travelled * towards)))
            if distance < 1e-3 { return false }
            travelled += distance
        }
        return true
    }

    /// The scene with its own frame mapped to the world by `worldFromScene`.
    static func reconstruction(
        points: Int, cameras: Int, worldFromScene: Similarity = .identity
    ) -> Reconstruction {
        var result = Reconstruction()
        result.cameras[1] = Camera(width: 320, height: 240, focalLength: 300)
        let centers = directions(cameras).map { 4 * $0 }
        var random = RandomStream(seed: 5, label: "torus")
        var positions: [(position: SIMD3<Double>, views: [ImageID])] = []
        while positions.count < points {
            let (u, v) = (2 * Double.pi * random.uniformDouble(), 2 * Double.pi * random.uniformDouble())
            // Even over the area: the outer side is longer than the inner one.
            guard random.uniformDouble() * 1.45 < 1 + 0.45 * cos(v) else { continue }
            let normal = SIMD3(cos(u) * cos(v), sin(u) * cos(v), sin(v))
            let position = SIMD3(cos(u), sin(u), 0) + 0.45 * normal
            let views = centers.indices.filter { isVisible(position, normal: normal, from: centers[$0]) }
            if views.count >= 2 { positions.append((position, views.map { ImageID($0 + 1) })) }
        }
        for (index, center) in centers.enumerated() {
            let cameraFromScene = lookingAtOrigin(from: center)
            let seen = positions.filter { $0.views.contains(ImageID(index + 1)) }
            result.images[ImageID(index + 1)] = PosedImage(
                name: "\(index).png", cameraID: 1, cameraFromWorld: worldFromScene.mapped(cameraFromScene),
                keypoints: seen.compactMap { result.cameras[1]?.project(cameraFromScene($0.position)) })
        }
        var used: [ImageID: Int] = [:]
        for (index, entry) in positions.enumerated() {
            let track = entry.views.map { view in
                defer { used[view, default: 0] += 1 }
                return Observation(imageID: view, keypointIndex: used[view, default: 0])
            }
            result.insert(
                ScenePoint(position: worldFromScene(entry.position), color: SIMD3(200, 100, 50), track: track),
                id: PointID(index + 1))
        }
        return result
    }

    /// The picture that a camera of the scene takes of the torus with a pattern painted on it, before a plain background.
    static func picture(_ camera: Camera, cameraFromScene: RigidTransform) -> Raster {
        let center = SIMD3<Float>(cameraFromScene.cameraCenterInWorld)
        return Raster(
            width: camera.width, height: camera.height, channels: 1,
            samples: (0..<camera.width * camera.height).map { place in
                let pixel = SIMD2(Double(place % camera.width), Double(place / camera.width)) + 0.5
                let ray = SIMD3<Float>(cameraFromScene.rotation.inverse(camera.ray(throughPixel: pixel)))
                var distance: Float = 2
                for _ in 0..<100 where distance < 6 {
                    let value = shape.signedDistance(center + distance * ray)
                    if value < 1e-4 { break }
                    distance += value
                }
                guard distance < 6 else { return 128 }
                let hit = SIMD3<Double>(center + distance * ray)
                let pattern =
                    sin(17 * hit.x + 9 * hit.y) + sin(13 * hit.y - 19 * hit.z + 1) + sin(21 * hit.z + 8 * hit.x + 2)
                return UInt8(128 + 40 * pattern)
            })
    }
}
