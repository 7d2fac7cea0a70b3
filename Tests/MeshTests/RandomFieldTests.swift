// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import Testing

/// Whatever the values are, the surface is closed, manifold and consistently wound.
@Suite struct RandomFieldTests {
    private static let grid = RegularGrid(
        origin: SIMD3(-3, 5, 7), spacing: SIMD3(1, 0.5, 2), counts: SIMD3(9, 8, 7))

    private func values(_ field: Int, in range: Range<Float>) -> [Float] {
        var random = RandomStream(seed: 41, label: "field", UInt64(field))
        return (0..<Self.grid.nodeCount).map { _ in random.uniform(in: range) }
    }

    private func check(_ mesh: TriangleMesh, _ field: Int) throws {
        let topology = try MeshTopology(of: mesh)
        #expect(topology.boundaryEdges == 0, "field \(field)")
        #expect(topology.isManifold, "field \(field): \(topology)")
        #expect(topology.isConsistentlyWound, "field \(field): \(topology)")
        #expect(topology.collapsedFaces == 0 && topology.unreferencedVertices == 0, "field \(field): \(topology)")
        #expect(mesh.volume > 0, "field \(field)")
    }

    @Test func twoHundredRandomFieldsGiveClosedManifolds() throws {
        for field in 0..<200 {
            try check(MarchingCubes.extract(grid: Self.grid, values: values(field, in: -1..<1)), field)
        }
    }

    /// Few different values: zeros on nodes, equal products in the decider, faces that alternate everywhere.
    @Test func tiesGiveClosedManifolds() throws {
        for field in 0..<200 {
            let coarse = values(field, in: -1.5..<1.5).map { $0.rounded() }
            try check(MarchingCubes.extract(grid: Self.grid, values: coarse), field)
        }
    }

    @Test func mostlyInsideAndMostlyOutsideGiveClosedManifolds() throws {
        for field in 0..<40 {
            for range: Range<Float> in [-1..<0.2, -0.2..<1] {
                try check(MarchingCubes.extract(grid: Self.grid, values: values(field, in: range)), field)
            }
        }
    }

    /// The fields above meet every sign pattern, and every ambiguous face with both decisions.
    @Test func everyCaseIsHit() {
        var joined: Set<SIMD2<Int>> = []
        var separated: Set<SIMD2<Int>> = []
        var patterns: Set<Int> = []
        for field in 0..<200 {
            let values = values(field, in: -1..<1)
            forEachCell(values) { corners in
                let pattern = corners.indices.reduce(0) { $0 | (corners[$1] < 0 ? 1 << $1 : 0) }
                patterns.insert(pattern)
                for face in 0..<6 where CellLoops.ambiguousFaces(pattern) >> face & 1 == 1 {
                    if saddleIsInside(CellNumbering.corners(ofFace: face).map { Double(corners[$0]) }) {
                        joined.insert(SIMD2(pattern, face))
                    } else {
                        separated.insert(SIMD2(pattern, face))
                    }
                }
            }
        }
        let faces = (0..<256).reduce(0) { $0 + CellLoops.ambiguousFaces($1).nonzeroBitCount }
        #expect(patterns.count == 256)
        #expect(joined.count == faces)
        #expect(separated.count == faces)
    }

    /// Value of the bilinear interpolant at its saddle, (ac − bd) / (a + c − b − d), below zero.
    private func saddleIsInside(_ v: [Double]) -> Bool {
        (v[0] * v[2] - v[1] * v[3]) / (v[0] + v[2] - v[1] - v[3]) < 0
    }

    private func forEachCell(_ values: [Float], _ body: ([Float]) -> Void) {
        let counts = Self.grid.counts
        for k in 0..<(counts.z - 1) {
            for j in 0..<(counts.y - 1) {
                for i in 0..<(counts.x - 1) {
                    body(
                        (0..<8).map { c in
                            values[i + c & 1 + counts.x * (j + (c >> 1) & 1 + counts.y * (k + c >> 2))]
                        })
                }
            }
        }
    }
}
