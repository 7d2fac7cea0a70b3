// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images

/// Redraws pictures of a distorted camera as a pinhole camera with the same size, focal length and principal point sees
/// them.
package struct Undistortion {
    /// The camera without distortion.
    package let pinhole: Camera
    /// Where each pixel of the new picture lies on the old one, `[height × width]`, in pixels.
    private let places: [SIMD2<Float>]

    package init(camera: Camera) {
        pinhole = Camera(
            width: camera.width, height: camera.height, model: .pinhole,
            parameters: [
                camera.focalLengths.x, camera.focalLengths.y, camera.principalPoint.x, camera.principalPoint.y,
            ])
        let (f, c) = (camera.focalLengths, camera.principalPoint)
        var places: [SIMD2<Float>] = []
        places.reserveCapacity(camera.width * camera.height)
        for row in 0..<camera.height {
            for column in 0..<camera.width {
                let pixel = SIMD2(Double(column) + 0.5, Double(row) + 0.5)
                places.append(SIMD2<Float>(camera.pixel(ofNormalized: (pixel - c) / f)))
            }
        }
        self.places = places
    }

    /// The picture by bilinear samples; beyond the border the last pixels repeat.
    package func redrawn(_ raster: Raster) -> Raster {
        let (width, height, channels) = (raster.width, raster.height, raster.channels)
        var samples: [UInt8] = []
        samples.reserveCapacity(places.count * channels)
        for place in places {
            let x = min(max(place.x - 0.5, 0), Float(width - 1))
            let y = min(max(place.y - 0.5, 0), Float(height - 1))
            let (column, row) = (Int(x), Int(y))
            let (u, v) = (x - Float(column), y - Float(row))
            let (right, below) = (min(column + 1, width - 1), min(row + 1, height - 1))
            for channel in 0..<channels {
                func texel(_ column: Int, _ row: Int) -> Float {
                    Float(raster.samples[(row * width + column) * channels + channel])
                }
                let upper = texel(column, row) * (1 - u) + texel(right, row) * u
                let lower = texel(column, below) * (1 - u) + texel(right, below) * u
                samples.append(UInt8((upper * (1 - v) + lower * v).rounded()))
            }
        }
        return Raster(width: width, height: height, channels: channels, samples: samples)
    }

    /// 1 where the new picture shows a part of the old one that counts.
    package func mask(_ old: [UInt8]?) -> [UInt8] {
        let (width, height) = (pinhole.width, pinhole.height)
        return places.map { place in
            guard place.x >= 0, place.y >= 0, place.x < Float(width), place.y < Float(height) else { return 0 }
            return old.map { $0[Int(place.y) * width + Int(place.x)] } ?? 1
        }
    }
}
