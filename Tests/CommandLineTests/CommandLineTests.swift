// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import TestSupport
import Testing

@Suite struct CommandLineTests {
    private static let slices = "\(SharedData.packageRoot)/datasets/slices/shell-and-core.csl"

    @Test func slicesBecomeAMeshAndAReport() throws {
        let folder = try TemporaryFolder()
        let options = try QuickOptions.write(to: folder)
        let mesh = folder.path("mesh.ply")
        let arguments = ["slices", Self.slices, "-o", mesh, "--options", options, "--json", "--quiet"]
        let result = try Program.run(arguments)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.isEmpty)
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let surface = try #require(report["surface"] as? [String: Any])
        #expect((surface["mesh"] as? [String: Any])?["isClosed"] as? Bool == true)
        #expect(try folder.contents() == ["mesh.ply", "options.json"])

        // Without --force the result stays as it is.
        let before = try InputFile.read(mesh)
        let again = try Program.run(arguments)
        #expect(again.status == 1)
        #expect(again.errors.contains("--force"))
        #expect(try InputFile.read(mesh) == before)
        #expect(try Program.run(arguments + ["--force", "--threads", "1"]).status == 0)
        #expect(try InputFile.read(mesh) == before)
    }

    @Test func everyLabelGetsAMeshOfItsOwn() throws {
        let folder = try TemporaryFolder()
        let options = try QuickOptions.write(to: folder)
        let result = try Program.run(
            ["slices", Self.slices, "-o", folder.path("body.stl"), "--all-labels", "--options", options, "--quiet"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try folder.contents() == ["body-label1.stl", "body-label2.stl", "options.json"])
        let single = try Program.run(
            ["slices", Self.slices, "-o", folder.path("two.stl"), "--label", "2", "--options", options, "--quiet"])
        #expect(single.status == 0, "\(single.errors)")
        #expect(try InputFile.read(folder.path("two.stl")) == InputFile.read(folder.path("body-label2.stl")))
        let missing = try Program.run(
            ["slices", Self.slices, "-o", folder.path("no.stl"), "--label", "7", "--options", options])
        #expect(missing.status == 1)
        #expect(missing.errors.contains("7"))
    }

    @Test func meshesAreExaminedAndConverted() throws {
        let folder = try TemporaryFolder()
        let obj = folder.path("tetrahedron.obj")
        let text = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n"
        try OutputFile.write(Array(text.utf8), to: obj)
        for name in ["t.ply", "t.stl", "t.glb"] {
            #expect(try Program.run(["mesh", "convert", obj, folder.path(name), "--scale", "2"]).status == 0)
        }
        #expect(try Program.run(["mesh", "convert", obj, folder.path("t.ply")]).status == 1)
        let info = try Program.run(["mesh", "info", folder.path("t.ply"), folder.path("t.stl"), "--json"])
        #expect(info.status == 0)
        let entries = try #require(
            try JSONSerialization.jsonObject(with: Data(info.output.utf8)) as? [[String: Any]])
        #expect(entries.count == 2)
        for entry in entries {
            let mesh = try #require(entry["mesh"] as? [String: Any])
            #expect(mesh["isClosed"] as? Bool == true)
            let volume = try #require(mesh["volume"] as? Double)
            #expect(abs(volume - 8.0 / 6) < 1e-12)
        }
    }

    @Test(arguments: [
        (["slices", "nowhere.csl", "-o", "x.ply"], 1, "nowhere.csl"),
        (["slices", "x.csl", "--label", "1", "--all-labels"], 64, "--all-labels"),
        (["slices", "x.csl", "--quality", "best"], 64, "best"),
        (["mesh", "info", "nowhere.ply"], 1, "nowhere.ply"),
        (["mesh", "convert", "a.xyz", "b.ply"], 1, "a.xyz"),
        (["mesh", "convert", "a.ply", "b.ply", "--scale", "0"], 64, "--scale"),
        (["paint"], 64, "paint"),
    ])
    func mistakesAreNamed(_ arguments: [String], _ status: Int, _ word: String) throws {
        let result = try Program.run(arguments)
        #expect(Int(result.status) == status)
        #expect(result.errors.contains(word), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test func brokenFilesAreNamedWithTheirLine() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("broken.csl")
        try OutputFile.write(Array("CSLC 2 2\n\n1 3 1 0 0 1 0\n0 0 0\n1 0 zero\n".utf8), to: path)
        let result = try Program.run(["slices", path, "-o", folder.path("x.ply")])
        #expect(result.status == 1)
        #expect(result.errors.contains("broken.csl"))
        #expect(result.errors.contains("line 5"), "\(result.errors)")
        #expect(try folder.contents() == ["broken.csl"])
    }
}
