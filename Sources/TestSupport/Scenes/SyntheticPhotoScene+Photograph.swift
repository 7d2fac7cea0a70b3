// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images

extension SyntheticPhotoScene {
    /// Takes a photograph; red, green, blue, encoded with gamma 2.
    ///
    /// Every pixel depends on its own rays and on noise named by its row, so threads do not change the bytes.
    public func photograph(_ view: PhotoView, options: PhotographOptions = PhotographOptions()) -> Raster {
        precondition(options.samplesPerSide >= 1, "a pixel needs a ray")
        let (width, height) = (view.camera.width, view.camera.height)
        let rays = ViewRays(view)
        let samples = [UInt8](unsafeUninitializedCapacity: 3 * width * height) { buffer, count in
            nonisolated(unsafe) let samples = buffer
            Parallel.forEach(count: height, threads: options.threads) { row, _ in
                var jitter = RandomStream(seed: options.seed, label: "photo rays", UInt64(row))
                var noise = RandomStream(seed: options.seed, label: "photo noise", UInt64(row))
                for column in 0..<width {
                    let color = pixelRadiance(column, row, rays: rays, options: options, jitter: &jitter)
                    for channel in 0..<3 {
                        let level = 255 * max(color[channel], 0).squareRoot() + options.noise * noise.bell()
                        let byte = UInt8(min(max(level.rounded(), 0), 255))
                        samples.initializeElement(at: 3 * (row * width + column) + channel, to: byte)
                    }
                }
            }
            count = 3 * width * height
        }
        return Raster(width: width, height: height, channels: 3, samples: samples)
    }

    /// Mean over jittered rays, one in each cell of a square grid.
    private func pixelRadiance(
        _ column: Int, _ row: Int, rays: ViewRays, options: PhotographOptions, jitter: inout RandomStream
    ) -> SIMD3<Double> {
        let center = SIMD2(Double(column) + 0.5, Double(row) + 0.5)
        let side = options.samplesPerSide
        guard side > 1 else { return radiance(alongPixel: center, rays: rays, options: options) }
        var sum = SIMD3<Double>.zero
        for j in 0..<side {
            for i in 0..<side {
                let place = SIMD2(Double(i) + jitter.uniformDouble(), Double(j) + jitter.uniformDouble())
                let pixel = center + options.aperture * (place / Double(side) - 0.5)
                sum += radiance(alongPixel: pixel, rays: rays, options: options)
            }
        }
        return sum / Double(side * side)
    }

    private func radiance(alongPixel pixel: SIMD2<Double>, rays: ViewRays, options: PhotographOptions) -> SIMD3<Double>
    {
        let direction = rays.ray(throughPixel: pixel).direction
        // A hundredth of a pixel at the distance of a typical photograph.
        guard let hit = firstHit(origin: rays.origin, direction: direction, tolerance: 3e-5) else {
            return backdrop(towards: direction)
        }
        return options.isLit ? radiance(of: hit) : albedo(at: hit)
    }
}

extension RandomStream {
    /// A bell-shaped random number with mean 0 and variance 1: the sum of four uniform ones, bits of one draw.
    fileprivate mutating func bell() -> Double {
        let bits = next()
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
        // Four uniform numbers have mean 2 and variance 1/3.
        return (Double(sum) * 0x1p-16 - 2) * 1.732_050_807_568_877
    }
}
