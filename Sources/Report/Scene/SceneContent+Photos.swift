// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import SfM

extension SceneContent {
    /// Cameras, points and matches of a model, and its surface.
    init(_ model: Reconstruction, quality: ModelQuality?, mesh: TriangleMesh?) {
        self.mesh = mesh
        let photos = quality?.photos ?? []
        let rows = Dictionary(uniqueKeysWithValues: photos.enumerated().map { ($1.imageID, $0) })
        var upright = SIMD3<Double>.zero
        var places: [ImageID: Int] = [:]
        for id in model.imageIDs {
            guard let image = model.images[id], let camera = model.cameras[image.cameraID] else { continue }
            let worldFromCamera = image.cameraFromWorld.inverse
            places[id] = cameras.count
            cameras.append(
                Camera(
                    name: image.name, row: rows[id] ?? cameras.count, center: worldFromCamera.translation,
                    corners: Self.corners(of: camera).map { worldFromCamera($0) }))
            upright += worldFromCamera.rotation(SIMD3(0, -1, 0))
        }
        if upright.length > 1e-6 { up = upright.normalized }
        let most = Double((quality?.pairs ?? []).map(\.inliers).max() ?? 1)
        for pair in quality?.pairs ?? [] where pair.inliers > 0 {
            guard let first = places[pair.pair.first], let second = places[pair.pair.second] else { continue }
            links.append(Link(first: first, second: second, strength: Double(pair.inliers) / most))
        }
        for id in model.pointIDs {
            guard let point = model.points[id] else { continue }
            points.append(point.position)
            pointColors.append(point.color)
        }
    }

    /// Corners of the picture at unit depth; without distortion, which would not show.
    private static func corners(of camera: Geometry.Camera) -> [SIMD3<Double>] {
        let (width, height) = (Double(camera.width), Double(camera.height))
        return [SIMD2(0, 0), SIMD2(width, 0), SIMD2(width, height), SIMD2(0, height)].map { pixel in
            let place = (pixel - camera.principalPoint) / camera.focalLengths
            return SIMD3(place.x, place.y, 1)
        }
    }
}
