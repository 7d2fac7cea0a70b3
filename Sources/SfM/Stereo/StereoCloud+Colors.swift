// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import Mesh

extension StereoCloud {
    /// The colours that points have in the pictures of their own views.
    ///
    /// - Parameters:
    ///   - views: Image of each view index.
    ///   - threads: Bound on concurrency; each holds one picture at a time.
    ///   - raster: The picture of an image, of any size with its camera's proportions; black without.
    func colors(
        views: [ImageID], in reconstruction: Reconstruction, threads: Int, raster: @Sendable (ImageID) -> Raster?
    ) -> [SIMD3<UInt8>] {
        var ranges = [Range<Int>](repeating: 0..<0, count: views.count)
        for (place, point) in points.enumerated() {
            let range = ranges[point.viewIndex]
            ranges[point.viewIndex] = range.isEmpty ? place..<place + 1 : range.lowerBound..<place + 1
        }
        let byView = ranges
        var result = [SIMD3<UInt8>](repeating: .zero, count: points.count)
        result.withUnsafeMutableBufferPointer { result in
            nonisolated(unsafe) let result = result
            Parallel.forEach(count: views.count, threads: threads) { index, _ in
                guard !byView[index].isEmpty, let image = reconstruction.images[views[index]],
                    let picture = raster(views[index])?.rgb,
                    let camera = reconstruction.cameras[image.cameraID]?
                        .resized(width: picture.width, height: picture.height)
                else { return }
                for place in byView[index] {
                    guard let pixel = camera.project(image.cameraFromWorld(position(of: points[place]))),
                        camera.contains(pixel)
                    else { continue }
                    let first = 3 * (Int(pixel.y) * picture.width + Int(pixel.x))
                    result[place] = SIMD3(
                        picture.samples[first], picture.samples[first + 1], picture.samples[first + 2])
                }
            }
        }
        return result
    }

    /// The bytes of a coloured PLY file with normals, in world coordinates.
    func pointFile(colors: [SIMD3<UInt8>]) -> [[UInt8]] {
        PointCloudFile.encode(
            positions: points.map { position(of: $0) }, colors: colors, normals: points.map(\.normal))
    }
}
