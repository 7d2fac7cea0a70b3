// SPDX-License-Identifier: Apache-2.0

import Geometry

extension SyntheticPhotoScene {
    /// The teapot with a body and a spout of one colour, without any texture: about half of what is seen of it.
    public static var plainTeapot: SyntheticPhotoScene {
        var scene = teapot
        var plain = SurfaceTexture(
            seed: 51, dark: SIMD3(0.35, 0.5, 0.55), light: SIMD3(0.35, 0.5, 0.55), accent: SIMD3(0.35, 0.5, 0.55))
        plain.speckleShare = 0
        plain.octaves = 0
        scene.materials[0] = plain
        return scene
    }
}
