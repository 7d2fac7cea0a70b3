// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// Where photos see points outside the cube: they tell how far away the surroundings are.
struct OuterSightings: Sendable {
    private struct Sighting: Sendable {
        var view: Int
        /// In the frame of the cube.
        var point: SIMD3<Float>
        /// In pixels of the finest level, as a share of its width and height.
        var place: SIMD2<Double>
    }

    private let sightings: [Sighting]

    /// The observations of points outside `cube` in `views`.
    init(of reconstruction: Reconstruction, in cube: SceneCube, views: [ColorView]) {
        var numbers: [ImageID: Int] = [:]
        for (number, view) in views.enumerated() { numbers[view.imageID] = number }
        var result: [Sighting] = []
        for id in reconstruction.pointIDs {
            guard let point = reconstruction.points[id] else { continue }
            let position = cube.cubeFromWorld(point.position)
            guard position.isFinite, max(position.max(), -position.min()) > RadianceRay.reach else { continue }
            for observation in point.track {
                guard let number = numbers[observation.imageID], let level = views[number].levels.first,
                    let pixel = level.camera.project(views[number].cameraFromWorld(point.position))
                else { continue }
                let place = pixel / SIMD2(Double(level.camera.width), Double(level.camera.height))
                guard place.min() >= 0, place.max() < 1 else { continue }
                result.append(Sighting(view: number, point: SIMD3<Float>(position), place: place))
            }
        }
        sightings = result
    }

    /// Rays of random sightings, through the middle of the pixel that shows the point.
    ///
    /// - Parameter level: Level of the pyramid, or the coarsest of a view that has fewer.
    func rays(
        _ count: Int, of views: [ColorView], level wanted: Int, cubeFromWorld: UniformSimilarity,
        random: inout RandomStream
    ) -> [RadianceRay] {
        guard !sightings.isEmpty else { return [] }
        return (0..<count).compactMap { _ in
            let sighting = sightings[random.index(below: sightings.count)]
            let view = views[sighting.view]
            let number = min(wanted, view.levels.count - 1)
            let raster = view.levels[number].raster
            guard
                var ray = view.ray(
                    column: Int(sighting.place.x * Double(raster.width)),
                    row: Int(sighting.place.y * Double(raster.height)), level: number, cubeFromWorld: cubeFromWorld)
            else { return nil }
            ray.pictureIndex = sighting.view
            ray.sighting = (sighting.point - ray.origin).length
            return ray
        }
    }
}
