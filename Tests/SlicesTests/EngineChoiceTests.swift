// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Mesh
import Slices
import TestSupport
import Testing

@Suite struct EngineChoiceTests {
    /// Square tubes along z, `wall` thick and 2 wide, cut at heights 0, 1, … .
    private static func tube(wall: Double, slices: Int, mixed: Bool = false) throws -> SliceSet {
        func square(_ half: Double) -> [SIMD2<Double>] {
            [SIMD2(-half, -half), SIMD2(half, -half), SIMD2(half, half), SIMD2(-half, half)]
        }
        let sections = (0..<slices).map { index in
            CrossSection(
                plane: SlicePlane(
                    origin: SIMD3(0, 0, Double(index)), normal: mixed && index == 0 ? SIMD3(0, 1, 1) : SIMD3(0, 0, 1)),
                polygons: [
                    SlicePolygon(points: square(8), label: 1),
                    SlicePolygon(points: square(8 - wall), label: 1, parent: 0),
                ], number: index + 1)
        }
        return try SliceSet(sections: sections)
    }

    private static func automatic() -> SliceReconstructionOptions {
        var options = SliceReconstructionOptions()
        options.engine = nil
        return options
    }

    @Test func thickStacksGoToTheThinPlate() throws {
        // Twice the area over the border of a square ring is its wall.
        #expect(
            EngineChooser.choose(try Self.tube(wall: 1.5, slices: 6), options: Self.automatic()).engine == .thinPlate)
        #expect(
            EngineChooser.choose(try Self.tube(wall: 1.3, slices: 6), options: Self.automatic()).engine != .thinPlate)
    }

    @Test func scaleAndOrderDoNotMatter() throws {
        for wall in [1.3, 1.5] {
            let set = try Self.tube(wall: wall, slices: 6)
            let scaled = set.transformed(by: UniformSimilarity(scale: 1e-3, translation: SIMD3(1, 2, 3)))
            let shuffled = try SliceSet(sections: set.sections.reversed())
            let choice = EngineChooser.choose(set, options: Self.automatic())
            #expect(EngineChooser.choose(scaled, options: Self.automatic()) == choice)
            #expect(EngineChooser.choose(shuffled, options: Self.automatic()) == choice)
        }
    }

    @Test func mixedPlanesGoToTheNetwork() throws {
        let choice = EngineChooser.choose(try Self.tube(wall: 5, slices: 6, mixed: true), options: Self.automatic())
        #expect(choice.engine != .thinPlate)
    }

    @Test(arguments: SliceEngine.allCases) func whatIsAskedForIsTaken(engine: SliceEngine) throws {
        var options = Self.automatic()
        options.engine = engine
        #expect(EngineChooser.choose(try Self.tube(wall: 1, slices: 6), options: options).engine == engine)
    }

    @Test func everyInnerSliceIsLeftOutOnce() throws {
        let set = try ThinPlateReconstructorTests.sphere(count: 9)
        let validation = try #require(
            try HoldOutValidation.measure(
                set, engine: .thinPlate, options: ThinPlateReconstructorTests.options(), threads: 2))
        #expect(validation.planes.map(\.number) == Array(2...8))
        #expect(validation.folds == 3)
        #expect(validation.meanIoU > 0.97, "\(validation)")
        #expect(
            try HoldOutValidation.measure(
                set, engine: .thinPlate, options: ThinPlateReconstructorTests.options(), threads: 1,
                cancellation: { true }) == nil)
    }

    @Test func twoSlicesLeaveNothingToHoldOut() throws {
        let set = try Self.tube(wall: 2, slices: 2)
        let validation = try HoldOutValidation.measure(
            set, engine: .thinPlate, options: ThinPlateReconstructorTests.options(), threads: 1)
        #expect(validation?.planes == [])
    }
}

@Suite struct StaircaseTests {
    private static func mesh(_ field: ClosureField) throws -> TriangleMesh {
        let grid = RegularGrid(covering: Box(minimum: SIMD3(2, -3, -3), maximum: SIMD3(8, 3, 3)), cells: 120)
        return try MarchingCubes.extract(grid: grid, values: grid.sample(field, threads: 2))
    }

    @Test func aSphereHasNoSteps() throws {
        let set = try ThinPlateReconstructorTests.sphere(count: 12)
        let mesh = try Self.mesh(AnalyticShape.sphere(center: SIMD3(5, 0, 0), radius: 2).field)
        let value = try #require(Staircase.measure(set, mesh))
        #expect(abs(value) < 0.02, "\(value)")
    }

    @Test func thickSlicesAreSteps() throws {
        let set = try ThinPlateReconstructorTests.sphere(count: 12)
        // Each slice, a third of a unit thick: discs whose faces lie midway between planes.
        let discs = ClosureField { point in
            let height = ((point.x - 3) * 3).rounded(.down) / 3 + 3 - 5 + 1.0 / 6
            let radius = (max(4 - height * height, 0)).squareRoot()
            return max((point.y * point.y + point.z * point.z).squareRoot() - radius, abs(point.x - 5) - 2)
        }
        let value = try #require(Staircase.measure(set, try Self.mesh(discs)))
        #expect(value > 0.9, "\(value)")
    }

    @Test func withoutThreeParallelPlanesThereIsNoFigure() throws {
        let mesh = try Self.mesh(AnalyticShape.sphere(center: SIMD3(5, 0, 0), radius: 2).field)
        #expect(Staircase.measure(try ThinPlateReconstructorTests.sphere(count: 2), mesh) == nil)
    }
}
