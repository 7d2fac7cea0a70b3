// SPDX-License-Identifier: Apache-2.0

import Geometry

/// The frame of the field's cube found from the first points of a map: replaces the scene sizes that Level-S²fM wants set by
/// hand.
package enum SceneNormalization {
    /// Distance from the middle within which ``share`` of the points lie, in the cube; half a side is 1.
    package static let radius = 0.5
    private static let share = 0.9

    /// Takes the median of the points to the origin and most of them into the ball of ``radius``; `nil` for fewer than 8
    /// finite points, or when they all coincide.
    package static func cubeFromWorld(_ points: [SIMD3<Double>]) -> UniformSimilarity? {
        let finite = points.filter(\.isFinite)
        guard finite.count >= 8 else { return nil }
        var middle = SIMD3<Double>.zero
        for axis in 0..<3 { middle[axis] = finite.map { $0[axis] }.sorted()[finite.count / 2] }
        let distances = finite.map { ($0 - middle).length }.sorted()
        let reach = distances[Int(share * Double(distances.count))]
        guard reach > 0, reach.isFinite else { return nil }
        let scale = radius / reach
        guard scale.isFinite else { return nil }
        return UniformSimilarity(scale: scale, translation: -scale * middle)
    }
}
