// SPDX-License-Identifier: Apache-2.0

import Images

extension StereoMap {
    /// Depths in world units along the optical axis, 0 where nothing is known.
    var depthFile: ColmapDenseMap { ColmapDenseMap(width: width, height: height, channels: 1, values: depths) }

    /// Normals in camera coordinates, 0 where nothing is known.
    var normalFile: ColmapDenseMap {
        var values = [Float](repeating: 0, count: 3 * depths.count)
        for place in depths.indices where depths[place] > 0 {
            let normal = normals[place].direction
            for axis in 0..<3 { values[axis * depths.count + place] = normal[axis] }
        }
        return ColmapDenseMap(width: width, height: height, channels: 3, values: values)
    }

    /// Normals as colours, for looking at: face on is light blue, nothing known is black.
    var normalPicture: Raster {
        var samples = [UInt8](repeating: 0, count: 3 * depths.count)
        for place in depths.indices where depths[place] > 0 {
            let normal = normals[place].direction
            let color = SIMD3(normal.x, -normal.y, -normal.z) * 127 + 128
            for channel in 0..<3 { samples[3 * place + channel] = UInt8(min(max(color[channel], 0), 255)) }
        }
        return Raster(width: width, height: height, channels: 3, samples: samples)
    }

    /// What is left of the map when only some pixels count, with their confidences.
    func filtered(to pixels: [StereoPixel]) -> (map: StereoMap, confidences: [Float]) {
        var map = StereoMap(width: width, height: height)
        var confidences = [Float](repeating: 0, count: depths.count)
        for pixel in pixels {
            let place = Int(pixel.place)
            map.depths[place] = depths[place]
            map.normals[place] = normals[place]
            map.costs[place] = costs[place]
            confidences[place] = pixel.confidence
        }
        return (map, confidences)
    }
}
