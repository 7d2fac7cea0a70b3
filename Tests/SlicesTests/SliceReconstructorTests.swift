// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Mesh
import Slices
import TestSupport
import Testing

@Suite struct SliceReconstructorTests {
    static func options(steps: Int, resolution: Int) -> SliceReconstructionOptions {
        var options = SliceReconstructionOptions()
        options.training.steps = steps
        options.resolution = resolution
        return options
    }

    static func surface(
        _ set: SliceSet, _ options: SliceReconstructionOptions, threads: Int = Parallel.defaultThreadCount
    ) throws -> SliceSurface {
        let reconstructor = try SliceReconstructor(set, options: options, threads: threads)
        while !reconstructor.trainer.isFinished { reconstructor.advance() }
        return try reconstructor.extract()
    }

    /// A tenth of the default training reaches plane IoU 0.977 to 0.993 and volumes within 3 % (measured over three
    /// seeds); the bars leave room for other seeds, not for another method.
    @Test(arguments: GeneratedSet.all)
    func generatedSolidsComeBack(_ generated: GeneratedSet) throws {
        let set = try generated.read()
        let mesh = try Self.surface(set, Self.options(steps: 640, resolution: 96)).mesh
        let report = try MeshReport(of: mesh)
        #expect(report.isClosed && report.isManifold && report.isConsistentlyWound)
        #expect(report.eulerCharacteristic == generated.eulerCharacteristic)
        #expect(report.components == generated.surfaces)
        let agreement = try SliceAgreement.measure(set, positions: mesh.positions, triangles: mesh.triangles)
        #expect(agreement.meanIoU > 0.965, "mean plane IoU \(agreement.meanIoU)")
        let truth = generated.volume(in: set.boundingBox.expanded(by: 0.1 * set.boundingBox.extent.max()))
        #expect(abs(mesh.volume / truth - 1) < 0.06, "volume \(mesh.volume), truth \(truth)")
        // The user's frame: the mesh reaches as far as the contours, and hardly further.
        let box = try #require(mesh.bounds)
        let slack = 0.06 * set.boundingBox.extent.max()
        #expect(set.boundingBox.expanded(by: slack).contains(box.minimum))
        #expect(set.boundingBox.expanded(by: slack).contains(box.maximum))
        #expect(box.expanded(by: slack).contains(set.boundingBox.minimum))
        #expect(box.expanded(by: slack).contains(set.boundingBox.maximum))
    }

    @Test func theSurfaceSoFarIsInTheUsersFrame() throws {
        let set = try GeneratedSet.peanut.read()
        let reconstructor = try SliceReconstructor(
            set, options: Self.options(steps: 300, resolution: 96), threads: Parallel.defaultThreadCount)
        while !reconstructor.trainer.isFinished { reconstructor.advance() }
        let box = try #require(reconstructor.surfaceSoFar()?.bounds)
        let slack = 0.1 * set.boundingBox.extent.max()
        #expect(box.expanded(by: slack).contains(set.boundingBox.minimum))
        #expect(box.expanded(by: slack).contains(set.boundingBox.maximum))
        #expect(set.boundingBox.expanded(by: slack).contains(box.center))
        #expect(reconstructor.curve.values.count == 150 && reconstructor.curve.stepsPerValue == 2)
    }

    @Test func sameBytesAtAnyThreadCountAndAgain() throws {
        let set = try GeneratedSet.peanut.read()
        let options = Self.options(steps: 60, resolution: 48)
        let reference = try Self.surface(set, options, threads: 1).mesh
        #expect(!reference.isEmpty)
        for threads in [1, 2, 4, 8] {
            #expect(try Self.surface(set, options, threads: threads).mesh == reference, "\(threads) threads")
        }
        var other = options
        other.seed = 2
        #expect(try Self.surface(set, other).mesh != reference)
    }

    /// Units and origin change nothing but rounding: powers of two scale exactly, so the meshes are the same numbers.
    @Test func frameAndUnitsAreTheUsers() throws {
        let set = try GeneratedSet.peanut.read()
        let options = Self.options(steps: 60, resolution: 48)
        let similarity = UniformSimilarity(scale: 1024, translation: .zero)
        let plain = try Self.surface(set, options).mesh
        let large = try Self.surface(set.transformed(by: similarity), options).mesh
        #expect(large.triangles == plain.triangles)
        let worst = zip(plain.positions, large.positions).map { (similarity($0) - $1).length }.max() ?? .infinity
        #expect(worst < 1e-6 * set.boundingBox.diagonal * 1024)
    }

    /// A trained field is far from a distance, its slope is only estimated, and still nothing may be missed.
    @Test(arguments: GeneratedSet.all)
    func sparseExtractionFindsWhatDenseFinds(_ generated: GeneratedSet) throws {
        let set = try generated.read()
        let options = Self.options(steps: 300, resolution: 96)
        let reconstructor = try SliceReconstructor(set, options: options, threads: 2)
        while !reconstructor.trainer.isFinished { reconstructor.advance() }
        let field = OccupancyField(reconstructor.trainer.network)
        let grid = RegularGrid(
            covering: Box(minimum: SIMD3(repeating: -1), maximum: SIMD3(repeating: 1)), cells: options.resolution)
        let surface = IsoSurfaceOptions(isoLevel: 0, inside: .above)
        let dense = try MarchingCubes.extract(
            grid: grid, values: grid.sample(field, threads: 2), options: surface, threads: 2)
        let sparse = try MarchingCubes.extract(from: field, grid: grid, options: surface, threads: 2)
        #expect(sparse.mesh == dense)
        #expect(sparse.queries * 2 < sparse.denseNodes)
    }

    @Test func eachLabelIsABodyOfItsOwn() throws {
        let set = try GeneratedSet.shellAndCore.read()
        #expect(set.labels == [1, 2])
        let core = try set.selecting(labels: [2])
        let mesh = try Self.surface(core, Self.options(steps: 500, resolution: 64)).mesh
        let truth = 4 * Double.pi / 3 * 18 * 18 * 18
        // Five planes cut the ball; how far its caps reach beyond the last ones they do not say. Measured -8 %.
        #expect(abs(mesh.volume / truth - 1) < 0.12, "volume \(mesh.volume), truth \(truth)")
        #expect(throws: SliceSetError.unknownLabel(label: 3, available: [1, 2])) { try set.selecting(labels: [3]) }
    }

    @Test(
        .enabled(if: SharedData.path("data/slices/hand_ok.csl") != nil, "shared data absent"))
    func realSlicesGiveAClosedSurface() throws {
        let path = try #require(SharedData.path("data/slices/hand_ok.csl"))
        let set = try CSLReader.read(path: path).0
        let mesh = try Self.surface(set, Self.options(steps: 1500, resolution: 128)).mesh
        let report = try MeshReport(of: mesh)
        #expect(report.isClosed && report.isManifold && report.isConsistentlyWound)
        let agreement = try SliceAgreement.measure(set, positions: mesh.positions, triangles: mesh.triangles)
        // Measured 0.966 to 0.972 over three seeds.
        #expect(agreement.meanIoU > 0.955, "mean plane IoU \(agreement.meanIoU)")
    }
}
