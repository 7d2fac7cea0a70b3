// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// Where in the cube photos could not tell a surface, since they show no texture there: for each cell of a coarse grid how
/// far the photos without outnumber those with texture among all that have the cell in their picture, as a share of them.
///
/// Backdrops do not count: they tell that a cell is empty.
package struct PlainRegions: Sendable {
    /// Cells along a side of the cube.
    private static let cells = 48
    /// Halvings of the pictures that are asked: plain parts smaller than a patch there do not matter.
    private static let level = 1
    /// Difference of greys at which a pixel of a patch counts half; it has no influence on ``zk_patch/detail``.
    private static let similarity: Float = 30

    private let majorities: [Float]

    /// Asks all views.
    ///
    /// - Parameters:
    ///   - backdrops: For each view the set of its plain areas that are backdrops, bit k for the area k.
    ///   - leastDetail: Variance of greys about a ramp below which a patch has no texture.
    package init(of views: [GrayView], backdrops: [UInt16], in cube: SceneCube, leastDetail: Float, threads: Int) {
        let looks = Parallel.map(count: views.count, threads: threads, block: 1) { index in
            Look(of: views[index], backdrops: backdrops[index], cube: cube, leastDetail: leastDetail)
        }
        let cells = Self.cells
        let slices = Parallel.map(count: cells, threads: threads, block: 1) { z in
            (0..<cells * cells).map { place in
                let center = (SIMD3<Float>(Float(place % cells), Float(place / cells), Float(z)) + 0.5)
                return Self.majority(at: center * (2 / Float(cells)) - 1, in: looks)
            }
        }
        majorities = slices.flatMap { $0 }
    }

    /// The majority at a point of the cube, 0 to 1; 0 where more photos show texture.
    package func majority(at point: SIMD3<Float>) -> Float {
        let cell = ((point + 1) * (0.5 * Float(Self.cells))).rounded(.down)
        let place = SIMD3<Int32>(cell).clamped(lowerBound: .zero, upperBound: SIMD3(repeating: Int32(Self.cells - 1)))
        return majorities[(Int(place.z) * Self.cells + Int(place.y)) * Self.cells + Int(place.x)]
    }

    private static func majority(at point: SIMD3<Float>, in looks: [Look]) -> Float {
        var (plain, all) = (0, 0)
        for look in looks {
            guard let pixel = look.view.pixel(of: point) else { continue }
            all += 1
            plain += look.isPlain[pixel.row * look.width + pixel.column] ? 1 : 0
        }
        return all == 0 ? 0 : max(0, Float(2 * plain - all) / Float(all))
    }

    /// One view and its pixels without texture.
    private struct Look: Sendable {
        let view: PatchView
        let width: Int
        let isPlain: [Bool]

        init(of view: GrayView, backdrops: UInt16, cube: SceneCube, leastDetail: Float) {
            let level = view.levels[min(PlainRegions.level, view.levels.count - 1)]
            let look = PatchView(
                level, cameraFromWorld: view.cameraFromWorld, cubeFromWorld: cube.cubeFromWorld, backdrops: backdrops)
            let least = max(leastDetail, 3 * level.noise)
            let width = level.image.width
            var isPlain = [Bool](repeating: false, count: width * level.image.height)
            var patch = zk_patch()
            for row in look.rows {
                for column in look.columns
                where look.counts(column: column, row: row) && !look.isBackdrop(column: column, row: row) {
                    let isThere = look.patch(
                        column: column, row: row, similarity: PlainRegions.similarity, into: &patch)
                    isPlain[row * width + column] = isThere && patch.detail < least
                }
            }
            self.view = look
            self.width = width
            self.isPlain = isPlain
        }
    }
}
