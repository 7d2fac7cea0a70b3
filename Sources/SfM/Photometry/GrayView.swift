// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images

/// A registered photo in shades of grey, freed of lens distortion, at several sizes: what photo-consistency compares.
package struct GrayView: Sendable {
    /// One size of the picture with its pinhole intrinsics in pixels; pixel centres lie at halves.
    package struct Level: Sendable {
        package let image: PackedImage
        package let focalLengths: SIMD2<Double>
        package let principalPoint: SIMD2<Double>
        /// `[height × width]`, 0 where the photo shows nothing (beyond its border before distortion was taken out) or
        /// nothing that counts (masked out); `nil` when every pixel counts.
        package let mask: [UInt8]?
        /// `[height × width]`, the number of the plain backdrop that a pixel shows, or 0; `nil` when there is none.
        package let backdrop: [UInt8]?
        /// Variance of greys that noise alone makes, as far as the picture shows it; see ``NoiseFloor``.
        package let noise: Float

        package init(
            image: PackedImage, focalLengths: SIMD2<Double>, principalPoint: SIMD2<Double>, mask: [UInt8]?,
            backdrop: [UInt8]? = nil
        ) {
            self.image = image
            self.focalLengths = focalLengths
            self.principalPoint = principalPoint
            self.mask = mask
            self.backdrop = backdrop
            noise = NoiseFloor.variance(of: image)
        }

        /// Whether the pixel counts.
        package func counts(column: Int, row: Int) -> Bool { mask.map { $0[row * image.width + column] != 0 } ?? true }
    }

    /// Which image of the reconstruction this is.
    package let imageID: ImageID
    /// Pose: camera coordinates from world coordinates.
    package let cameraFromWorld: RigidTransform
    /// Finest first; each next one has half the width and height, rounded down.
    package let levels: [Level]

    /// Prepares one view.
    ///
    /// - Parameters:
    ///   - raster: The photo, of any size with the proportions of `camera`.
    ///   - mask: Of the same size; pixels with 0 do not count.
    ///   - longerSide: Bound on the longer side of the finest level, in pixels.
    ///   - levels: Sizes wanted; the smallest ones are left out when they would be under 32 pixels.
    ///   - findsBackdrop: Whether to look for plain backdrops.
    package init(
        imageID: ImageID, camera: Camera, cameraFromWorld: RigidTransform, raster: Raster, mask: Raster? = nil,
        longerSide: Int, levels count: Int = 5, findsBackdrop: Bool = false
    ) {
        self.imageID = imageID
        self.cameraFromWorld = cameraFromWorld
        let picture = raster.resized(longerSideAtMost: longerSide)
        var gray = picture.gray
        var backdrop = findsBackdrop ? PlainBackdrop(of: picture)?.labels : nil
        var shown = mask?.resized(width: gray.width, height: gray.height).gray.samples.map {
            $0 >= 128 ? 1 : 0 as UInt8
        }
        var camera = camera.resized(width: gray.width, height: gray.height)
        if camera.distortion.contains(where: { $0 != 0 }) {
            let straight = Undistortion(camera: camera)
            shown = straight.mask(shown)
            backdrop = backdrop.map { straight.mask($0) }
            gray = straight.redrawn(gray)
            camera = straight.pinhole
        }
        var levels: [Level] = []
        while true {
            levels.append(
                Level(
                    image: PackedImage(gray), focalLengths: camera.focalLengths, principalPoint: camera.principalPoint,
                    mask: shown, backdrop: backdrop))
            let (width, height) = (gray.width / 2, gray.height / 2)
            guard levels.count < count, min(width, height) >= 32 else { break }
            shown = shown.map { Self.halved($0, width: gray.width, to: (width, height)) }
            backdrop = backdrop.map { Self.halved($0, width: gray.width, to: (width, height)) }
            gray = gray.resized(width: width, height: height)
            camera = camera.resized(width: width, height: height)
        }
        self.levels = levels
    }

    /// A smaller pixel is what all it is made of are, or else 0.
    private static func halved(_ labels: [UInt8], width old: Int, to size: (width: Int, height: Int)) -> [UInt8] {
        (0..<size.width * size.height).map { place in
            let start = place / size.width * 2 * old + place % size.width * 2
            let label = labels[start]
            let isUniform =
                labels[start + 1] == label && labels[start + old] == label && labels[start + old + 1] == label
            return isUniform ? label : 0
        }
    }

    /// Views of all images whose picture can be had, in ascending order of their IDs.
    ///
    /// - Parameters:
    ///   - longerSide: Bound on the longer side in pixels; lowered when all views together would not fit `memory`.
    ///   - memory: Bound on the bytes of all pictures.
    ///   - findsBackdrops: Whether to look for plain backdrops.
    ///   - raster: Called from several threads, once for each image.
    package static func all(
        of reconstruction: Reconstruction, longerSide: Int, memory: Int = 400 << 20, findsBackdrops: Bool = false,
        threads: Int, raster: @Sendable (ImageID) -> Raster?, mask: (@Sendable (ImageID) -> Raster?)? = nil
    ) -> [GrayView] {
        let ids = reconstruction.imageIDs
        let side = min(longerSide, sideWithin(memory: memory, images: reconstruction))
        let slots = Slots(count: ids.count)
        Parallel.forEach(count: ids.count, threads: threads) { item, _ in
            guard let image = reconstruction.images[ids[item]], let camera = reconstruction.cameras[image.cameraID],
                let raster = raster(ids[item])
            else { return }
            slots.views[item] = GrayView(
                imageID: ids[item], camera: camera, cameraFromWorld: image.cameraFromWorld, raster: raster,
                mask: mask?(ids[item]), longerSide: side, findsBackdrop: findsBackdrops)
        }
        return slots.views.compactMap { $0 }
    }

    /// One place for each item of a parallel loop, which writes to its own place only; hence `@unchecked Sendable`.
    private final class Slots: @unchecked Sendable {
        let views: UnsafeMutableBufferPointer<GrayView?>
        init(count: Int) {
            views = .allocate(capacity: count)
            views.initialize(repeating: nil)
        }
        deinit {
            views.deinitialize()
            views.deallocate()
        }
    }

    /// The longer side at which words of all pyramids (4/3 of the finest level) take no more than `memory` bytes.
    private static func sideWithin(memory: Int, images reconstruction: Reconstruction) -> Int {
        var area = 0.0
        for image in reconstruction.images.values {
            guard let camera = reconstruction.cameras[image.cameraID] else { continue }
            area += Double(min(camera.width, camera.height)) / Double(max(camera.width, camera.height))
        }
        guard area > 0 else { return 1 }
        let bytesPerPixel = 4.0 / 3 * 5
        return max(160, Int((Double(memory) / (bytesPerPixel * area)).squareRoot()))
    }
}
