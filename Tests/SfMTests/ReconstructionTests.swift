// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

private func twoImages() -> Reconstruction {
    var result = Reconstruction()
    result.cameras[1] = Camera(width: 100, height: 80, focalLength: 90)
    for id: ImageID in [1, 2] {
        result.images[id] = PosedImage(
            name: "\(id).jpg", cameraID: 1,
            cameraFromWorld: RigidTransform(rotation: .identity, translation: SIMD3(-Double(id), 0, 0)),
            keypoints: [SIMD2(50, 40), SIMD2(10, 10)])
    }
    return result
}

@Test func insertedPointsAreLinkedAndRemovedPointsAreNot() {
    var world = twoImages()
    let track = [Observation(imageID: 1, keypointIndex: 0), Observation(imageID: 2, keypointIndex: 1)]
    world.insert(ScenePoint(position: SIMD3(1, 0, 5), track: track), id: 7)
    #expect(world.violatedInvariants().isEmpty)
    #expect(world.images[2]?.pointIDs == [nil, 7])
    #expect(world.reprojectionError(of: SIMD3(1, 0, 5), at: track[0]) == 0)
    world.removePoint(7)
    #expect(world == twoImages())
}

@Test func brokenLinksAreFound() {
    var world = twoImages()
    let track = [Observation(imageID: 1, keypointIndex: 0), Observation(imageID: 2, keypointIndex: 1)]
    world.insert(ScenePoint(position: SIMD3(1, 0, 5), track: track), id: 7)
    world.images[2]?.pointIDs[1] = nil
    #expect(world.violatedInvariants() == ["point 7: image 2 does not know it"])
    world.points[7]?.position.x = .nan
    #expect(world.violatedInvariants().contains("point 7 is not finite"))
}
