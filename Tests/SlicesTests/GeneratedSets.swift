// SPDX-License-Identifier: Apache-2.0

import Geometry
import Slices
import TestSupport
import Testing

/// The sets of `datasets/slices`, with the solids that they were cut from; the formulas repeat `generate.py`.
struct GeneratedSet: Sendable, CustomTestStringConvertible {
    let name: String
    /// Whether a point is in the union of all labels.
    let contains: @Sendable (SIMD3<Double>) -> Bool
    /// Vertices − edges + faces of the true surface.
    let eulerCharacteristic: Int
    /// Connected pieces of the true surface.
    let surfaces: Int

    var testDescription: String { name }
    var path: String { "\(SharedData.packageRoot)/datasets/slices/\(name).csl" }
    func read() throws -> SliceSet { try CSLReader.read(path: path).0 }

    static let all = [doubleTorus, peanut, shellAndCore]

    static let doubleTorus = GeneratedSet(
        name: "double-torus",
        contains: { point in
            let p = (point - SIMD3(120, -40, 65)) / 50
            let lemniscate = p.x * p.x * (1 - p.x * p.x) - p.y * p.y
            return lemniscate * lemniscate + p.z * p.z < 0.02
        }, eulerCharacteristic: -2, surfaces: 1)

    static let peanut = GeneratedSet(
        name: "peanut",
        contains: { point in
            let p = (point - SIMD3(-30, 15, 200)) / 50
            let along = p.dot(SIMD3(2, 1, 2)) / 3
            let square = p.dot(p) + 0.64
            return square * square - 4 * 0.64 * along * along < 0.5
        }, eulerCharacteristic: 2, surfaces: 1)

    static let shellAndCore = GeneratedSet(
        name: "shell-and-core",
        contains: { point in
            let p = point - SIMD3(10, 80, -25)
            let outer = p * p / SIMD3(3600, 2025, 2500)
            let cavity = p - SIMD3(8, 0, 5)
            let core = p - SIMD3(6, 2, 4)
            return (outer.sum() < 1 && cavity.dot(cavity) > 900) || core.dot(core) < 324
        }, eulerCharacteristic: 6, surfaces: 3)

    /// Volume by counting midpoints of a fine grid over `box`.
    func volume(in box: Box, cells: Int = 160) -> Double {
        let size = box.extent / Double(cells)
        var count = 0
        for k in 0..<cells {
            for j in 0..<cells {
                for i in 0..<cells {
                    let place = SIMD3(Double(i) + 0.5, Double(j) + 0.5, Double(k) + 0.5)
                    if contains(box.minimum + size * place) { count += 1 }
                }
            }
        }
        return Double(count) * size.x * size.y * size.z
    }
}
