// SPDX-License-Identifier: Apache-2.0

/// Depth, normal and cost of each pixel of one view: 12 bytes for a pixel.
package struct StereoMap: Hashable, Sendable {
    /// Width in pixels.
    package let width: Int
    /// Height in pixels.
    package let height: Int
    /// `[height × width]`: z in camera coordinates, in world units; 0 where nothing is known.
    package var depths: [Float]
    /// `[height × width]`: unit normals in camera coordinates, towards the camera.
    package var normals: [PackedNormal]
    /// `[height × width]`: 1 - correlation with the sources, 0 to 2.
    package var costs: [Float]

    /// A map that knows nothing.
    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
        depths = Array(repeating: 0, count: width * height)
        normals = Array(repeating: PackedNormal(SIMD3(0, 0, -1)), count: width * height)
        costs = Array(repeating: 2, count: width * height)
    }

    /// Share of the pixels with a depth.
    package var coverage: Double { Double(depths.count { $0 > 0 }) / Double(max(depths.count, 1)) }
}
