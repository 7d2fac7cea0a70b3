// SPDX-License-Identifier: Apache-2.0

import Geometry

extension DenseViewGraph {
    /// Share of a pair's matches that another rotation must explain for the pair to be right and its rotation wrong.
    private static let repairShare = 0.7
    /// Sampson error up to which it explains a match, in pixels.
    private static let repairError = 3.0

    /// Marks the pairs that ``TripletCheck`` rejects, unless their matches agree with the rotation that it asks for.
    ///
    /// A few matches, or matches on a plane, often leave the motion open between two that explain them equally well: then
    /// the estimated motion is wrong though the matches are right. Such a pair keeps its matches and gets the motion that
    /// fits the others.
    mutating func checkTriplets(cameras: [Camera], usesGivenMotions: Bool) {
        var edges: [TripletCheck.Edge] = []
        var pairOfEdge: [Int] = []
        for (index, pair) in pairs.enumerated() {
            let given = usesGivenMotions ? pair.secondFromFirst : nil
            guard let motion = given ?? motion(of: pair, cameras: cameras) else { continue }
            edges.append(TripletCheck.Edge(first: pair.first, second: pair.second, secondFromFirst: motion.rotation))
            pairOfEdge.append(index)
        }
        let check = TripletCheck(edges, imageCount: imageCount)
        for edge in edges.indices where check.rejects(edge) {
            let index = pairOfEdge[edge]
            guard let expected = check.expected[edge],
                let motion = repairedMotion(of: pairs[index], expected: expected, limit: check.limit, cameras: cameras)
            else {
                pairs[index].isContradicted = true
                continue
            }
            // The other half of the information, the fundamental matrix, is the old motion's.
            pairs[index].secondFromFirst = motion
            pairs[index].fundamental = nil
        }
    }

    /// The motion near the rotation `expected` that explains most of a pair's matches, or `nil` when none does.
    private func repairedMotion(
        of pair: DensePair, expected: Quaternion, limit: Double, cameras: [Camera]
    ) -> RigidTransform? {
        let (a, b) = (cameras[cameraOfImage[pair.first]], cameras[cameraOfImage[pair.second]])
        let rays = ViewRays(
            first: pair.inliers.map { a.normalized(ofPixel: keypoints[pair.first][Int($0.first)]) },
            second: pair.inliers.map { b.normalized(ofPixel: keypoints[pair.second][Int($0.second)]) })
        // With the rotation known, each match says that the translation is perpendicular to a normal.
        var moments = Array(repeating: [0.0, 0, 0], count: 3)
        for index in 0..<rays.count {
            let normal = expected(rays.first[index].homogeneous).normalized.cross(
                rays.second[index].homogeneous.normalized)
            for row in 0..<3 {
                for column in 0..<3 { moments[row][column] += normal[row] * normal[column] }
            }
        }
        let axis = SymmetricEigen(moments).vectors[0]
        let translation = SIMD3(axis[0], axis[1], axis[2])
        let error = Self.repairError / (0.5 * (a.meanFocalLength + b.meanFocalLength))
        let refinement = RelativePoseRefinement(lossScale: error / 3)
        var best: (motion: RigidTransform, explained: Int)?
        for sign in [1.0, -1.0] {
            let start = RigidTransform(rotation: expected, translation: sign * translation)
            let motion = refinement.refine(start, rays).pose
            guard (motion.rotation * expected.inverse).angle <= limit else { continue }
            let essential = motion.essentialMatrix
            let explained = (0..<rays.count).count { index in
                essential.squaredSampsonError(rays.first[index], rays.second[index]) <= error * error
                    && rays.isInFront(index, motion, noise: error)
            }
            if explained > best?.explained ?? 0 { best = (motion, explained) }
        }
        guard let best, Double(best.explained) >= Self.repairShare * Double(rays.count) else { return nil }
        return best.motion
    }
}
