// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// Comparisons of patches as PatchMatch stereo makes them: every patch of a picture under several planes in six others.
struct PatchBench {
    private static let (width, height, sourceCount, planeCount) = (320, 240, 6, 5)
    private let words: [UInt32]
    private let planes: [zk_stereo_plane]

    init() {
        var random = RandomStream(seed: 1, label: "patch bench")
        words = (0..<Self.width * Self.height).map { _ in UInt32(truncatingIfNeeded: random.next()) }
        planes = (0..<Self.planeCount).map {
            zk_stereo_plane(inverse_depth: 0.1 + 0.05 * Float($0), slope_x: 0.001 * Float($0), slope_y: 0.0005)
        }
    }

    /// Comparisons of 45 pixels that one core makes in a second, preparation of the patches included.
    func comparisonsPerSecond() -> Double {
        words.withUnsafeBufferPointer { words in
            guard let base = words.baseAddress else { return 0 }
            let sources = (0..<Self.sourceCount).map { number in
                zk_stereo_source(
                    words: base, width: Int32(Self.width), height: Int32(Self.height),
                    along_x: (1, 0.01 * Float(number), 0), along_y: (0, 1, 0.0001), axis: (159.5, 119.5, 1),
                    shift: (30 + Float(number), 5, 0.01))
            }
            var patch = zk_patch()
            var costs = [Float](repeating: 0, count: Self.sourceCount * Self.planeCount)
            let (rows, columns) = (20..<Self.height - 20, 20..<Self.width - 60)
            let seconds = bestThreadSeconds(repeats: 10) {
                for row in rows {
                    for column in columns {
                        _ = zk_patch_prepare(
                            base, Int32(Self.width), Int32(Self.height), Int32(column), Int32(row), 30, &patch)
                        zk_stereo_costs(
                            &patch, Float(column) - 159.5, Float(row) - 119.5, Self.sourceCount, sources, .max,
                            Self.planeCount, planes, &costs)
                    }
                }
            }
            return Double(rows.count * columns.count * Self.sourceCount * Self.planeCount) / seconds
        }
    }
}
