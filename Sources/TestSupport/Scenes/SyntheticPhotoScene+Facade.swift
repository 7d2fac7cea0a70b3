// SPDX-License-Identifier: Apache-2.0

import Geometry

extension SyntheticPhotoScene {
    /// The front of a house, 4 wide and 2 high, facing +x: five bays with windows, a door, columns and a cornice.
    ///
    /// Windows and columns are alike, as on a real façade; only the stone's texture tells the bays apart.
    public static var facade: SyntheticPhotoScene {
        let (stone, trim) = (0, 1)
        var house = Solid()
        house.add(upright(SIMD3(-0.2, 0, 1), SIMD3(0.2, 2, 1)), material: stone)
        house.add(upright(SIMD3(-0.12, 0, 1.95), SIMD3(0.22, 2.08, 0.07)), fillet: 0.03, material: trim)
        house.add(upright(SIMD3(-0.17, 0, 1.03), SIMD3(0.22, 2.03, 0.04)), fillet: 0.02, material: trim)
        for bay in -2...2 {
            let y = 0.78 * Double(bay)
            house.cut(upright(SIMD3(0, y, 1.45), SIMD3(0.12, 0.19, 0.27)))
            house.add(upright(SIMD3(0.02, y, 1.15), SIMD3(0.07, 0.25, 0.025)), material: trim)
            let isDoor = bay == 0
            house.cut(
                upright(SIMD3(0, y, isDoor ? 0.38 : 0.52), SIMD3(0.12, isDoor ? 0.22 : 0.18, isDoor ? 0.42 : 0.26)))
        }
        for side in [-1.0, 1.0] {
            for y in [0.39, 1.17, 1.86] {
                house.add(
                    .capsule(from: SIMD3(0.03, side * y, 0.05), to: SIMD3(0.03, side * y, 0.95), radius: 0.07),
                    fillet: 0.02, material: trim)
            }
        }
        house.cut(.halfSpace(normal: SIMD3(0, 0, 1), offset: 0))
        return SyntheticPhotoScene(
            object: house,
            materials: [
                SurfaceTexture(
                    seed: 21, dark: SIMD3(0.12, 0.08, 0.06), light: SIMD3(0.72, 0.56, 0.42),
                    accent: SIMD3(0.5, 0.24, 0.16)),
                SurfaceTexture(
                    seed: 22, dark: SIMD3(0.25, 0.24, 0.22), light: SIMD3(0.9, 0.87, 0.8),
                    accent: SIMD3(0.45, 0.42, 0.36)),
            ],
            table: .slate, tableRadius: 3.2)
    }

    private static func upright(_ center: SIMD3<Double>, _ half: SIMD3<Double>) -> SolidPrimitive {
        .roundedBox(center: center, rotation: .identity, half: half, rounding: 0.015)
    }
}
