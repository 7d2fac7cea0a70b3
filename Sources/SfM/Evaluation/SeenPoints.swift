// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// Counts the cameras that see points of a surface.
struct SeenPoints: Sendable {
    /// One camera that looks at the scene.
    private struct View: Sendable {
        let camera: Camera
        let cameraFromWorld: RigidTransform
        let center: SIMD3<Double>
        /// Largest tangent of the angle to the optical axis on the picture; beyond it distortion models are void.
        let reach: Double

        func shows(_ point: SIMD3<Double>) -> Bool {
            let local = cameraFromWorld(point)
            guard local.z > 1e-9 else { return false }
            let normalized = SIMD2(local.x, local.y) / local.z
            guard normalized.length <= 1.01 * reach else { return false }
            return camera.contains(camera.pixel(ofNormalized: normalized))
        }
    }

    private let views: [View]

    init(_ model: Reconstruction) {
        views = model.imageIDs.compactMap { id in
            guard let image = model.images[id], let camera = model.cameras[image.cameraID] else { return nil }
            let (width, height) = (Double(camera.width), Double(camera.height))
            let corners = [SIMD2(0, 0), SIMD2(width, 0), SIMD2(0, height), SIMD2(width, height)]
            return View(
                camera: camera, cameraFromWorld: image.cameraFromWorld,
                center: image.cameraFromWorld.cameraCenterInWorld,
                reach: corners.reduce(0) { max($0, camera.normalized(ofPixel: $1).length) })
        }
    }

    /// For each point the number of cameras on whose pictures it lies; nothing hides it.
    ///
    /// - Parameter limit: Counting may stop here.
    func countOfPictures(_ points: [SIMD3<Double>], limit: Int, threads: Int) -> [Int] {
        Parallel.map(count: points.count, threads: threads) { index in
            var seen = 0
            for view in views where seen < limit && view.shows(points[index]) { seen += 1 }
            return seen
        }
    }

    /// For each sample the number of cameras that see it: it projects onto the picture, and nothing of `occluder` lies
    /// before it by more than `tolerance`.
    ///
    /// - Parameters:
    ///   - isOneSided: Whether the face must be turned towards the camera, by at least 2.9° (cosine 0.05) from grazing.
    ///   - limit: Counting may stop here.
    func count(
        _ samples: [SurfaceSample], occluder: TriangleTree, tolerance: Double, isOneSided: Bool, limit: Int,
        threads: Int
    ) -> [Int] {
        Parallel.map(count: samples.count, threads: threads) { index in
            let sample = samples[index]
            var seen = 0
            for view in views where seen < limit {
                guard view.shows(sample.position) else { continue }
                let line = sample.position - view.center
                let distance = line.length
                guard distance > 0 else { continue }
                let direction = line / distance
                if isOneSided, direction.dot(sample.normal) >= -0.05 { continue }
                let isHidden =
                    distance > tolerance
                    && occluder.isHit(origin: view.center, direction: direction, in: 0...(distance - tolerance))
                if !isHidden { seen += 1 }
            }
            return seen
        }
    }
}
