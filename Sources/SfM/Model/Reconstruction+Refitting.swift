// SPDX-License-Identifier: Apache-2.0

extension Reconstruction {
    /// Every point placed anew where its observations meet; cameras stay.
    func refitted() throws(BundleError) -> Reconstruction {
        var problem = BundleProblem()
        var cameraIndex: [CameraID: Int] = [:]
        for id in cameras.keys.sorted() {
            if let camera = cameras[id] { cameraIndex[id] = problem.add(camera, free: []) }
        }
        var poseIndex: [ImageID: Int] = [:]
        for id in imageIDs {
            guard let image = images[id], let camera = cameraIndex[image.cameraID] else { continue }
            poseIndex[id] = problem.add(image.cameraFromWorld, camera: camera, freedom: .constant)
        }
        let ids = pointIDs
        for id in ids {
            guard let point = points[id] else { continue }
            let index = problem.add(point.position)
            for observation in point.track {
                guard let pose = poseIndex[observation.imageID], let image = images[observation.imageID] else {
                    continue
                }
                problem.observe(point: index, pose: pose, pixel: image.keypoints[observation.keypointIndex])
            }
        }
        _ = try problem.solve(BundleOptions())
        var result = self
        for (index, id) in ids.enumerated() { result.points[id]?.position = problem.point(index) }
        result.updateErrors()
        return result
    }

    /// Median of the points' mean reprojection errors; NaN without points.
    var medianError: Double {
        let errors = points.values.map(\.error).filter { $0 >= 0 }.sorted()
        return errors.isEmpty ? .nan : errors[errors.count / 2]
    }
}
