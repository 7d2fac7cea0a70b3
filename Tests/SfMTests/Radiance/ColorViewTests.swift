// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import SfM
import Testing

@Suite struct ColorViewTests {
    static let pose = RigidTransform(
        rotation: Quaternion(rotationVector: SIMD3(0.2, -0.4, 0.1)), translation: SIMD3(0.3, -0.2, 2))

    static func picture(_ width: Int, _ height: Int) -> Raster {
        Raster(
            width: width, height: height, channels: 3,
            samples: (0..<width * height).flatMap { place in
                [UInt8(place % width % 256), UInt8(place / width % 256), 77]
            })
    }

    @Test func levelsHalve() {
        let camera = Camera(width: 400, height: 300, focalLength: 380)
        let view = ColorView(
            imageID: 1, camera: camera, cameraFromWorld: Self.pose, raster: Self.picture(400, 300), longerSide: 200)
        #expect(view.levels.map(\.raster.width) == [200, 100, 50])
        #expect(view.levels.map(\.camera.height) == [150, 75, 37])
        for level in view.levels {
            #expect(level.camera.width == level.raster.width && level.camera.height == level.raster.height)
        }
    }

    /// A point on the ray through a pixel is seen in the middle of the pixel.
    @Test func raysPassThroughTheirPixels() throws {
        let camera = Camera(width: 160, height: 120, focalLength: 150)
        let cube = UniformSimilarity(scale: 0.4, translation: SIMD3(0.1, 0.2, -0.3))
        let rays = PixelRays(camera, cameraFromWorld: Self.pose, cubeFromWorld: cube)
        for (column, row) in [(0, 0), (159, 119), (80, 3)] {
            let ray = rays.ray(column: column, row: row)
            #expect(abs(ray.direction.length - 1) < 1e-6)
            let point = (SIMD3<Double>(ray.origin + 1.7 * ray.direction) - cube.translation) / cube.scale
            let pixel = try #require(camera.project(Self.pose(point)))
            #expect((pixel - SIMD2(Double(column) + 0.5, Double(row) + 0.5)).length < 1e-3)
        }
    }
}
