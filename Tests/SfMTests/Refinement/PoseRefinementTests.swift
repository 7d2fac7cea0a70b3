// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import SfM
import TestSupport
import Testing

@Suite struct PoseRefinementTests {
    static let truth = TorusScene.reconstruction(points: 1500, cameras: 20)
    static let pictures: [ImageID: Raster] = truth.images.mapValues {
        TorusScene.picture(truth.cameras[1]!, cameraFromScene: $0.cameraFromWorld)
    }

    static var surface: SurfaceOptions {
        var options = SurfaceReconstructionTests.options()
        options.photometric?.rays = 512
        return options
    }

    /// The scene with cameras turned and moved, as a map from noisy keypoints is off; points stay.
    static func disturbed(degrees: Double) -> Reconstruction {
        var result = truth
        var random = RandomStream(seed: 8, label: "disturbance")
        for id in result.imageIDs {
            let turn = (degrees * .pi / 180) * SIMD3((0..<3).map { _ in 2 * random.uniformDouble() - 1 })
            guard let pose = result.images[id]?.cameraFromWorld else { continue }
            let center = pose.cameraCenterInWorld
            let rotation = Quaternion(rotationVector: turn) * pose.rotation
            result.images[id]?.cameraFromWorld = RigidTransform(rotation: rotation, translation: -rotation(center))
        }
        return result
    }

    /// Root mean square of the angles between estimated and true relative rotations, in degrees.
    static func error(_ world: Reconstruction) -> Double {
        let ids = truth.imageIDs
        var squares: [Double] = []
        for (place, first) in ids.enumerated() {
            for second in ids[(place + 1)...] {
                guard let a = world.images[first], let b = world.images[second], let c = truth.images[first],
                    let d = truth.images[second]
                else { continue }
                let estimate = b.cameraFromWorld.rotation * a.cameraFromWorld.rotation.inverse
                let exact = d.cameraFromWorld.rotation * c.cameraFromWorld.rotation.inverse
                let difference = (estimate * exact.inverse).rotationVector.length * 180 / .pi
                squares.append(difference * difference)
            }
        }
        return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    }

    @Test func disturbedCamerasComeBack() throws {
        let given = Self.disturbed(degrees: 0.1)
        let refinement = try PoseRefinement(
            of: given, surface: Self.surface, threads: 2, raster: { Self.pictures[$0] })
        let report = refinement.report
        #expect(report.intrinsics == .constant, "\(report)")
        #expect(report.heldOutErrorAfter < 0.5 * report.heldOutErrorBefore, "\(report)")
        let (before, after) = (Self.error(given), Self.error(refinement.reconstruction))
        #expect(after < 0.2 * before, "\(after)° after \(before)°: \(report)")
        #expect(refinement.reconstruction.violatedInvariants().isEmpty)
        // The frame stays: points are where they were.
        let moved = given.pointIDs.compactMap { id -> Double? in
            guard let a = given.points[id]?.position, let b = refinement.reconstruction.points[id]?.position else {
                return nil
            }
            return (a - b).length
        }.sorted()
        #expect(moved[moved.count / 2] < 0.01, "\(moved[moved.count / 2])")
    }

    @Test func exactCamerasStayNearlyExact() throws {
        let refinement = try PoseRefinement(
            of: Self.truth, surface: Self.surface, threads: 2, raster: { Self.pictures[$0] })
        #expect(Self.error(refinement.reconstruction) < 0.01, "\(refinement.report)")
        if refinement.report.intrinsics == nil {
            #expect(refinement.reconstruction == Self.truth && refinement.report.reason != nil)
        }
    }

    @Test func bytesDoNotDependOnThreads() throws {
        let given = Self.disturbed(degrees: 0.05)
        let results = try [1, 2, 4].map { threads in
            try PoseRefinement(
                of: given, surface: Self.surface, threads: threads, raster: { Self.pictures[$0] })
        }
        #expect(results[0].report.tracks > 200, "\(results[0].report)")
        for other in results.dropFirst() {
            #expect(other.report == results[0].report && other.reconstruction == results[0].reconstruction)
        }
    }

    @Test func withoutPicturesTheCamerasStayAndTheReasonIsGiven() throws {
        var options = PoseRefinementOptions()
        options.steps = 5
        let refinement = try PoseRefinement(
            of: Self.truth, options: options, surface: Self.surface, threads: 2, raster: { _ in nil })
        #expect(refinement.reconstruction == Self.truth)
        #expect(refinement.report.intrinsics == nil && refinement.report.reason?.isEmpty == false)
        var nothing = Reconstruction()
        nothing.cameras = Self.truth.cameras
        let empty = try PoseRefinement(of: nothing, surface: Self.surface, threads: 2, raster: { _ in nil })
        #expect(empty.report.reason?.isEmpty == false)
    }

    @Test func cancellingThrows() {
        #expect(throws: SurfaceError.cancelled) {
            try PoseRefinement(
                of: Self.truth, surface: Self.surface, threads: 2, raster: { Self.pictures[$0] },
                cancellation: { true })
        }
    }
}
