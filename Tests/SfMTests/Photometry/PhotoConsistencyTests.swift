// SPDX-License-Identifier: Apache-2.0

import CKernels
import Fields
import Geometry
import Images
import SfM
import TestSupport
import Testing

@Suite struct PhotoConsistencyTests {
    static let cube = UniformSimilarity(scale: 1, translation: .zero)

    static func consistency(_ change: (inout PhotoConsistencyOptions) -> Void = { _ in }) throws -> PhotoConsistency {
        var options = PhotoConsistencyOptions()
        options.rays = 600
        options.weight = 1
        options.carving = nil
        change(&options)
        return try #require(
            PhotoConsistency(
                views: PlaneScene.views, in: PlaneScene.reconstruction, cubeFromWorld: cube, options: options, seed: 1))
    }

    /// Mean cost over patches of all pairs of neighbouring views, on the plane moved along the rays of the reference.
    static func meanCost(level: Int, shiftInPixels: Double) -> Double {
        var (sum, count) = (0.0, 0)
        let views = PlaneScene.views.map {
            PatchView($0.levels[level], cameraFromWorld: $0.cameraFromWorld, cubeFromWorld: cube)
        }
        for (first, view) in views.enumerated() {
            let source = views[(first + 1) % views.count]
            let size = PlaneScene.views[first].levels[level].image
            for row in stride(from: size.height / 4, to: 3 * size.height / 4, by: 5) {
                for column in stride(from: size.width / 4, to: 3 * size.width / 4, by: 5) {
                    let ray = view.ray(column: column, row: row)
                    var distance = -view.center.z / ray.z
                    let plain = view.center + distance * ray
                    // How far the source sees the point move for a step along the ray.
                    let pose = PlaneScene.views[(first + 1) % views.count].cameraFromWorld
                    let focal = PlaneScene.views[first].levels[level].focalLengths.x
                    func place(_ point: SIMD3<Float>) -> SIMD2<Double> {
                        let local = pose(SIMD3<Double>(point))
                        return focal * SIMD2(local.x, local.y) / local.z
                    }
                    let speed = (place(plain + 1e-3 * ray) - place(plain)).length / 1e-3
                    distance += Float(shiftInPixels / speed)
                    let point = view.center + distance * ray
                    var patch = zk_patch()
                    guard view.patch(column: column, row: row, similarity: 30, into: &patch),
                        let result = source.compare(
                            patch, on: view.plane(column: column, row: row, at: point, normal: SIMD3(0, 0, 1)),
                            at: point)
                    else { continue }
                    sum += Double(result.cost)
                    count += 1
                }
            }
        }
        return count > 100 ? sum / Double(count) : .nan
    }

    /// Cameras, planes, pixel centres and pyramid agree with each other.
    @Test(arguments: [0, 1]) func theTruePlaneLooksAlikeAndAMovedOneDoesNot(level: Int) {
        let exact = Self.meanCost(level: level, shiftInPixels: 0)
        #expect(exact < 0.01, "\(exact)")
        for shift in [-0.5, 0.5] {
            let moved = Self.meanCost(level: level, shiftInPixels: shift)
            #expect(moved > 0.02 && moved > 4 * exact, "\(moved)")
        }
    }

    /// The derivative of the whole loss by the height of a level set, through rays, hits and comparisons, against central
    /// differences of the loss itself.
    @Test(arguments: [Float(1), 1.6]) func pullsAreTheDerivativeOfTheLoss(steepness: Float) throws {
        // One comparison a ray, no robust weight: the loss is then smooth and its derivative that of the formulas.
        let consistency = try Self.consistency {
            $0.sources = 1
            $0.bestSources = 1
            $0.robustScale = 1e6
            $0.usesNormals = false
            $0.fullSizeStart = 0
        }
        for height in [Float(-0.02), 0.015, 0.004] {
            func samples(_ height: Float) throws -> PhotoSamples {
                consistency.samples(
                    step: 1, progress: 1, field: SDFField(try PlaneScene.network(height: height, steepness: steepness)),
                    threads: 2)
            }
            let here = try samples(height)
            #expect(here.tally.compared > 200)
            // The value falls by the steepness when the plane rises.
            let analytic = here.pulls.reduce(0) { $0 - Double(steepness * $1.byValue) }
            let h: Float = 5e-4
            let (above, below) = (try samples(height + h), try samples(height - h))
            // A ray whose comparison appears or disappears between the two would count as a change.
            func loss(_ samples: PhotoSamples) -> Double { samples.pulls.reduce(0) { $0 + $1.loss } }
            let numeric = (loss(above) - loss(below)) / Double(2 * h)
            #expect(abs(numeric - analytic) < 0.03 * abs(numeric), "height \(height): \(numeric), formula \(analytic)")
        }
    }

    /// Pulls of the normal's gradient turn a tilted plane back: along the tilt, towards less.
    @Test func everyPullOfATrueSurfaceIsSmall() throws {
        let consistency = try Self.consistency()
        let field = SDFField(try PlaneScene.network(height: 0))
        let exact = consistency.samples(step: 1, progress: 1, field: field, threads: 1)
        #expect(exact.tally.meanCost < 0.01)
        #expect(exact.tally.compared > 300)
        let moved = consistency.samples(
            step: 1, progress: 1, field: SDFField(try PlaneScene.network(height: 0.02)), threads: 1)
        #expect(moved.tally.meanCost > 10 * exact.tally.meanCost)
        // The plane is too high: nearly all pulls raise the value.
        let lowering = moved.pulls.count { $0.byValue < 0 }
        #expect(lowering > moved.pulls.count * 9 / 10, "\(lowering) of \(moved.pulls.count)")
    }

    @Test func samplesDoNotDependOnThreads() throws {
        let consistency = try Self.consistency()
        let field = SDFField(try PlaneScene.network(height: 0.01))
        let one = consistency.samples(step: 3, progress: 0.3, field: field, threads: 1)
        let many = consistency.samples(step: 3, progress: 0.3, field: field, threads: 4)
        #expect(one.tally == many.tally && one.pulls.count == many.pulls.count)
        for (a, b) in zip(one.pulls, many.pulls) {
            #expect(a.point == b.point && a.byValue == b.byValue && a.byGradient == b.byGradient)
        }
        #expect(one.unitPoints == many.unitPoints)
    }

    /// A level set that floats before the surface looks different from everywhere, and is emptied only when asked to.
    @Test func whatNoViewConfirmsIsCarved() throws {
        let field = SDFField(try PlaneScene.network(height: 0.3))
        let kept = try Self.consistency().samples(step: 1, progress: 1, field: field, threads: 1)
        #expect(kept.tally.carved == 0)
        let carving = try Self.consistency { $0.carving = PhotoConsistencyOptions.Carving() }
        let early = carving.samples(step: 1, progress: 0.5, field: field, threads: 1)
        #expect(early.tally.carved == 0)
        let late = carving.samples(step: 1, progress: 1, field: field, threads: 1)
        #expect(late.tally.carved > 20)
        let truth = carving.samples(
            step: 1, progress: 1, field: SDFField(try PlaneScene.network(height: 0)), threads: 1)
        #expect(truth.tally.carved == 0)
    }

    @Test func viewsWithoutCommonPointsAreRefused() {
        var lonely = PlaneScene.reconstruction
        for id in lonely.pointIDs { lonely.points[id]?.track = [] }
        #expect(
            PhotoConsistency(
                views: PlaneScene.views, in: lonely, cubeFromWorld: Self.cube, options: PhotoConsistencyOptions(),
                seed: 1) == nil)
    }
}
