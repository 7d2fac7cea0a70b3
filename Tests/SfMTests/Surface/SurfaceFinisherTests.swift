// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import Mesh
import SfM
import TestSupport
import Testing

/// What stays of a torus that photos show and of a ball beside it that they do not.
@Suite struct SurfaceFinisherTests {
    static let ball = AnalyticShape.sphere(center: SIMD3(0, 0, 1.1), radius: 0.25)
    static let scene = TorusScene.reconstruction(points: 500, cameras: 20)
    static let pictures = scene.images.mapValues {
        TorusScene.picture(Camera(width: 320, height: 240, focalLength: 300), cameraFromScene: $0.cameraFromWorld)
    }

    /// Torus and ball; wrong dense points lie all over the ball.
    private func finished(
        compares: Bool = true, change: (inout SurfaceOptions.Trimming) -> Void = { _ in }
    ) throws -> SurfaceFinisher.Result {
        let (scene, pictures) = (Self.scene, Self.pictures)
        let cube = try #require(SceneCube(scene))
        let views = GrayView.all(of: scene, longerSide: 320, threads: 2, raster: { pictures[$0] }, mask: nil)
        let consistency = try #require(
            PhotoConsistency(
                views: views, in: scene, cubeFromWorld: cube.cubeFromWorld, options: PhotoConsistencyOptions(), seed: 1)
        )
        let box = Box(minimum: SIMD3(repeating: -1.44), maximum: SIMD3(repeating: 1.44))
        let field = ClosureField { min(TorusScene.shape.signedDistance($0), Self.ball.signedDistance($0)) }
        let extraction = try MarchingCubes.extract(
            from: field, grid: RegularGrid(covering: box, cells: 64), threads: 2)
        var trimming = SurfaceOptions.Trimming()
        change(&trimming)
        let finisher = SurfaceFinisher(
            reconstruction: scene,
            densePoints: TorusScene.directions(300).map { SIMD3(0, 0, 1.1) + 0.25 * $0 }, cube: cube,
            consistency: compares ? consistency : nil, trimming: trimming, cellSize: 2.88 / 64, threads: 2)
        return try finisher.finish(extraction.mesh, raster: { pictures[$0] })
    }

    @Test func componentsThatNoPhotoConfirmGo() throws {
        let result = try finished()
        #expect(result.droppedComponents == 1)
        #expect(result.mesh.positions.allSatisfy { TorusScene.shape.signedDistance(SIMD3<Float>($0)) < 0.01 })
        let all = try finished { $0.confirmedShare = 0 }
        #expect(all.droppedComponents == 0 && all.mesh.positions.count > result.mesh.positions.count)
        // Without pictures nothing can be confirmed, and points decide.
        let blind = try finished(compares: false)
        #expect(blind.droppedComponents == 0)
    }

    @Test func confidenceTellsTrueFromFalse() throws {
        let all = try finished { $0.confirmedShare = 0 }
        let confidences = try #require(all.mesh.confidences)
        #expect(confidences.allSatisfy { (0...1).contains($0) })
        let (onBall, onTorus) = zip(all.mesh.positions, confidences).reduce(into: ([Float](), [Float]())) {
            sums, vertex in
            let isBall = Self.ball.signedDistance(SIMD3<Float>(vertex.0)) < 0.02
            if isBall { sums.0.append(vertex.1) } else { sums.1.append(vertex.1) }
        }
        #expect(Double(onTorus.count { $0 >= 0.7 }) > 0.9 * Double(onTorus.count))
        // By chance a few patches look alike.
        #expect(!onBall.isEmpty && Double(onBall.count { $0 >= 0.7 }) < 0.03 * Double(onBall.count))
    }
}
