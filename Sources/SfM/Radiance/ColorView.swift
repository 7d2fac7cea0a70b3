// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Images

/// A posed photo in colour, freed of lens distortion, at several sizes: what a radiance field is compared with.
package struct ColorView: Sendable {
    /// One size of the picture.
    package struct Level: Sendable {
        package let raster: Raster
        /// Pinhole camera of this size.
        package let camera: Camera
        /// `[height × width]`, 0 where the photo shows nothing; `nil` when every pixel counts.
        let mask: [UInt8]?
    }

    package let imageID: ImageID
    package let cameraFromWorld: RigidTransform
    /// Finest first; each next one has half the width and height, rounded down.
    package let levels: [Level]

    /// Prepares one view.
    ///
    /// - Parameters:
    ///   - raster: The photo, of any size with the proportions of `camera`.
    ///   - longerSide: Bound on the longer side of the finest level, in pixels.
    package init(
        imageID: ImageID, camera: Camera, cameraFromWorld: RigidTransform, raster: Raster, longerSide: Int,
        levels count: Int = 3
    ) {
        self.imageID = imageID
        self.cameraFromWorld = cameraFromWorld
        var picture = raster.resized(longerSideAtMost: longerSide).rgb
        var camera = camera.resized(width: picture.width, height: picture.height)
        var mask: [UInt8]?
        if camera.distortion.contains(where: { $0 != 0 }) {
            let straight = Undistortion(camera: camera)
            mask = straight.mask(nil)
            picture = straight.redrawn(picture)
            camera = straight.pinhole
        }
        var levels = [Level(raster: picture, camera: camera, mask: mask)]
        while levels.count < count, min(picture.width, picture.height) >= 64 {
            let (width, height) = (picture.width / 2, picture.height / 2)
            // Borders that distortion has left are not worth carrying to the small sizes: their pixels count there.
            picture = picture.resized(width: width, height: height)
            camera = camera.resized(width: width, height: height)
            levels.append(Level(raster: picture, camera: camera, mask: nil))
        }
        self.levels = levels
    }

    /// The ray through a pixel of a level, in the frame of a cube, with the colour that the photo shows; `nil` where it shows
    /// nothing.
    func ray(column: Int, row: Int, level number: Int, cubeFromWorld: UniformSimilarity) -> RadianceRay? {
        let level = levels[number]
        let place = row * level.raster.width + column
        if let mask = level.mask, mask[place] == 0 { return nil }
        var ray = PixelRays(level.camera, cameraFromWorld: cameraFromWorld, cubeFromWorld: cubeFromWorld)
            .ray(column: column, row: row)
        let samples = level.raster.samples
        ray.color =
            SIMD3(
                Float(samples[3 * place]), Float(samples[3 * place + 1]), Float(samples[3 * place + 2])) / 255
        return ray
    }
}

/// The rays of a camera's pixels in the frame of a cube.
package struct PixelRays: Sendable {
    private let camera: Camera
    private let origin: SIMD3<Float>
    private let cubeFromCamera: Quaternion

    package init(_ camera: Camera, cameraFromWorld: RigidTransform, cubeFromWorld: UniformSimilarity) {
        self.camera = camera
        origin = SIMD3<Float>(cubeFromWorld(cameraFromWorld.cameraCenterInWorld))
        cubeFromCamera = cameraFromWorld.rotation.inverse
    }

    /// The ray through the centre of a pixel.
    package func ray(column: Int, row: Int) -> RadianceRay {
        let local = camera.ray(throughPixel: SIMD2(Double(column) + 0.5, Double(row) + 0.5))
        return RadianceRay(origin: origin, direction: SIMD3<Float>(cubeFromCamera(local).normalized))
    }
}
