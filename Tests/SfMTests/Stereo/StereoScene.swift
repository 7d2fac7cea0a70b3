// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import SfM
import TestSupport

/// Photographs with exact depth, as stereo wants them: a reconstruction with points, and views.
struct StereoScene: Sendable {
    var reconstruction = Reconstruction()
    var pictures: [ImageID: Raster] = [:]
    /// Depth of each pixel of the photographs; 0 where nothing is.
    var depths: [ImageID: [Double]] = [:]

    /// Takes photographs of a scene; a few hundred pixels become points, seen wherever they are not hidden.
    init(_ scene: SyntheticPhotoScene, views: [PhotoView], points: Int = 400) {
        for (index, view) in views.enumerated() {
            var options = PhotographOptions()
            options.threads = 2
            options.seed = UInt64(index)
            let id = ImageID(index + 1)
            pictures[id] = scene.photograph(view, options: options)
            depths[id] = scene.truth(of: view, threads: 2).depth
        }
        link(views, points: points)
    }

    /// Takes pictures of a textured plane `n · X = d`.
    init(plane normal: SIMD3<Double>, distance: Double, views: [PhotoView], points: Int = 200) {
        for (index, view) in views.enumerated() {
            let (width, height) = (view.camera.width, view.camera.height)
            let id = ImageID(index + 1)
            let center = view.cameraFromWorld.cameraCenterInWorld
            func hit(_ x: Double, _ y: Double) -> SIMD3<Double> {
                let local = view.camera.normalized(ofPixel: SIMD2(x, y))
                let ray = view.cameraFromWorld.rotation.inverse(SIMD3(local.x, local.y, 1))
                return center + ray * ((distance - normal.dot(center)) / normal.dot(ray))
            }
            var samples: [UInt8] = []
            var depth: [Double] = []
            for row in 0..<height {
                for column in 0..<width {
                    var gray = 0.0
                    for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                        gray += Self.texture(hit(Double(column) + dx, Double(row) + dy)) / 4
                    }
                    samples.append(UInt8(gray.rounded()))
                    depth.append(view.cameraFromWorld(hit(Double(column) + 0.5, Double(row) + 0.5)).z)
                }
            }
            pictures[id] = Raster(width: width, height: height, channels: 1, samples: samples)
            depths[id] = depth
        }
        link(views, points: points)
    }

    /// Greys with detail at several sizes and no period within the pictures.
    private static func texture(_ point: SIMD3<Double>) -> Double {
        var sum = 0.0
        for octave in 0..<4 {
            let p = point * (9 * Double(1 << octave))
            let cell = SIMD3(p.x.rounded(.down), p.y.rounded(.down), 0)
            let (u, v) = (p.x - cell.x, p.y - cell.y)
            func node(_ x: Double, _ y: Double) -> Double {
                var random = RandomStream(
                    seed: UInt64(octave), label: "plane texture", UInt64(bitPattern: Int64(cell.x + x)),
                    UInt64(bitPattern: Int64(cell.y + y)))
                return random.uniformDouble()
            }
            let (a, b) = (u * u * (3 - 2 * u), v * v * (3 - 2 * v))
            sum +=
                (node(0, 0) * (1 - a) + node(1, 0) * a) * (1 - b) + (node(0, 1) * (1 - a) + node(1, 1) * a) * b
        }
        return min(max(sum / 4 * 380 - 60, 0), 255)
    }

    private mutating func link(_ views: [PhotoView], points count: Int) {
        var tracks: [(position: SIMD3<Double>, pixels: [(ImageID, SIMD2<Double>)])] = []
        var random = RandomStream(seed: 5, label: "stereo points")
        for _ in 0..<count {
            let index = random.index(below: views.count)
            let view = views[index]
            let column = random.index(below: view.camera.width)
            let row = random.index(below: view.camera.height)
            let depth = depths[ImageID(index + 1)]?[row * view.camera.width + column] ?? 0
            guard depth > 0 else { continue }
            let local = view.camera.normalized(ofPixel: SIMD2(Double(column) + 0.5, Double(row) + 0.5))
            let position = view.cameraFromWorld.inverse(SIMD3(local.x, local.y, 1) * depth)
            var pixels: [(ImageID, SIMD2<Double>)] = []
            for (other, candidate) in views.enumerated() {
                guard let pixel = candidate.project(position), candidate.camera.contains(pixel) else { continue }
                let seen = depths[ImageID(other + 1)]?[Int(pixel.y) * candidate.camera.width + Int(pixel.x)] ?? 0
                let depth = candidate.cameraFromWorld(position).z
                if abs(seen - depth) < 0.01 * depth { pixels.append((ImageID(other + 1), pixel)) }
            }
            if pixels.count > 1 { tracks.append((position, pixels)) }
        }
        for (index, view) in views.enumerated() {
            let id = ImageID(index + 1)
            reconstruction.cameras[id] = view.camera
            let keypoints = tracks.flatMap { $0.pixels.filter { $0.0 == id }.map(\.1) }
            reconstruction.images[id] = PosedImage(
                name: "\(id).png", cameraID: id, cameraFromWorld: view.cameraFromWorld, keypoints: keypoints)
        }
        var next: [ImageID: Int] = [:]
        for (index, track) in tracks.enumerated() {
            let observations = track.pixels.map { id, _ in
                defer { next[id, default: 0] += 1 }
                return Observation(imageID: id, keypointIndex: next[id, default: 0])
            }
            reconstruction.insert(ScenePoint(position: track.position, track: observations), id: PointID(index + 1))
        }
    }

    /// Views with the pictures, or with others.
    func views(
        pictures other: [ImageID: Raster]? = nil, masks: [ImageID: Raster] = [:]
    ) -> [GrayView] {
        let pictures = other ?? pictures
        return GrayView.all(
            of: reconstruction, longerSide: 4096, threads: 2, raster: { pictures[$0] }, mask: { masks[$0] })
    }

    /// How well a map agrees with the truth, over pixels whose surroundings are one smooth surface.
    func agreement(of map: StereoMap, image: ImageID) -> (median: Double, within: Double, known: Double) {
        guard let truth = depths[image], let picture = pictures[image] else { return (.infinity, 0, 0) }
        let factor = picture.width / map.width
        var errors: [Double] = []
        var asked = 0
        for row in 4..<map.height - 4 {
            for column in 4..<map.width - 4 {
                let block = (0..<factor * factor).map { place in
                    truth[(row * factor + place / factor) * picture.width + column * factor + place % factor]
                }
                guard let low = block.min(), let high = block.max(), low > 0, high - low < 0.02 * low else { continue }
                asked += 1
                let depth = Double(map.depths[row * map.width + column])
                if depth > 0 { errors.append(abs(depth * Double(block.count) / block.reduce(0, +) - 1)) }
            }
        }
        errors.sort()
        return (
            errors.isEmpty ? .infinity : errors[errors.count / 2],
            Double(errors.count { $0 < 0.005 }) / Double(max(asked, 1)), Double(errors.count) / Double(max(asked, 1))
        )
    }
}
