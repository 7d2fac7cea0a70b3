// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Images
import SfM
import TestSupport

#if canImport(Glibc)
    import Glibc
#endif

/// A textured plane z = 0 in the cube, seen from above by cameras on a ring, with pictures drawn exactly.
enum PlaneScene {
    static let camera = Camera(width: 200, height: 150, focalLength: 170)

    static func gray(_ place: SIMD2<Double>) -> Double {
        128 + 35 * sin(40 * place.x + 11 * place.y) + 30 * sin(17 * place.x - 47 * place.y + 1)
            + 25 * sin(30 * place.x + 35 * place.y + 2)
    }

    static let poses: [RigidTransform] = (0..<6).map { index in
        let angle = Double(index) * .pi / 3
        return TorusScene.lookingAtOrigin(from: SIMD3(0.8 * cos(angle), 0.8 * sin(angle), 2))
    }

    /// The grey of each pixel is the mean of 3 × 3 rays through it.
    static func raster(_ pose: RigidTransform) -> Raster {
        let center = pose.cameraCenterInWorld
        return Raster(
            width: camera.width, height: camera.height, channels: 1,
            samples: (0..<camera.width * camera.height).map { place in
                var sum = 0.0
                for part in 0..<9 {
                    let pixel =
                        SIMD2(Double(place % camera.width), Double(place / camera.width))
                        + (SIMD2(Double(part % 3), Double(part / 3)) + 0.5) / 3
                    let ray = pose.rotation.inverse(camera.ray(throughPixel: pixel))
                    let hit = center - center.z / ray.z * ray
                    sum += gray(SIMD2(hit.x, hit.y)) / 9
                }
                return UInt8(sum.rounded())
            })
    }

    static let views: [GrayView] = poses.enumerated().map { index, pose in
        GrayView(
            imageID: ImageID(index), camera: camera, cameraFromWorld: pose, raster: raster(pose), longerSide: 1000)
    }

    /// Cameras, and points on the plane that all see.
    static let reconstruction: Reconstruction = {
        var scene = Reconstruction()
        scene.cameras[1] = camera
        for (index, pose) in poses.enumerated() {
            scene.images[ImageID(index)] = PosedImage(
                name: "\(index)", cameraID: 1, cameraFromWorld: pose,
                keypoints: Array(repeating: .zero, count: 100))
        }
        for point in 0..<100 {
            scene.insert(
                ScenePoint(
                    position: SIMD3(Double(point % 10), Double(point / 10), 0) / 10 - SIMD3(0.45, 0.45, 0),
                    track: poses.indices.map { Observation(imageID: ImageID($0), keypointIndex: point) }),
                id: PointID(point))
        }
        return scene
    }()

    /// A network whose signed distance is exactly `z - height` times `steepness`, whatever its grid holds.
    static func network(height: Float, steepness: Float = 1) throws -> SDFNetwork {
        var architecture = SDFArchitecture()
        architecture.grid.levels = 3
        architecture.grid.finestResolution = 32
        architecture.grid.log2TableSize = 12
        architecture.width = 16
        let network = try SDFNetwork(architecture, seed: 1)
        // One hidden unit far on its linear side carries z; the others are silent.
        for tensor in network.parameters.tensors where tensor.name.hasPrefix("mlp") {
            var values = [Float](repeating: 0, count: network.parameters.values(of: tensor).count)
            switch tensor.name {
            case "mlp.layers.0.weight": values[2] = 1
            case "mlp.layers.0.bias": values[0] = 2
            case "mlp.layers.1.weight": values[0] = steepness
            default: values[0] = -steepness * (2 + height)
            }
            network.parameters.set(tensor, to: values)
        }
        network.refresh()
        return network
    }
}
