// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Scores how many points an image sees and how well they are spread over it.
///
/// Schönberger and Frahm 2016, section 4.2: on level `l` the image is cut into `2^l × 2^l` cells; each cell with a point
/// adds `2^l · 2^l`. Many points in one corner score less than a few everywhere.
struct VisibilityPyramid {
    private static let levels = 6
    private let cellSize: SIMD2<Double>
    private var isFilled = [Bool](repeating: false, count: (1 << levels) * (1 << levels))

    /// For an image of `width` × `height` pixels.
    init(width: Int, height: Int) {
        cellSize = SIMD2(Double(width), Double(height)) / Double(1 << Self.levels)
    }

    /// Marks the place where a point is seen; pixels outside the image count for its edge.
    mutating func add(_ pixel: SIMD2<Double>) {
        let side = 1 << Self.levels
        let cell = pointwiseMin(pointwiseMax(pixel / cellSize, .zero), SIMD2(repeating: Double(side - 1)))
        isFilled[Int(cell.y) * side + Int(cell.x)] = true
    }

    /// Sum over all levels.
    var score: Int {
        var result = 0
        var filled = isFilled
        var side = 1 << Self.levels
        while side > 1 {
            result += filled.lazy.filter { $0 }.count * side * side
            let half = side / 2
            var coarser = [Bool](repeating: false, count: half * half)
            for y in 0..<side {
                for x in 0..<side where filled[y * side + x] { coarser[(y / 2) * half + x / 2] = true }
            }
            filled = coarser
            side = half
        }
        return result
    }
}

extension IncrementalMap {
    /// The pyramid score of the points that an image could see.
    func visibilityScore(of image: Int) -> Int {
        let camera = cameras[graph.cameraOfImage[image]]
        var pyramid = VisibilityPyramid(width: camera.width, height: camera.height)
        for observation in observations(in: image).map({ Int($0) })
        where hasPoint[Int(trackOfObservation[observation])] {
            pyramid.add(pixel(of: observation))
        }
        return pyramid.score
    }
}
