// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry
import Mesh
import Testing

@Suite struct MeshComparisonTests {
    private static func options(samples: Int = 40_000, grid: Int = 96) -> MeshComparisonOptions {
        var options = MeshComparisonOptions()
        options.samples = samples
        options.gridCells = grid
        return options
    }

    @Test(arguments: [0.98, 1.03])
    func concentricSpheresDifferByTheirRadii(radius: Double) throws {
        let result = try MeshComparison(
            of: MeshSamples.sphere(radius), with: MeshSamples.sphere(1), options: Self.options())
        let distances = try #require(result.distances)
        let gap = abs(radius - 1)
        // Points of the other sampling lie beside the foot of the perpendicular: √(gap² + floor²) at most.
        let bound = (gap * gap + 4 * distances.noiseFloor * distances.noiseFloor).squareRoot() + 0.001
        #expect(distances.chamferL1 > gap - 0.001 && distances.chamferL1 < bound, "\(distances)")
        #expect(abs(result.diagonal - 12.0.squareRoot()) < 0.002)
        let ratio = radius * radius * radius
        #expect(abs((result.volume.iou ?? 0) - min(ratio, 1 / ratio)) < 0.005, "\(result.volume)")
        #expect(abs(result.volume.referenceVolume - 4 * Double.pi / 3) < 0.03)
        #expect(result.volume.isReliable && result.volume.meshAgreement == 1)
        #expect(distances.normalConsistency > 0.998)
        // The gap is 0.58 % or 0.87 % of the diagonal.
        #expect(distances.fScores.map(\.percent) == [0.5, 1, 2])
        #expect(distances.fScores[0].f < 0.01 && distances.fScores[1].f > 0.95 && distances.fScores[2].f == 1)
        #expect(result.mesh.genus == 0 && result.mesh.isClosed)
    }

    @Test func sameMeshScoresTheFloor() throws {
        let sphere = MeshSamples.sphere(2, center: SIMD3(5, -3, 100))
        let result = try MeshComparison(of: sphere, with: sphere, options: Self.options())
        let distances = try #require(result.distances)
        #expect(abs(distances.chamferL1 / distances.noiseFloor - 1) < 0.03)
        #expect(result.volume.iou == 1 && distances.fScores[2].f == 1)
        // Of independent points with density λ, the share exp(−π r² λ) is alone within r: here 5 % at the least distance.
        // Points drawn from equal parts of the area are alone less often.
        let limit = 0.005 * result.diagonal
        let alone = exp(-Double.pi * limit * limit * 40_000 / sphere.area)
        #expect(alone > 0.04 && distances.fScores[0].f > 1 - alone, "\(distances.fScores[0])")
        #expect(distances.areaShareOutsideBox == 0)
    }

    @Test func planesHaveTheDistanceOfTheirOffset() throws {
        var raised = MeshSamples.square
        raised.positions = raised.positions.map { $0 + SIMD3(0, 0, 0.01) }
        let result = try MeshComparison(of: raised, with: MeshSamples.square, options: Self.options())
        let distances = try #require(result.distances)
        #expect(abs(distances.accuracy.median - 0.01) < 0.0005 && abs(distances.chamferL2 - 2e-4) < 2e-5)
        #expect(distances.normalConsistency == 1)
        #expect(!result.mesh.isClosed)
    }

    @Test func halfABoxHasKnownScores() throws {
        let cube = MeshSamples.box(.zero, SIMD3(1, 1, 1))
        let half = MeshSamples.box(.zero, SIMD3(1, 1, 0.5))
        let result = try MeshComparison(of: half, with: cube, options: Self.options())
        #expect(abs((result.volume.iou ?? 0) - 0.5) < 0.006)
        let score = try #require(result.distances).fScores[2]
        // Of the half box all but its top, a quarter of its area less what is near the rim, lies on the cube; of the cube
        // the lower half. The band is 2 % of √3 wide: 0.0346.
        let band = 0.02 * 3.0.squareRoot()
        let top = 1 - (1 - 2 * band) * (1 - 2 * band)
        #expect(abs(score.precision - (3 + top) / 4) < 0.006)
        #expect(abs(score.recall - (3 + 4 * band) / 6) < 0.006)
        #expect(abs((result.distances?.hausdorffRelative ?? 0) - 0.5 / 3.0.squareRoot()) < 0.01)
    }

    @Test func whatLiesOutsideTheBoxCounts() throws {
        let cube = MeshSamples.box(.zero, SIMD3(1, 1, 1))
        let two = MeshSamples.together(cube, MeshSamples.box(SIMD3(2, 0, 0), SIMD3(3, 1, 1)))
        let result = try MeshComparison(of: two, with: cube, options: Self.options())
        #expect(result.volume.iouInBox == 1)
        #expect(abs((result.volume.iou ?? 0) - 0.5) < 0.01 && abs(result.volume.volumeOutsideBox - 1) < 0.03)
        #expect(abs((result.distances?.areaShareOutsideBox ?? 0) - 0.5) < 0.001)
        #expect(result.mesh.components == 2)
    }

    @Test func holesMakeVolumesUnreliable() throws {
        let whole = MeshSamples.sphere(1, rings: 24)
        var open = whole
        open.triangles.removeLast(600)
        let result = try MeshComparison(of: open, with: whole, options: Self.options(samples: 1000, grid: 48))
        #expect(!result.volume.isReliable && result.volume.meshAgreement < 0.995)
        #expect(result.volume.referenceAgreement == 1 && result.mesh.genus == nil)
    }

    @Test func looseTrianglesAreJudgedAsOneSurface() throws {
        let sphere = MeshSamples.sphere(1, rings: 12)
        let loose = TriangleMesh(
            positions: sphere.triangles.indices.flatMap { face in
                let (a, b, c) = sphere.corners(of: face)
                return [a, b, c]
            },
            triangles: sphere.triangles.indices.map { SIMD3(0, 1, 2) &+ SIMD3(repeating: UInt32(3 * $0)) })
        let result = try MeshComparison(of: loose, with: sphere, options: Self.options(samples: 1000, grid: 16))
        #expect(result.mesh.isClosed && result.mesh.components == 1 && result.volume.iou == 1)
    }

    @Test func threadsDoNotChangeTheResult() throws {
        let (a, b) = (MeshSamples.sphere(1, rings: 20), MeshSamples.sphere(1.1, center: SIMD3(0.1, 0, 0), rings: 17))
        let options = Self.options(samples: 5000, grid: 24)
        let one = try MeshComparison(of: a, with: b, options: options, threads: 1)
        #expect(try MeshComparison(of: a, with: b, options: options, threads: 3) == one)
    }

    @Test func badInputIsNamed() throws {
        let cube = MeshSamples.box(.zero, SIMD3(1, 1, 1))
        #expect(throws: MeshComparisonError.emptyReference) { try MeshComparison(of: cube, with: TriangleMesh()) }
        let flat = TriangleMesh(positions: [.zero, SIMD3(1, 0, 0)], triangles: [SIMD3(0, 1, 1)])
        #expect(throws: MeshComparisonError.emptyReference) { try MeshComparison(of: cube, with: flat) }
        let broken = TriangleMesh(positions: [.zero], triangles: [SIMD3(0, 1, 2)])
        #expect(throws: MeshComparisonError.self) { try MeshComparison(of: broken, with: cube) }
        #expect(throws: MeshComparisonError.self) {
            try MeshComparison(of: cube, with: cube, options: Self.options(samples: 1))
        }
        let empty = try MeshComparison(of: TriangleMesh(), with: cube, options: Self.options(samples: 100, grid: 8))
        #expect(empty.distances == nil && empty.volume.iou == 0)
    }

    @Test func samplesFollowTheArea() throws {
        var mesh = MeshSamples.together(
            MeshSamples.square,
            TriangleMesh(
                positions: MeshSamples.square.positions.map { 2 * $0 + SIMD3(5, 0, 0) },
                triangles: MeshSamples.square.triangles))
        mesh.triangles.append(SIMD3(0, 0, 1))
        let sampler = try #require(SurfaceSampler(mesh))
        #expect(sampler.area == 5)
        let spread = sampler.stratified(count: 1000, seed: 1, label: "test")
        #expect(spread.reduce(0) { $0 + ($1.position.x < 2 ? 1 : 0) } == 200)
        #expect(spread.allSatisfy { $0.normal == SIMD3(0, 0, 1) && $0.position.z == 0 })
        let free = sampler.independent(count: 20_000, seed: 1, label: "test")
        #expect(abs(Double(free.reduce(0) { $0 + ($1.position.x < 2 ? 1 : 0) }) / 20_000 - 0.2) < 0.01)
        let box = Box(minimum: SIMD3(0, 0, 0), maximum: SIMD3(0.5, 1, 0))
        let inside = sampler.independent(count: 500, in: box, seed: 1, label: "test")
        #expect(inside.count == 500 && inside.allSatisfy { box.contains($0.position) })
    }
}
