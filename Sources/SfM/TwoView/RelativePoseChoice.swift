// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Lets the points choose among candidate poses, and the pose among the points.
struct RelativePoseChoice {
    let problem: TwoViewProblem

    /// Angle that noise of one inlier can make, radians.
    private var noise: Double { problem.maximumError / problem.focalLength }

    private var refinement: RelativePoseRefinement {
        // A third of the largest error is about the noise of keypoints that were localised badly.
        RelativePoseRefinement(lossScale: problem.maximumError / (3 * problem.focalLength))
    }

    /// The refined candidate with the lowest cost among those that have (nearly) the most points in front of both cameras.
    ///
    /// - Parameters:
    ///   - support: Numbers of the matches that count.
    ///   - refitsSupport: Whether the matches are chosen anew after refinement.
    func best(_ candidates: [RigidTransform], support: [Int], refitsSupport: Bool) -> RigidTransform? {
        let rays = problem.rays[support]
        let scored = candidates.map { pose in
            (pose: pose, count: (0..<rays.count).count { rays.isInFront($0, pose, noise: noise) })
        }
        guard let most = scored.map(\.count).max() else { return nil }
        var best: (pose: RigidTransform, cost: Double)?
        for candidate in scored where 100 * candidate.count >= 98 * most {
            let refined = refinement.refine(candidate.pose, rays)
            if refined.cost < best?.cost ?? .infinity { best = refined }
        }
        guard let chosen = best?.pose, refitsSupport else { return best?.pose }
        let inliers = inliers(chosen)
        return inliers.count >= 8 ? refinement.refine(chosen, problem.rays[inliers]).pose : chosen
    }

    /// Matches that agree with a pose and lie in front of both cameras.
    func inliers(_ pose: RigidTransform) -> [Int] {
        guard let fundamental = problem.fundamental(pose.essentialMatrix) else { return [] }
        return problem.inliers(fundamental: fundamental).filter { problem.rays.isInFront($0, pose, noise: noise) }
    }
}
