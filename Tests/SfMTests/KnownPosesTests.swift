// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

@Suite struct KnownPosesTests {
    /// Poses that are exact stay as they are, to the bit; the others are found in their frame.
    @Test func heldPosesStayAndOthersFollow() throws {
        let scene = BumpyGraph(images: 6, points: 500, seed: 3)
        let known = scene.poses.filter { $0.key <= 3 }
        let model = try GeometricMapper().map(scene.graph, startingFrom: KnownPoses(known, areHeld: true)).models[0]
        #expect(model.images.count == 6)
        for (id, pose) in known { #expect(model.images[id]?.cameraFromWorld == pose) }
        for (id, truth) in scene.poses where id > 3 {
            let found = try #require(model.images[id]).cameraFromWorld
            #expect(Angle.degrees(radians: (found.rotation * truth.rotation.inverse).angle) < 0.15)
            #expect((found.cameraCenterInWorld - truth.cameraCenterInWorld).length < 0.01)
        }
    }

    /// Poses that are only a start are improved, in their frame.
    @Test func startingPosesAreImproved() throws {
        let scene = BumpyGraph(images: 6, points: 500, seed: 4)
        let start = scene.shakenPoses(degrees: 0.15, distance: 0.003, seed: 4)
        let model = try GeometricMapper().map(scene.graph, startingFrom: KnownPoses(start)).models[0]
        let found = model.images.mapValues(\.cameraFromWorld)
        #expect(scene.worstRotation(found) < 0.5 * scene.worstRotation(start))
        #expect(found[1] == start[1])
    }

    /// Poses that contradict the matches are not believed: the map is as without them.
    @Test func wrongPosesAreIgnored() throws {
        let scene = BumpyGraph(images: 5, points: 400, seed: 5)
        let mixed = Dictionary(uniqueKeysWithValues: scene.poses.map { (6 - $0.key, $0.value) })
        let model = try GeometricMapper().map(scene.graph, startingFrom: KnownPoses(mixed, areHeld: true)).models[0]
        #expect(model == (try GeometricMapper().map(scene.graph).models[0]))
    }
}
