// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import Testing

@Suite struct MeshCleaningTests {
    @Test(arguments: 0..<30)
    func randomlyTurnedFacesAreTurnedBack(seed: Int) throws {
        var random = RandomStream(seed: UInt64(seed), label: "turned faces")
        let mesh = seed % 2 == 0 ? MeshSamples.sphere(1, rings: 8) : MeshSamples.torus(1, 0.3, segments: 12)
        var turned = mesh
        let share = random.uniform()
        for face in turned.triangles.indices where random.uniform() < share {
            let corners = turned.triangles[face]
            turned.triangles[face] = SIMD3(corners.y, corners.x, corners.z)
        }
        let result = try MeshCleaning(of: turned)
        let report = try MeshReport(of: result.mesh)
        #expect(report.isConsistentlyWound && report.isClosed && result.report.isOrientable)
        #expect(abs((report.volume ?? 0) - mesh.volume) < 1e-9)
    }

    @Test func cavitiesStayCavities() throws {
        let hollow = MeshSamples.together(MeshSamples.sphere(2, rings: 8), MeshSamples.sphere(1, rings: 8).flipped())
        let result = try MeshCleaning(of: hollow)
        #expect(result.mesh == hollow && result.report.turnedFaces == 0)
        #expect(try MeshCleaning(of: hollow.flipped()).mesh.volume == hollow.volume)
    }

    @Test func oneSidedSurfaceIsReported() throws {
        #expect(try !MeshCleaning(of: MeshSamples.moebius).report.isOrientable)
        #expect(try MeshCleaning(of: MeshSamples.square).report.isOrientable)
    }

    @Test func openSurfaceKeepsItsSide() throws {
        var bowl = MeshSamples.sphere(1, rings: 12).flipped()
        bowl.triangles.removeLast(60)
        bowl = bowl.removingUnreferencedVertices()
        #expect(try MeshCleaning(of: bowl).report.turnedFaces == 0)
        // A part turned over follows the rest.
        var mixed = bowl
        for face in 0..<50 {
            let corners = mixed.triangles[face]
            mixed.triangles[face] = SIMD3(corners.x, corners.z, corners.y)
        }
        let result = try MeshCleaning(of: mixed)
        #expect(result.mesh.triangles == bowl.triangles && result.report.turnedFaces == 50)
    }

    @Test func doubledFacesGo() throws {
        let box = MeshSamples.box(.zero, SIMD3(1, 1, 1))
        var mesh = box
        mesh.triangles.append(SIMD3(box.triangles[3].y, box.triangles[3].z, box.triangles[3].x))
        mesh.triangles.append(SIMD3(4, 4, 5))
        // A pair that faces each other: nothing between.
        mesh.triangles += [SIMD3(0, 1, 7), SIMD3(1, 0, 7)]
        let result = try MeshCleaning(of: mesh)
        #expect(result.mesh == box)
        #expect(result.report.collapsedFaces == 1 && result.report.duplicateFaces == 3)
    }

    @Test func debrisGoesByItsShare() throws {
        let mesh = MeshSamples.together(
            MeshSamples.box(.zero, SIMD3(1, 1, 1)), MeshSamples.box(SIMD3(3, 0, 0), SIMD3(3.2, 0.2, 0.2)))
        #expect(try MeshCleaning(of: mesh).mesh == mesh)
        var options = MeshCleaningOptions()
        options.minimumAreaShare = 0.05
        let result = try MeshCleaning(of: mesh, options: options)
        #expect(result.mesh == MeshSamples.box(.zero, SIMD3(1, 1, 1)) && result.report.droppedComponents == 1)
    }

    @Test func facesOfLittleConfidenceGo() throws {
        var mesh = MeshSamples.sphere(1, rings: 20)
        var options = MeshCleaningOptions()
        options.minimumConfidence = 0.5
        options.holePerimeterPercent = 0
        #expect(throws: MeshCleaningError.noConfidences) { try MeshCleaning(of: mesh, options: options) }
        mesh.confidences = mesh.positions.map { $0.z < -0.5 ? 0.25 : 0.75 }
        let result = try MeshCleaning(of: mesh, options: options)
        #expect(
            result.mesh.positions.allSatisfy { $0.z >= -0.5 }
                && result.mesh.confidences?.allSatisfy { $0 == 0.75 } == true)
        #expect(result.report.doubtfulFaces == mesh.triangles.count - result.mesh.triangles.count)
        // A cap of a quarter of the height has a quarter of the area.
        #expect(abs(result.mesh.area / mesh.area - 0.75) < 0.06)
        options.minimumConfidence = 2
        #expect(throws: OptionsError.self) { try MeshCleaning(of: mesh, options: options) }
    }

    @Test func smallHolesAreFilledAndLargeOnesStay() throws {
        let sphere = MeshSamples.sphere(1, rings: 40)
        var mesh = sphere
        mesh.colors = mesh.positions.map { _ in SIMD4(10, 20, 30, 255) }
        mesh.confidences = mesh.positions.map { _ in 1 }
        mesh.normals = mesh.areaWeightedNormals()
        // Two neighbouring faces, one elsewhere: rings near the equator are 0.08 wide, 2.3 % of the diagonal.
        let wide = mesh.triangles.indices.filter { mesh.corners(of: $0).0.z < 0.05 && mesh.corners(of: $0).0.z > -0.05 }
        let removed: Set<Int> = [wide[0], wide[1], wide[wide.count / 2]]
        mesh.triangles = mesh.triangles.indices.filter { !removed.contains($0) }.map { mesh.triangles[$0] }
        #expect(try MeshReport(of: mesh).topology.boundaryEdges == 7)
        let strict = try MeshCleaning(of: mesh)
        #expect(strict.report.filledHoles == 0 && strict.mesh.triangles == mesh.triangles)
        var options = MeshCleaningOptions()
        options.holePerimeterPercent = 15
        let result = try MeshCleaning(of: mesh, options: options)
        let report = try MeshReport(of: result.mesh)
        try result.mesh.checkInvariants()
        #expect(result.report.filledHoles == 2 && report.isClosed && report.genus == 0)
        #expect(abs(result.mesh.volume - sphere.volume) < 1e-3)
        #expect(result.mesh.confidences?.contains(0) == true, "nothing speaks for what fills a hole")
        #expect(result.mesh.colors?.allSatisfy { $0 == SIMD4(10, 20, 30, 255) } == true)
    }

    @Test func cleanMeshStaysAsItIs() throws {
        let mesh = MeshSamples.sphere(1, rings: 10)
        let result = try MeshCleaning(of: mesh)
        let nothing = try MeshCleaning(of: TriangleMesh()).report
        #expect(result.mesh == mesh && result.report == nothing)
        var options = MeshCleaningOptions()
        options.minimumAreaShare = 2
        #expect(throws: OptionsError.self) { try MeshCleaning(of: mesh, options: options) }
    }
}
