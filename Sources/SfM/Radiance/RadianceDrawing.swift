// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Images

/// Pictures of a radiance field.
public struct RadianceDrawing: Sendable {
    /// Width in pixels.
    public let width: Int
    /// Height in pixels.
    public let height: Int
    /// Red, green and blue of the mean exposure.
    public let color: Raster
    /// Distance along the optical axis in world units, `[height × width]`, row by row.
    public let depth: [Float]
    /// Share of what is seen that lies within the field's cube, `[height × width]`.
    public let opacity: [Float]
    /// Normals in camera coordinates as colours: `128 + 127 (x, -y, -z)`, so that what faces the camera is bluish; black
    /// where nothing within the cube is seen.
    public let normals: Raster

    /// Most pixels of a picture.
    public static let pixelLimit = 64 << 20

    /// Draws what `camera`, freed of distortion, sees.
    ///
    /// - Throws: ``RadianceError/tooLarge(width:height:limit:)``, ``RadianceError/cancelled``.
    init(
        _ renderer: RadianceRenderer, camera: Camera, cameraFromWorld: RigidTransform,
        cubeFromWorld: UniformSimilarity, threads: Int, progress: ProgressHandler? = nil,
        cancellation: CancellationCheck? = nil
    ) throws(RadianceError) {
        let (width, height) = (camera.width, camera.height)
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !overflow, count <= Self.pixelLimit else {
            throw .tooLarge(width: width, height: height, limit: Self.pixelLimit)
        }
        self.width = width
        self.height = height
        let rays = PixelRays(camera, cameraFromWorld: cameraFromWorld, cubeFromWorld: cubeFromWorld)
        var colors: [UInt8] = []
        var normals: [UInt8] = []
        var depth: [Float] = []
        var opacity: [Float] = []
        let axis = SIMD3<Float>(cameraFromWorld.rotation.inverse(SIMD3(0, 0, 1)))
        let rowsAtOnce = max(1, 16_384 / width)
        for first in stride(from: 0, to: height, by: rowsAtOnce) {
            if cancellation?() == true { throw .cancelled }
            let last = min(first + rowsAtOnce, height)
            let band = (first..<last).flatMap { row in (0..<width).map { rays.ray(column: $0, row: row) } }
            for (ray, sight) in zip(band, renderer.render(band, threads: threads)) {
                for channel in 0..<3 { colors.append(UInt8(min(max(sight.color[channel] * 255, 0), 255).rounded())) }
                depth.append(sight.distance * ray.direction.dot(axis) / Float(cubeFromWorld.scale))
                opacity.append(sight.opacity)
                let local = SIMD3<Float>(cameraFromWorld.rotation(SIMD3<Double>(sight.normal)))
                let isSeen = sight.opacity >= 0.5 && sight.normal != .zero
                for value in [local.x, -local.y, -local.z] {
                    normals.append(isSeen ? UInt8(min(max(128 + 127 * value, 0), 255).rounded()) : 0)
                }
            }
            progress?(StageProgress(stage: "drawing", completed: last, total: height))
        }
        color = Raster(width: width, height: height, channels: 3, samples: colors)
        self.normals = Raster(width: width, height: height, channels: 3, samples: normals)
        self.depth = depth
        self.opacity = opacity
    }

    /// Depth as 16-bit samples: `depth · scale`, rounded; 0 where it would not fit.
    public func depthSamples(scale: Double) -> [UInt16] {
        depth.map { value in
            let scaled = (Double(value) * scale).rounded()
            return scaled.isFinite && scaled >= 0 && scaled <= 65_535 ? UInt16(scaled) : 0
        }
    }
}
