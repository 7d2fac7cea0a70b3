// SPDX-License-Identifier: Apache-2.0

import Geometry

extension MatchDatabase {
    /// Everything that must hold between cameras, images, features and pairs but does not; empty for a sound database.
    public func violatedInvariants() -> [String] {
        imageProblems() + pairProblems()
    }

    private func imageProblems() -> [String] {
        var problems: [String] = []
        for (id, prior) in cameras.sorted(by: { $0.key < $1.key }) {
            if !prior.camera.parameters.allSatisfy(\.isFinite) { problems.append("camera \(id) is not finite") }
        }
        var names = Set<String>()
        for (id, image) in images.sorted(by: { $0.key < $1.key }) {
            if id >= 2_147_483_647 { problems.append("the ID of image \(id) is not below 2147483647") }
            if cameras[image.cameraID] == nil { problems.append("image \(id) has no camera") }
            if image.name.isEmpty || image.name.utf8.contains(0) {
                problems.append("the name of image \(id) is empty or has a NUL character")
            }
            if !names.insert(image.name).inserted { problems.append("two images are called \(image.name)") }
        }
        for (id, features) in features.sorted(by: { $0.key < $1.key }) {
            if images[id] == nil { problems.append("image \(id) has features but does not exist") }
            let isFinite = features.keypoints.allSatisfy {
                $0.position.x.isFinite && $0.position.y.isFinite && $0.scale.isFinite && $0.orientation.isFinite
            }
            if !isFinite { problems.append("a keypoint of image \(id) is not finite") }
        }
        return problems
    }

    private func pairProblems() -> [String] {
        var problems: [String] = []
        let lists =
            matches.sorted { $0.key < $1.key }.map { ("matches", $0.key, $0.value) }
            + geometries.sorted { $0.key < $1.key }.map { ("inliers", $0.key, $0.value.inliers) }
        for (what, pair, list) in lists {
            guard images[pair.first] != nil, images[pair.second] != nil else {
                problems.append("images \(pair.first) and \(pair.second) have \(what) but do not both exist")
                continue
            }
            let counts = (features[pair.first]?.count ?? 0, features[pair.second]?.count ?? 0)
            if list.contains(where: { Int($0.first) >= counts.0 || Int($0.second) >= counts.1 }) {
                problems.append("\(what) of images \(pair.first) and \(pair.second) name keypoints that do not exist")
            }
        }
        for (pair, geometry) in geometries.sorted(by: { $0.key < $1.key }) {
            let matrices = [geometry.fundamental, geometry.essential, geometry.homography].compactMap(\.self)
            let isFinite =
                matrices.allSatisfy { $0.rowMajor.allSatisfy(\.isFinite) } && geometry.medianTriangulationAngle.isFinite
                && geometry.secondFromFirst?.translation.isFinite != false
            if !isFinite { problems.append("the geometry of images \(pair.first) and \(pair.second) is not finite") }
        }
        return problems
    }
}
