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

    /// Whether the scene surrounds the cameras: all of them stand within the ball that holds half of the points.
    package static func isRoom(_ points: [SIMD3<Double>], centers: [SIMD3<Double>]) -> Bool {
        guard let cubeFromWorld = cubeFromWorld(points), !centers.isEmpty else { return false }
        let distances = points.filter(\.isFinite).map { cubeFromWorld($0).length }.sorted()
        return centers.allSatisfy { cubeFromWorld($0).length < distances[distances.count / 2] }
    }

    /// Share of points outside the part of the cube that is fit for them, beyond which a map has outgrown its cube.
    package static let outgrownShare = 0.02

    /// Whether `points` have outgrown a cube, and another would hold them better.
    package static func isOutgrown(_ cubeFromWorld: UniformSimilarity, by points: [SIMD3<Double>]) -> Bool {
        guard points.count >= 8, let better = Self.cubeFromWorld(points) else { return false }
        let outside = points.count { point in
            let local = cubeFromWorld(point)
            return pointwiseMax(local, -local).max() > 0.9
        }
        guard Double(outside) > outgrownShare * Double(points.count) else { return false }
        // Far background stays outside of every cube: only a change of a fifth helps.
        let shift = (cubeFromWorld(better.inverse(.zero))).length
        return shift > 0.2 || better.scale < 0.8 * cubeFromWorld.scale
    }
}
