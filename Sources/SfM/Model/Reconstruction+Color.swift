// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images

extension Reconstruction {
    /// Gives each point the mean colour of its observations, sampled at the nearest pixel.
    ///
    /// - Parameters:
    ///   - threads: Bound on concurrency, at least 1; each holds one picture at a time.
    ///   - picture: The picture of an image's name, in its full size, or `nil` when there is none: it then lends no colour.
    public mutating func colorize(threads: Int, picture: @Sendable (String) -> Raster?) {
        let ids = imageIDs
        let images = images
        var samples = [[(point: PointID, color: SIMD3<Int>)]](repeating: [], count: ids.count)
        samples.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let buffer = buffer
            Parallel.forEach(count: ids.count, threads: threads) { index, _ in
                guard let image = images[ids[index]], let raster = picture(image.name) else { return }
                buffer[index] = zip(image.pointIDs, image.keypoints).compactMap { point, pixel in
                    point.map { ($0, raster.color(atPixel: pixel)) }
                }
            }
        }
        var sums: [PointID: (sum: SIMD3<Int>, count: Int)] = [:]
        for (point, color) in samples.joined() {
            let old = sums[point] ?? (.zero, 0)
            sums[point] = (old.sum &+ color, old.count + 1)
        }
        for (id, (sum, count)) in sums {
            points[id]?.color = SIMD3<UInt8>(truncatingIfNeeded: (sum &+ count / 2) / count)
        }
    }
}

extension Raster {
    /// Red, green and blue of the pixel that holds a position; the nearest one for positions outside.
    fileprivate func color(atPixel position: SIMD2<Double>) -> SIMD3<Int> {
        let x = min(max(Int(position.x), 0), width - 1)
        let y = min(max(Int(position.y), 0), height - 1)
        let first = (y * width + x) * channels
        guard channels == 3 else { return SIMD3(repeating: Int(samples[first])) }
        return SIMD3(Int(samples[first]), Int(samples[first + 1]), Int(samples[first + 2]))
    }
}
