// SPDX-License-Identifier: Apache-2.0

import Geometry

extension SyntheticPhotoScene {
    /// Thin things: a grille of rods 0.036 thick, a hoop and a tripod on a plinth 1 wide; 1.2 high.
    public static var grille: SyntheticPhotoScene {
        let (iron, stone, brass) = (0, 1, 2)
        var grille = Solid()
        grille.add(
            .roundedBox(
                center: SIMD3(0, 0, 0.06), rotation: .identity, half: SIMD3(0.5, 0.34, 0.08), rounding: 0.02),
            material: stone)
        for y in [-0.24, -0.08, 0.08, 0.24] {
            grille.add(.capsule(from: SIMD3(-0.2, y, 0.1), to: SIMD3(-0.2, y, 1.05), radius: 0.018), material: iron)
        }
        for z in [0.3, 0.55, 0.8, 1.05] {
            grille.add(.capsule(from: SIMD3(-0.2, -0.26, z), to: SIMD3(-0.2, 0.26, z), radius: 0.018), material: iron)
        }
        grille.add(
            .torus(center: SIMD3(0.2, 0, 0.72), axis: SIMD3(1, 0, 0), major: 0.25, minor: 0.022), material: brass)
        for (x, y) in [(0.38, 0.0), (0.1, 0.2), (0.1, -0.2)] {
            grille.add(.capsule(from: SIMD3(x, y, 0.12), to: SIMD3(0.2, 0, 0.47), radius: 0.02), material: brass)
        }
        grille.add(.sphere(center: SIMD3(0.2, 0, 0.72), radius: 0.09), material: stone)
        grille.add(.capsule(from: SIMD3(0.2, 0, 0.47), to: SIMD3(0.2, 0, 0.72), radius: 0.018), material: brass)
        grille.cut(.halfSpace(normal: SIMD3(0, 0, 1), offset: 0))
        return SyntheticPhotoScene(
            object: grille,
            materials: [
                SurfaceTexture(
                    seed: 41, dark: SIMD3(0.03, 0.04, 0.05), light: SIMD3(0.5, 0.5, 0.52),
                    accent: SIMD3(0.6, 0.3, 0.12),
                    wavelength: 0.2),
                SurfaceTexture(
                    seed: 42, dark: SIMD3(0.2, 0.18, 0.15), light: SIMD3(0.85, 0.8, 0.72), accent: SIMD3(0.4, 0.3, 0.25)
                ),
                SurfaceTexture(
                    seed: 43, dark: SIMD3(0.3, 0.18, 0.03), light: SIMD3(0.9, 0.75, 0.35),
                    accent: SIMD3(0.2, 0.35, 0.3),
                    wavelength: 0.2),
            ],
            table: .slate, tableRadius: 1.5)
    }
}
