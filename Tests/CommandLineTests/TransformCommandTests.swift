// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry
import Mesh
import SfM
import Storage
import TestSupport
import Testing

/// Results in the frame of the world, and meshes made smaller, through the program.
@Suite struct TransformCommandTests {
    /// A workspace as a job leaves it: cameras at (0,0,0), (1,0,0), (0,1,0) and (0,0,1), one point, a mesh in two formats.
    private static func makeResult(_ folder: TemporaryFolder) throws -> String {
        let path = folder.path("result")
        try FileManager.default.createDirectory(atPath: "\(path)/sparse/0", withIntermediateDirectories: true)
        let images =
            "1 1 0 0 0 0 0 0 1 one photo.jpg\n320 240 7\n2 1 0 0 0 -1 0 0 1 two.jpg\n220 240 7\n"
            + "3 1 0 0 0 0 -1 0 1 three.jpg\n\n4 1 0 0 0 0 0 -1 1 four.jpg\n\n"
        try OutputFile.write(Array("1 PINHOLE 640 480 500 500 320 240\n".utf8), to: "\(path)/sparse/0/cameras.txt")
        try OutputFile.write(Array(images.utf8), to: "\(path)/sparse/0/images.txt")
        try OutputFile.write(Array("7 0 0 5 255 0 0 0 1 0 2 0\n".utf8), to: "\(path)/sparse/0/points3D.txt")
        let mesh = TriangleMesh(
            positions: [SIMD3(0, 0, 5), SIMD3(1, 0, 5), SIMD3(0, 2, 5)], triangles: [SIMD3(0, 2, 1)],
            normals: Array(repeating: SIMD3(0, 0, -1), count: 3),
            colors: Array(repeating: SIMD4(9, 8, 7, 255), count: 3))
        for name in ["mesh.ply", "mesh.glb"] { try MeshFile.write(mesh, to: "\(path)/\(name)") }
        return path
    }

    @Test func resultIsTurnedAndScaledIntoANewFolder() throws {
        let folder = try TemporaryFolder()
        let (source, target) = (try Self.makeResult(folder), folder.path("world"))
        let before = try InputFile.read("\(source)/mesh.ply")
        let arguments = [
            "transform", source, "-o", target, "--up=-y", "--scale-from", "one photo.jpg:two.jpg=2.5", "--json",
        ]
        let result = try Program.run(arguments)
        #expect(result.status == 0, "\(result.errors)")
        let report = try JSONDecoder().decode(FrameReport.self, from: Data(result.output.utf8))
        #expect(report.scale == 2.5 && report.residuals.map(\.error) == [0])
        #expect(
            try JSONDecoder().decode(FrameReport.self, from: Data(InputFile.read("\(target)/transform.json"))) == report
        )
        // Down is +y, so the camera one unit further down ends 2.5 below; the least rotation is about x.
        let model = try ColmapModel.read("\(target)/sparse/0").reconstruction
        let centers = model.imageIDs.compactMap { model.images[$0]?.cameraFromWorld.cameraCenterInWorld }
        let expected = [SIMD3(0, 0, 0), SIMD3(2.5, 0, 0), SIMD3(0, 0, -2.5), SIMD3(0, 2.5, 0)]
        for (center, place) in zip(centers, expected) { #expect((center - place).length < 1e-12) }
        #expect(((model.points[7]?.position ?? .zero) - SIMD3(0, 12.5, 0)).length < 1e-12)
        #expect(model.violatedInvariants(allowingRepeatedImages: true).isEmpty)
        let mesh = try MeshFile.read("\(target)/mesh.ply")
        for (position, place) in zip(mesh.positions, [SIMD3(0, 12.5, 0), SIMD3(2.5, 12.5, 0), SIMD3(0, 12.5, -5)]) {
            #expect((position - place).length < 1e-5)
        }
        #expect(mesh.normals?.allSatisfy { ($0 - SIMD3(0, -1, 0)).length < 1e-6 } == true)
        #expect(mesh.colors?.first == SIMD4(9, 8, 7, 255))
        for name in ["mesh.glb", "points.ply", "transforms.json"] {
            #expect(FileManager.default.fileExists(atPath: "\(target)/\(name)"), "\(name)")
        }
        #expect(try InputFile.read("\(source)/mesh.ply") == before)
        #expect(try Program.run(arguments).errors.contains("--force"))
        #expect(try Program.run(arguments + ["--force"]).status == 0)
        // What this program did not write is never removed, not even by force.
        let other = folder.path("precious") + "/"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        try OutputFile.write([1], to: "\(other)letter")
        let refused = try Program.run(["transform", source, "-o", other, "--up=x", "--force"])
        #expect(refused.status == 1 && refused.errors.contains("left alone"))
        #expect(try InputFile.read("\(other)letter") == [1])
        #expect(try Program.run(["transform", source, "-o", source, "--up=x", "--force"]).status == 1)
    }

    @Test func positionsFromAFileGiveTheFrame() throws {
        let folder = try TemporaryFolder()
        let source = try Self.makeResult(folder)
        let text = "name,x,y,z\none photo.jpg,10,0,0\ntwo.jpg,10,3,0\nthree.jpg,7,0,0\nfour.jpg,10,0,3\n"
        try OutputFile.write(Array(text.utf8), to: folder.path("gps.csv"))
        let result = try Program.run([
            "transform", source, "-o", folder.path("world"), "--scale-from", folder.path("gps.csv"),
        ])
        #expect(result.status == 0 && result.output.contains("3.0000"), "\(result.output)\(result.errors)")
        let mesh = try MeshFile.read(folder.path("world/mesh.ply"))
        #expect((mesh.positions[1] - SIMD3(10, 3, 15)).length < 1e-5)
    }

    @Test func mistakesAreNamed() throws {
        let folder = try TemporaryFolder()
        let source = try Self.makeResult(folder)
        let cases: [([String], Int32, String)] = [
            (["--scale-from", "gps"], 1, "photos"), (["--scale-from", "nowhere.txt"], 1, "nowhere.txt"),
            (["--scale-from", "one photo.jpg:five.jpg=2"], 1, "five.jpg"), ([], 64, "--up"),
            (["--up", "sideways"], 64, "sideways"), (["--scale-from", "gps", "--scale-from", "a:b=1"], 64, "repeated"),
        ]
        for (flags, status, word) in cases {
            let result = try Program.run(["transform", source, "-o", folder.path("w")] + flags)
            #expect(result.status == status && result.errors.contains(word), "\(flags): \(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.path("w")))
        }
        #expect(try Program.run(["transform", "nowhere", "-o", folder.path("w"), "--up=z"]).status == 1)
    }

    @Test func meshesAreSimplifiedAndCleaned() throws {
        let folder = try TemporaryFolder()
        var mesh = TriangleMesh()
        let cells = 12
        for row in 0...cells {
            for column in 0...cells { mesh.positions.append(SIMD3(Double(column), Double(row), 0)) }
        }
        for row in 0..<cells {
            for column in 0..<cells {
                let first = UInt32(row * (cells + 1) + column)
                let above = first + UInt32(cells + 1)
                mesh.triangles += [SIMD3(first, first + 1, above + 1), SIMD3(first, above + 1, above)]
            }
        }
        mesh.colors = mesh.positions.map { SIMD4(UInt8($0.x), UInt8($0.y), 3, 255) }
        let input = folder.path("in.ply")
        try MeshFile.write(mesh, to: input)
        for name in ["out.ply", "out.obj", "out.stl", "out.glb"] {
            let result = try Program.run(["mesh", "simplify", input, "-o", folder.path(name), "--error", "0.1"])
            #expect(result.status == 0 && result.output.contains("of 288 triangles"), "\(result.errors)")
        }
        for name in ["out.ply", "out.obj"] {
            let read = try MeshFile.read(folder.path(name))
            #expect(read.triangles.count < 100)
            for (position, color) in zip(read.positions, read.colors ?? []) {
                #expect(color == SIMD4(UInt8(position.x), UInt8(position.y), 3, 255))
            }
            #expect(read.colors?.count == read.positions.count)
        }
        // One face less: a hole of three sides.
        mesh.triangles.remove(at: 150)
        try MeshFile.write(mesh, to: input, encoding: .text)
        let result = try Program.run([
            "mesh", "clean", input, "-o", folder.path("c.obj"), "--fill-holes", "30", "--json",
        ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("\"filledHoles\" : 1"))
        #expect(try Program.run(["mesh", "simplify", input, "-o", folder.path("x.ply")]).status == 64)
        #expect(try Program.run(["mesh", "clean", input, "-o", folder.path("x.xyz")]).status == 1)
    }
}
