// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import SfM
import Testing

@Suite struct SeenScanTests {
    /// `cells²` points over the unit square at `z = 0`, a step apart.
    private static func scan(cells: Int = 200) -> [SIMD3<Double>] {
        (0..<cells * cells).map { index in
            SIMD3((Double(index % cells) + 0.5) / Double(cells), (Double(index / cells) + 0.5) / Double(cells), 0)
        }
    }

    private static func evaluate(
        _ mesh: TriangleMesh, _ scan: [SIMD3<Double>], views: Int = 2, threads: Int = 2
    ) throws -> SeenScanEvaluation {
        try SeenScanEvaluation(
            of: mesh, scan: scan, cameras: SeenSurfaceTests.cameras(at: SeenSurfaceTests.places),
            options: SeenSurfaceTests.options(views: views), threads: threads)
    }

    @Test func offsetPlateHasTheDistanceOfItsOffset() throws {
        let diagonal = 2.0.squareRoot()
        let result = try Self.evaluate(SeenSurfaceTests.plate(z: 0.004 * diagonal), Self.scan())
        let scores = try #require(result.scores)
        // The quantiles leave out 1 of 200 columns and rows at either end.
        #expect(abs(result.diagonal - 0.985 * diagonal) < 1e-9 && result.points == 20_000)
        #expect(abs(result.spacingPercent - 100 * 0.005 / result.diagonal) < 1e-9)
        let offset = 100 * 0.004 * diagonal / result.diagonal
        #expect(abs(scores.completenessPercent.maximum - offset) < 1e-9)
        // To the corner of a cell of 0.005 at most.
        let farthest = 100 * (0.004 * 0.004 * 2 + 2 * 0.0025 * 0.0025).squareRoot() / result.diagonal
        #expect(scores.accuracyPercent.maximum <= farthest + 1e-9 && scores.accuracyPercent.median > offset)
        #expect(scores.fScores.map(\.f) == [0, 1, 1] && scores.normalConsistency == nil && scores.unseenShare == 0)
    }

    @Test func halfOfThePlateHasHalfTheRecall() throws {
        var half = SeenSurfaceTests.plate(z: 0)
        half.triangles.removeLast(100)
        let score = try #require(try Self.evaluate(half, Self.scan()).scores).fScores[2]
        #expect(score.precision == 1 && abs(score.recall - 0.5 - 0.01 * 2.0.squareRoot()) < 0.01)
    }

    @Test func partsWithoutPointsLowerThePrecision() throws {
        let half = Self.scan().filter { $0.x < 0.5 }
        let score = try #require(try Self.evaluate(SeenSurfaceTests.plate(z: 0), half).scores).fScores[2]
        // The region ends 5 % of the diagonal beyond the half; 1 % still counts as near.
        let diagonal = (0.25 + 1).squareRoot()
        #expect(score.recall == 1 && abs(score.precision - (0.5 + 0.01 * diagonal) / (0.5 + 0.05 * diagonal)) < 0.01)
    }

    @Test func strayPointsSetNoBox() throws {
        let clean = try Self.evaluate(SeenSurfaceTests.plate(z: 0), Self.scan())
        let strays = (0..<100).map { SIMD3(0.5, 0.5, 100 + Double($0)) }
        let result = try Self.evaluate(SeenSurfaceTests.plate(z: 0), Self.scan() + strays)
        #expect(abs(result.diagonal / clean.diagonal - 1) < 0.01 && result.scores?.fScores == clean.scores?.fScores)
    }

    @Test func threadsDoNotChangeTheResult() throws {
        let mesh = SeenSurfaceTests.plate(z: 0.003, cells: 7)
        #expect(try Self.evaluate(mesh, Self.scan(), threads: 1) == Self.evaluate(mesh, Self.scan(), threads: 3))
    }

    @Test func badInputIsNamed() throws {
        let plate = SeenSurfaceTests.plate(z: 0)
        for scan in [[], [SIMD3(1, 2, 3)], [SIMD3(Double.nan, 0, 0), .zero]] {
            #expect(throws: SeenSurfaceError.emptyReference) { try Self.evaluate(plate, scan) }
        }
        #expect(throws: SeenSurfaceError.referenceUnseen(views: 4)) { try Self.evaluate(plate, Self.scan(), views: 4) }
        #expect(try Self.evaluate(SeenSurfaceTests.plate(z: 50), Self.scan()).scores == nil)
    }
}
