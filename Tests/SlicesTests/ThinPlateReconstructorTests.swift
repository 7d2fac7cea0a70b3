// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Mesh
import Slices
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct ThinPlateReconstructorTests {
    /// Cuts of a sphere of radius 2 around (5, 0, 0), `count` of them across x, with a gap beyond the last of half a spacing.
    static func sphere(count: Int = 9) throws -> SliceSet {
        let sections = (0..<count).map { index in
            let height = -2 + 4 * (Double(index) + 0.5) / Double(count)
            return CrossSection(
                plane: SlicePlane(origin: SIMD3(5 + height, 0, 0), normal: SIMD3(1, 0, 0)),
                polygons: [
                    SlicePolygon(
                        points: Samples.circle(radius: (4 - height * height).squareRoot(), corners: 90), label: 1)
                ],
                number: index + 1)
        }
        return try SliceSet(sections: sections)
    }

    static func options() -> SliceReconstructionOptions {
        var options = SliceReconstructionOptions()
        options.engine = .thinPlate
        options.resolution = 64
        options.thinPlate.resolution = 64
        return options
    }

    @Test func sphereSlicesGiveASphere() throws {
        let reconstructor = try ThinPlateReconstructor(try Self.sphere(), options: Self.options(), threads: 2)
        let fit = try #require(reconstructor.fit())
        let mesh = try reconstructor.extract(fit).mesh
        let report = try MeshReport(of: mesh)
        #expect(report.isClosed && report.isManifold)
        #expect(report.components == 1 && report.genus == 0)
        let volume = 4 * Double.pi / 3 * 8
        #expect(abs((report.volume ?? 0) - volume) < 0.02 * volume, "\(String(describing: report.volume)) of \(volume)")
        // Between the outermost slices; what is beyond them the slices do not say.
        for position in mesh.positions where abs(position.x - 5) < 1.7 {
            let radius = (position - SIMD3(5, 0, 0)).length
            #expect(abs(radius - 2) < 0.03, "radius \(radius) at \(position)")
        }
    }

    @Test func threadsDoNotMatter() throws {
        let meshes = try [1, 3].map { threads in
            let reconstructor = try ThinPlateReconstructor(
                try Self.sphere(count: 5), options: Self.options(), threads: threads)
            return try reconstructor.extract(try #require(reconstructor.fit())).mesh
        }
        #expect(meshes[0].positions == meshes[1].positions)
        #expect(meshes[0].triangles == meshes[1].triangles)
    }

    @Test func anEmptySliceCutsTheSolid() throws {
        var sections = try Self.sphere(count: 4).sections
        sections.append(
            CrossSection(plane: SlicePlane(origin: SIMD3(5, 0, 0), normal: SIMD3(1, 0, 0)), polygons: [], number: 9))
        let reconstructor = try ThinPlateReconstructor(
            try SliceSet(sections: sections), options: Self.options(), threads: 2)
        let mesh = try reconstructor.extract(try #require(reconstructor.fit())).mesh
        #expect(try MeshReport(of: mesh).components == 2)
    }

    @Test func interruptedJobsBeginAgainAndEndWithTheSameBytes() throws {
        let folder = try TemporaryFolder()
        let set = try Self.sphere(count: 5)
        let job = SliceJob(
            slices: set, input: .init(path: "sphere.csl", label: nil, planes: 5, contours: 5, repairs: []),
            inputFingerprint: 1, output: folder.path("mesh.ply"), options: Self.options(), threads: 2)
        let asked = Mutex(0)
        let outcome = try job.run(
            cancellation: {
                asked.withLock { value in
                    value += 1
                    return value > 40
                }
            })
        guard case .interrupted = outcome else { return #expect(Bool(false), "not interrupted") }
        #expect(throws: FileError.self) { try InputFile.read(job.output) }
        guard case .finished(let report, _) = try job.run() else { return #expect(Bool(false), "not finished") }
        #expect(report.engine.name == .thinPlate)
        #expect(report.training == nil && report.fit != nil)
        #expect(report.agreement.meanPlaneIoU > 0.98)
        let bytes = try InputFile.read(job.output)
        OutputFile.remove(job.output)
        _ = try job.run()
        #expect(try InputFile.read(job.output) == bytes)
    }

    @Test func optionsAreChecked() throws {
        var options = Self.options()
        options.thinPlate.resolution = 8
        #expect(throws: OptionsError.self) {
            try ThinPlateReconstructor(try Self.sphere(), options: options, threads: 1)
        }
    }
}
