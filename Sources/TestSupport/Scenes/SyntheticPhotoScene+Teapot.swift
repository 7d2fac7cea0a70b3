// SPDX-License-Identifier: Apache-2.0

import Geometry

extension SyntheticPhotoScene {
    /// A teapot with lid, spout towards +x and handle, 1.1 high and 1.5 long.
    public static var teapot: SyntheticPhotoScene {
        let (glaze, lid, clay) = (0, 1, 2)
        var pot = Solid()
        pot.add(.ellipsoid(center: SIMD3(0, 0, 0.42), radii: SIMD3(0.48, 0.48, 0.42)), material: glaze)
        pot.add(
            .torus(center: SIMD3(-0.48, 0, 0.5), axis: SIMD3(0, 1, 0), major: 0.22, minor: 0.05), fillet: 0.06,
            material: clay)
        pot.add(
            .cone(from: SIMD3(0.36, 0, 0.34), radius: 0.13, to: SIMD3(0.62, 0, 0.58), endRadius: 0.075), fillet: 0.08,
            material: glaze)
        pot.add(
            .cone(from: SIMD3(0.62, 0, 0.58), radius: 0.075, to: SIMD3(0.78, 0, 0.66), endRadius: 0.06), fillet: 0.03,
            material: glaze)
        pot.cut(
            .cone(from: SIMD3(0.62, 0, 0.6), radius: 0.02, to: SIMD3(0.86, 0, 0.73), endRadius: 0.055), fillet: 0.01)
        pot.add(
            .roundedCylinder(center: SIMD3(0, 0, 0.82), radius: 0.24, halfHeight: 0.05, rounding: 0.04), fillet: 0.02,
            material: lid)
        pot.add(.sphere(center: SIMD3(0, 0, 0.96), radius: 0.1), fillet: 0.06, material: lid)
        pot.add(
            .roundedCylinder(center: SIMD3(0, 0, 0.02), radius: 0.3, halfHeight: 0.06, rounding: 0.02), fillet: 0.04,
            material: clay)
        pot.cut(.halfSpace(normal: SIMD3(0, 0, 1), offset: 0))
        return SyntheticPhotoScene(
            object: pot,
            materials: [
                SurfaceTexture(
                    seed: 11, dark: SIMD3(0.03, 0.1, 0.16), light: SIMD3(0.4, 0.62, 0.66), accent: SIMD3(0.8, 0.75, 0.6)
                ),
                SurfaceTexture(
                    seed: 12, dark: SIMD3(0.25, 0.12, 0.08), light: SIMD3(0.8, 0.6, 0.42), accent: SIMD3(0.2, 0.4, 0.45)
                ),
                SurfaceTexture(
                    seed: 13, dark: SIMD3(0.12, 0.08, 0.06), light: SIMD3(0.55, 0.42, 0.32),
                    accent: SIMD3(0.7, 0.7, 0.66)),
            ],
            table: .slate, tableRadius: 1.5)
    }
}
