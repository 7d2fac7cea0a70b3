// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

@Suite struct CovisibilityTests {
    /// Four images and points seen by the given sets of them.
    private func world(_ tracks: [[ImageID]]) -> Reconstruction {
        var world = Reconstruction()
        world.cameras[1] = Camera(width: 100, height: 100, focalLength: 100)
        for id in 1...4 as ClosedRange<ImageID> {
            world.images[id] = PosedImage(
                name: "\(id)", cameraID: 1, cameraFromWorld: .identity,
                keypoints: Array(repeating: SIMD2(50, 50), count: tracks.count))
        }
        for (index, track) in tracks.enumerated() {
            world.insert(
                ScenePoint(
                    position: SIMD3(0, 0, 1), track: track.map { Observation(imageID: $0, keypointIndex: index) }),
                id: PointID(index + 1))
        }
        return world
    }

    @Test func sharedPointsAreCounted() {
        let graph = Covisibility(of: world([[1, 2, 3], [1, 2], [2, 3], [1, 2, 4]]))
        #expect(graph.sharedPoints(1, 2) == 3 && graph.sharedPoints(2, 1) == 3)
        #expect(graph.sharedPoints(2, 3) == 2 && graph.sharedPoints(3, 4) == 0 && graph.sharedPoints(1, 1) == 0)
        #expect(graph.neighbours(of: 2).map(\.imageID) == [1, 3, 4])
        #expect(graph.neighbours(of: 2).map(\.sharedPoints) == [3, 2, 1])
        #expect(graph.neighbours(of: 1).map(\.imageID) == [2, 3, 4], "equal counts go by ID")
        #expect(graph.neighbours(of: 9).isEmpty)
    }
}
