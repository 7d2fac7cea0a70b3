// SPDX-License-Identifier: Apache-2.0

import Geometry

extension SyntheticPhotoScene {
    /// An owl of stoneware, 1.36 high, on a plinth; it looks along +x.
    public static var owl: SyntheticPhotoScene {
        let (feathers, breast, plinth, ring, pupil, horn) = (0, 1, 2, 3, 4, 5)
        var owl = Solid()
        owl.add(
            .roundedCylinder(center: SIMD3(0, 0, 0.04), radius: 0.44, halfHeight: 0.07, rounding: 0.025),
            material: plinth)
        owl.add(
            .cone(from: SIMD3(-0.02, 0, 0.44), radius: 0.35, to: SIMD3(0, 0, 0.8), endRadius: 0.27), fillet: 0.04,
            material: feathers)
        owl.add(.ellipsoid(center: SIMD3(0.1, 0, 0.56), radii: SIMD3(0.28, 0.25, 0.34)), fillet: 0.05, material: breast)
        owl.add(.sphere(center: SIMD3(0.03, 0, 1.02), radius: 0.27), fillet: 0.1, material: feathers)
        owl.add(
            .cone(from: SIMD3(-0.28, 0, 0.34), radius: 0.11, to: SIMD3(-0.46, 0, 0.15), endRadius: 0.05), fillet: 0.08,
            material: feathers)
        owl.add(
            .cone(from: SIMD3(0.25, 0, 0.99), radius: 0.05, to: SIMD3(0.335, 0, 0.9), endRadius: 0.014), fillet: 0.015,
            material: horn)
        for side in [-1.0, 1.0] {
            owl.add(
                .cone(
                    from: SIMD3(0.02, 0.15 * side, 1.2), radius: 0.07, to: SIMD3(-0.01, 0.23 * side, 1.34),
                    endRadius: 0.02),
                fillet: 0.05, material: feathers)
            owl.add(
                .cone(
                    from: SIMD3(0.01, 0.33 * side, 0.76), radius: 0.11, to: SIMD3(-0.18, 0.29 * side, 0.3),
                    endRadius: 0.045),
                fillet: 0.03, material: feathers)
            let gaze = SIMD3(1, 0.42 * side, 0.08).normalized
            owl.add(
                .torus(center: SIMD3(0.03, 0, 1.04) + 0.25 * gaze, axis: gaze, major: 0.088, minor: 0.03),
                fillet: 0.025,
                material: breast)
            owl.add(.sphere(center: SIMD3(0.03, 0, 1.04) + 0.22 * gaze, radius: 0.068), material: ring)
            owl.add(.sphere(center: SIMD3(0.03, 0, 1.04) + 0.262 * gaze, radius: 0.034), material: pupil)
            for toe in [-0.065, 0, 0.065] {
                owl.add(
                    .capsule(
                        from: SIMD3(0.2, 0.14 * side + 0.4 * toe, 0.16), to: SIMD3(0.365, 0.14 * side + toe, 0.125),
                        radius: 0.036), fillet: 0.02, material: horn)
            }
        }
        owl.cut(.halfSpace(normal: SIMD3(0, 0, 1), offset: 0))
        return SyntheticPhotoScene(
            object: owl,
            materials: [
                SurfaceTexture(
                    seed: 1, dark: SIMD3(0.06, 0.04, 0.025), light: SIMD3(0.62, 0.45, 0.28),
                    accent: SIMD3(0.75, 0.7, 0.6)),
                SurfaceTexture(
                    seed: 2, dark: SIMD3(0.3, 0.22, 0.14), light: SIMD3(0.92, 0.86, 0.72),
                    accent: SIMD3(0.45, 0.25, 0.12)),
                SurfaceTexture(
                    seed: 3, dark: SIMD3(0.1, 0.13, 0.1), light: SIMD3(0.5, 0.58, 0.46), accent: SIMD3(0.25, 0.2, 0.14)),
                SurfaceTexture(
                    seed: 4, dark: SIMD3(0.55, 0.3, 0.03), light: SIMD3(0.95, 0.75, 0.15),
                    accent: SIMD3(0.7, 0.35, 0.05)),
                SurfaceTexture(
                    seed: 5, dark: SIMD3(0.01, 0.01, 0.01), light: SIMD3(0.09, 0.08, 0.08),
                    accent: SIMD3(0.03, 0.03, 0.05)),
                SurfaceTexture(
                    seed: 6, dark: SIMD3(0.3, 0.16, 0.05), light: SIMD3(0.85, 0.6, 0.25), accent: SIMD3(0.55, 0.3, 0.1)),
            ],
            table: .slate, tableRadius: 1.5)
    }
}

extension SurfaceTexture {
    /// Grey-blue stone with rusty patches.
    static var slate: SurfaceTexture {
        SurfaceTexture(
            seed: 7, dark: SIMD3(0.05, 0.06, 0.08), light: SIMD3(0.55, 0.58, 0.6), accent: SIMD3(0.55, 0.36, 0.22),
            wavelength: 0.4)
    }
}
