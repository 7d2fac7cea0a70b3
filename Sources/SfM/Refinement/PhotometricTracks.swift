// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// Points of a surface, each with the places at which photos show it, measured by aligning patches through the surface.
///
/// What keypoints are to a sparse map, but chosen where a surface is seen from many sides, and measured with all pixels of a
/// patch at the right perspective: several times as exact as matched keypoints.
struct PhotometricTracks: Sendable {
    /// One point and what sees it.
    struct Track: Sendable {
        /// On the surface, in world coordinates.
        var point: SIMD3<Double>
        /// Places on photos in pixels of their cameras, distortion included.
        var observations: [(imageID: ImageID, pixel: SIMD2<Double>)]
    }

    /// All tracks, in an order that depends on input alone.
    let tracks: [Track]
    /// Pixels of cameras that one compared pixel spans, on average.
    let pixelScale: Double

    /// Cells of a photo along its longer side: at most one track starts in each.
    private static let cells = 28
    /// Pixels that are tried in a cell.
    private static let tries = 8
    /// Views that a patch is looked for in.
    private static let maximumSources = 8
    private static let leastCorrelation = 0.9
    /// Standard deviation of a measured place, in compared pixels.
    private static let largestDeviation = 0.12
    /// Least cosine between the normal and the direction to a camera.
    private static let leastFacing = 0.3
    /// Variance of greys along the direction of least change, per pixel, from which on a patch can be located.
    private static let leastCornerness = 4.0

    /// Measures tracks on the zero set of `field`.
    init(
        of reconstruction: Reconstruction, views: [GrayView], field: SDFField, cube: SceneCube, seed: UInt64,
        threads: Int
    ) {
        let sources = SourceViews.choose(for: views, in: reconstruction, count: Self.maximumSources)
        let found = Parallel.map(count: views.count, threads: threads, block: 1) { index in
            let search = Search(
                views: views, reference: index, sources: sources[index], reconstruction: reconstruction,
                cubeFromWorld: cube.cubeFromWorld)
            return search.tracks(on: field, seed: seed)
        }
        tracks = found.flatMap { $0 }
        let scales = views.compactMap { view in
            reconstruction.images[view.imageID].flatMap { reconstruction.cameras[$0.cameraID] }.map {
                Double($0.width) / Double(view.levels[0].image.width)
            }
        }
        pixelScale = scales.isEmpty ? 1 : scales.reduce(0, +) / Double(scales.count)
    }

    /// The cameras and images of `reconstruction` with `tracks` in place of its points.
    func world(of reconstruction: Reconstruction, tracks: [Track]) -> Reconstruction {
        var result = Reconstruction()
        result.cameras = reconstruction.cameras
        for (id, image) in reconstruction.images {
            result.images[id] = PosedImage(
                name: image.name, cameraID: image.cameraID, cameraFromWorld: image.cameraFromWorld, keypoints: [])
        }
        for (index, track) in tracks.enumerated() {
            var observations: [Observation] = []
            for (imageID, pixel) in track.observations.sorted(by: { $0.imageID < $1.imageID }) {
                guard let count = result.images[imageID]?.keypoints.count else { continue }
                result.images[imageID]?.keypoints.append(pixel)
                result.images[imageID]?.pointIDs.append(nil)
                observations.append(Observation(imageID: imageID, keypointIndex: count))
            }
            result.insert(ScenePoint(position: track.point, track: observations), id: PointID(index + 1))
        }
        return result
    }

    /// The search from one view.
    private struct Search {
        let views: [GrayView]
        let reference: Int
        let sources: [Int]
        let reconstruction: Reconstruction
        let cubeFromWorld: UniformSimilarity

        func tracks(on field: SDFField, seed: UInt64) -> [Track] {
            let view = views[reference]
            let pixels = corners(seed: seed)
            let center = view.cameraFromWorld.cameraCenterInWorld
            let lens = PlaneWarp.View(view, level: 0)
            let back = view.cameraFromWorld.rotation.inverse
            let origin = SIMD3<Float>(cubeFromWorld(center))
            let box = Box(minimum: SIMD3(repeating: -0.98), maximum: SIMD3(repeating: 0.98))
            var rays: [(pixel: (column: Int, row: Int), ray: FieldRay)] = []
            for pixel in pixels {
                let direction = back(lens.ray(Self.middle(of: pixel))).normalized
                guard let range = box.crossing(from: cubeFromWorld(center), along: direction) else { continue }
                rays.append(
                    (
                        pixel,
                        FieldRay(
                            origin: origin, direction: SIMD3<Float>(direction),
                            range: Float(range.lowerBound)...Float(range.upperBound))
                    ))
            }
            let hits = SphereTracer().trace(rays.map(\.ray), through: field)
            var points: [(pixel: (column: Int, row: Int), ray: FieldRay, point: SIMD3<Float>)] = []
            for (ray, hit) in zip(rays, hits) {
                if case .surface(let distance) = hit {
                    points.append((ray.pixel, ray.ray, ray.ray.point(at: distance)))
                }
            }
            let gradients = field.valuesAndGradients(at: points.map(\.point)).gradients
            let worldFromCube = cubeFromWorld.inverse
            return zip(points, gradients).compactMap { item, gradient in
                let normal = SIMD3<Double>(gradient.normalized)
                guard normal.dot(SIMD3<Double>(item.ray.direction)) < -PhotometricTracks.leastFacing else { return nil }
                return track(from: item.pixel, at: worldFromCube(SIMD3<Double>(item.point)), normal: normal)
            }
        }

        private static func middle(of pixel: (column: Int, row: Int)) -> SIMD2<Double> {
            SIMD2(Double(pixel.column) + 0.5, Double(pixel.row) + 0.5)
        }

        /// The best of a few pixels of each cell.
        private func corners(seed: UInt64) -> [(column: Int, row: Int)] {
            let level = views[reference].levels[0]
            let (width, height) = (level.image.width, level.image.height)
            let side = max(8, max(width, height) / PhotometricTracks.cells)
            let margin = PatchAlignment.reach + 1
            var result: [(column: Int, row: Int)] = []
            for top in stride(from: margin, to: height - margin, by: side) {
                for left in stride(from: margin, to: width - margin, by: side) {
                    var random = RandomStream(
                        seed: seed, label: "photometric tracks", UInt64(reference), UInt64(top * width + left))
                    var best: (pixel: (column: Int, row: Int), cornerness: Double)?
                    for _ in 0..<PhotometricTracks.tries {
                        let pixel = (
                            column: left + random.index(below: min(side, width - margin - left)),
                            row: top + random.index(below: min(side, height - margin - top))
                        )
                        guard level.counts(column: pixel.column, row: pixel.row) else { continue }
                        let cornerness = level.image.cornerness(about: pixel, reach: PatchAlignment.reach)
                        if cornerness > (best?.cornerness ?? PhotometricTracks.leastCornerness) {
                            best = (pixel, cornerness)
                        }
                    }
                    if let best { result.append(best.pixel) }
                }
            }
            return result
        }

        /// Looks for the patch in all sources; `nil` when fewer than two show it.
        private func track(
            from pixel: (column: Int, row: Int), at point: SIMD3<Double>, normal: SIMD3<Double>
        ) -> Track? {
            let view = views[reference]
            let lens = PlaneWarp.View(view, level: 0)
            let middle = Self.middle(of: pixel)
            guard let own = place(middle, in: view) else { return nil }
            var observations = [(imageID: view.imageID, pixel: own)]
            for index in sources {
                let source = views[index]
                let towards = source.cameraFromWorld.cameraCenterInWorld - point
                guard towards.dot(normal) > PhotometricTracks.leastFacing * towards.length,
                    let warp = PlaneWarp(
                        about: middle, of: lens, to: PlaneWarp.View(source, level: 0), point: point, normal: normal),
                    let alignment = PatchAlignment(
                        about: pixel, of: view.levels[0], with: source.levels[0], through: warp),
                    alignment.correlation > PhotometricTracks.leastCorrelation,
                    alignment.deviation < PhotometricTracks.largestDeviation,
                    let projected = warp.pixel(at: .zero), let seen = place(projected + alignment.shift, in: source)
                else { continue }
                observations.append((source.imageID, seen))
            }
            return observations.count >= 3 ? Track(point: point, observations: observations) : nil
        }

        /// A place on the finest level of `view` as its camera sees it, if that pixel counts.
        private func place(_ pixel: SIMD2<Double>, in view: GrayView) -> SIMD2<Double>? {
            let level = view.levels[0]
            let (column, row) = (Int(pixel.x), Int(pixel.y))
            guard column >= 0, row >= 0, column < level.image.width, row < level.image.height,
                level.counts(column: column, row: row),
                let camera = reconstruction.images[view.imageID].flatMap({ reconstruction.cameras[$0.cameraID] })
            else { return nil }
            return camera.pixel(ofNormalized: (pixel - level.principalPoint) / level.focalLengths)
        }
    }
}

extension PackedImage {
    /// The smaller eigenvalue of the mean structure tensor about a pixel: squared change of grey per pixel.
    ///
    /// - Precondition: `reach` + 1 pixels about it are inside.
    func cornerness(about pixel: (column: Int, row: Int), reach: Int) -> Double {
        var (xx, yy, xy) = (0, 0, 0)
        for row in pixel.row - reach...pixel.row + reach {
            for column in pixel.column - reach...pixel.column + reach {
                let dx = Int(self[column + 1, row]) - Int(self[column - 1, row])
                let dy = Int(self[column, row + 1]) - Int(self[column, row - 1])
                (xx, yy, xy) = (xx + dx * dx, yy + dy * dy, xy + dx * dy)
            }
        }
        let count = 4.0 * Double((2 * reach + 1) * (2 * reach + 1))
        let (a, b, c) = (Double(xx) / count, Double(yy) / count, Double(xy) / count)
        return 0.5 * (a + b) - (0.25 * (a - b) * (a - b) + c * c).squareRoot()
    }
}
