// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry
import Slices
import Storage
import TestSupport

/// The small volume that nibabel, pynrrd and Pillow wrote in many formats; see `datasets/slices/volumes/generate.py`.
enum VolumeFixtures {
    static let folder = "\(SharedData.packageRoot)/datasets/slices/volumes"
    static let size = SIMD3(14, 12, 9)

    static func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Matrices from index to RAS by file name, four rows of four, as the oracles read them.
    static func expectedMatrices() throws -> [String: [[Double]]] {
        try JSONDecoder().decode([String: [[Double]]].self, from: Data(try InputFile.read(path("expected.json"))))
    }

    /// Labels 0, 1, 3 and 7, first index fastest.
    static func labels() throws -> [Int] { try InputFile.read(path("labels.raw")).map(Int.init) }
}

extension LabelVolume {
    /// Labels of the first layer that has one, first index fastest.
    var flat: [Int] {
        (0..<grid.size.z).flatMap { k in
            (0..<grid.size.y).flatMap { j in (0..<grid.size.x).map { i in label(i, j, k) } }
        }
    }
}
