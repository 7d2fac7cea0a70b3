// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Images

/// Pictures of the cross-section of a level set while a map grows on it.
enum LevelSetPicture {
    private static let size = 320
    /// Points of the map this close to the plane, in the cube, are drawn.
    private static let reach = 0.06
    /// Distance between lines of equal value, in the cube.
    private static let spacing: Float = 0.1
    private static let outside = SIMD3<Float>(222, 234, 245)
    private static let inside = SIMD3<Float>(246, 196, 140)
    private static let line = SIMD3<Float>(20, 20, 20)
    private static let point = SIMD3<Float>(200, 20, 40)

    /// The plane through the middle of the cube that holds the upward and forward directions of the first image: what would be
    /// seen from its right. Inside is orange, the surface black, points of the map near the plane red; bands every tenth of half a
    /// cube's side show the values.
    static func slice(of levelSet: LevelSet, points: [SIMD3<Double>]) -> Raster {
        let side = Float(2 * NeuralView.reach) / Float(size)
        let places = (0..<size * size).map { index -> SIMD3<Float> in
            let (row, column) = index.quotientAndRemainder(dividingBy: size)
            let half = 0.5 * Float(size)
            return SIMD3(0, (Float(row) + 0.5 - half) * side, (Float(column) + 0.5 - half) * side)
        }
        let values = SDFField(levelSet.network).values(at: places)
        var pixels = values.map { value -> SIMD3<Float> in
            if abs(value) < 1.2 * side { return line }
            let band = (abs(value) / spacing).truncatingRemainder(dividingBy: 1)
            return (value < 0 ? inside : outside) * (1 - 0.12 * band)
        }
        for position in points {
            let local = levelSet.cubeFromWorld(position)
            guard abs(local.x) < reach, local.isFinite else { continue }
            let column = pixel(local.z, side)
            let row = pixel(local.y, side)
            for (x, y) in [(column, row), (column + 1, row), (column, row + 1), (column + 1, row + 1)]
            where (0..<size).contains(x) && (0..<size).contains(y) {
                pixels[y * size + x] = point
            }
        }
        return Raster(
            width: size, height: size, channels: 3,
            samples: pixels.flatMap { [UInt8($0.x), UInt8($0.y), UInt8($0.z)] })
    }

    /// Pixel of a coordinate; outside of the picture when that is far away.
    private static func pixel(_ coordinate: Double, _ side: Float) -> Int {
        let place = coordinate / Double(side) + 0.5 * Double(size)
        return Int(min(max(place.rounded(.down), -2), Double(size)))
    }
}
