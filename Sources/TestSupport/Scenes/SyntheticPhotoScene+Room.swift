// SPDX-License-Identifier: Apache-2.0

import Geometry

extension SyntheticPhotoScene {
    /// A room of 4 × 3 × 2.4 with a ceiling, seen from inside: a niche, a shelf, a table, a sofa and a column.
    ///
    /// No lamp shines in; light comes from all sides.
    public static var room: SyntheticPhotoScene {
        let (wall, wood, cloth) = (0, 1, 2)
        var room = Solid()
        room.add(box(SIMD3(0, 0, 1.2), SIMD3(2.2, 1.7, 1.4)), material: wall)
        room.cut(box(SIMD3(0, 0, 1.2), SIMD3(2, 1.5, 1.2)))
        room.cut(.halfSpace(normal: SIMD3(0, 0, 1), offset: 0))
        room.cut(box(SIMD3(-0.5, 1.5, 1.3), SIMD3(0.5, 0.12, 0.4)))
        for height in [0.7, 1.15, 1.6] {
            room.add(box(SIMD3(1.88, -0.3, height), SIMD3(0.13, 0.6, 0.03)), material: wood)
        }
        for (y, size) in [(-0.7, 0.11), (-0.35, 0.16), (0.05, 0.09)] {
            room.add(.sphere(center: SIMD3(1.86, y, 0.73 + size), radius: size), material: cloth)
        }
        room.add(box(SIMD3(-0.9, -1.2, 0.25), SIMD3(0.75, 0.28, 0.25)), fillet: 0.03, material: cloth)
        room.add(box(SIMD3(-0.9, -1.42, 0.6), SIMD3(0.75, 0.09, 0.35)), fillet: 0.05, material: cloth)
        room.add(box(SIMD3(-1.5, 0.6, 0.62), SIMD3(0.38, 0.5, 0.03)), material: wood)
        for (x, y) in [(-1.78, 0.2), (-1.22, 0.2), (-1.78, 1.0), (-1.22, 1.0)] {
            room.add(.capsule(from: SIMD3(x, y, 0.02), to: SIMD3(x, y, 0.6), radius: 0.035), material: wood)
        }
        room.add(
            .capsule(from: SIMD3(1.5, 1.1, 0), to: SIMD3(1.5, 1.1, 2.4), radius: 0.14), fillet: 0.05, material: wall)
        var scene = SyntheticPhotoScene(
            object: room,
            materials: [
                SurfaceTexture(
                    seed: 31, dark: SIMD3(0.2, 0.17, 0.13), light: SIMD3(0.85, 0.8, 0.7), accent: SIMD3(0.3, 0.42, 0.5),
                    wavelength: 0.6, octaves: 7),
                SurfaceTexture(
                    seed: 32, dark: SIMD3(0.1, 0.05, 0.02), light: SIMD3(0.6, 0.38, 0.2), accent: SIMD3(0.8, 0.7, 0.5)),
                SurfaceTexture(
                    seed: 33, dark: SIMD3(0.1, 0.02, 0.03), light: SIMD3(0.7, 0.3, 0.25), accent: SIMD3(0.2, 0.25, 0.45)
                ),
            ],
            table: SurfaceTexture(
                seed: 34, dark: SIMD3(0.08, 0.06, 0.04), light: SIMD3(0.6, 0.5, 0.4), accent: SIMD3(0.3, 0.2, 0.12),
                wavelength: 0.6, octaves: 7), tableRadius: 2.6)
        scene.lighting.lamp = 0
        scene.lighting.ambient = 1
        return scene
    }

    private static func box(_ center: SIMD3<Double>, _ half: SIMD3<Double>) -> SolidPrimitive {
        .roundedBox(center: center, rotation: .identity, half: half, rounding: 0.01)
    }
}
