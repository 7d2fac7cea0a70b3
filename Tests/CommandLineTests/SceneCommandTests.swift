// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import TestSupport
import Testing

@Suite struct SceneCommandTests {
    /// Three cameras at (0,0,0), (1,0,0) and (0,1,0) and one point; `shift` moves the third camera along x.
    private static func makeModel(_ folder: TemporaryFolder, _ name: String, shift: Double = 0) throws -> String {
        let path = folder.path(name)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let images =
            "1 1 0 0 0 0 0 0 1 one photo.jpg\n320 240 7\n2 1 0 0 0 -1 0 0 1 two.jpg\n220 240 7\n"
            + "3 1 0 0 0 \(-shift) -1 0 1 three.jpg\n\n"
        try OutputFile.write(Array("1 PINHOLE 640 480 500 500 320 240\n".utf8), to: "\(path)/cameras.txt")
        try OutputFile.write(Array(images.utf8), to: "\(path)/images.txt")
        try OutputFile.write(Array("7 0 0 5 255 0 0 0 1 0 2 0\n".utf8), to: "\(path)/points3D.txt")
        return path
    }

    @Test func modelsAreConvertedThereAndBack() throws {
        let folder = try TemporaryFolder()
        let model = try Self.makeModel(folder, "model")
        let outputs = [("bin", []), ("poses.tum", []), ("t.json", ["--photos", "photos"]), ("points.ply", [])]
        for (name, flags) in outputs {
            let result = try Program.run(["convert", model, "-o", folder.path(name)] + flags)
            #expect(result.status == 0, "\(result.errors)")
        }
        #expect(
            try Program.run(["convert", folder.path("bin"), "-o", folder.path("txt"), "--to", "colmap-txt"]).status == 0
        )
        #expect(try Program.run(["convert", folder.path("txt"), "-o", folder.path("again")]).status == 0)
        for name in ["cameras.bin", "images.bin", "points3D.bin"] {
            #expect(try InputFile.read(folder.path("bin/\(name)")) == InputFile.read(folder.path("again/\(name)")))
        }
        let json = String(decoding: try InputFile.read(folder.path("t.json")), as: UTF8.self)
        #expect(json.contains("photos/one photo.jpg"))
        let result = try Program.run(["convert", folder.path("t.json"), "-o", folder.path("back"), "--json"])
        let report = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(report["images"] as? Int == 3 && report["format"] as? String == "colmap-bin")
    }

    @Test func nothingIsReplacedWithoutForce() throws {
        let folder = try TemporaryFolder()
        let model = try Self.makeModel(folder, "model")
        for name in ["bin", "t.json"] {
            let arguments = ["convert", model, "-o", folder.path(name)]
            #expect(try Program.run(arguments).status == 0)
            let again = try Program.run(arguments)
            #expect(again.status == 1 && again.errors.contains("--force"), "\(again.errors)")
            #expect(try Program.run(arguments + ["--force"]).status == 0)
        }
        // Text beside a different binary model would never be read.
        let shadowed = try Program.run(["convert", model, "-o", folder.path("bin"), "--to", "colmap-txt", "--force"])
        #expect(shadowed.status == 1 && shadowed.errors.contains(".bin"))
        #expect(
            try Program.run(["convert", folder.path("bin"), "-o", folder.path("bin"), "--to", "colmap-txt"]).status == 0
        )
    }

    @Test func posesAreEvaluated() throws {
        let folder = try TemporaryFolder()
        let truth = try Self.makeModel(folder, "truth")
        _ = try Self.makeModel(folder, "models/0", shift: 0.5)
        let result = try Program.run(["evaluate", "poses", "--est", folder.path("models"), "--gt", truth, "--json"])
        #expect(result.status == 0, "\(result.errors)")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(report["registeredImages"] as? Int == 3)
        #expect(abs((report["extent"] as? Double ?? 0) - 2.0.squareRoot()) < 1e-12)
        let pairs = try #require(report["pairs"] as? [String: Any])
        // One pair of three is right, the others are off by more than 10 degrees.
        let area = try #require((pairs["aucOfAll"] as? [String: Any])?["at10"] as? Double)
        #expect(abs(area - 1.0 / 3) < 1e-12)
        let text = try Program.run(["evaluate", "poses", "--est", truth, "--gt", truth])
        #expect(text.status == 0 && text.output.contains("3 of 3 images"))
    }

    @Test(arguments: [
        (["convert", "nowhere", "-o", "x"], 1, "nowhere"), (["convert", "a", "-o", "b", "--to", "nvm"], 64, "nvm"),
        (["convert", "a.db", "-o", "b.json"], 1, "database"),
        (["convert", "nowhere.db", "-o", "b.db"], 1, "nowhere.db"),
        (["evaluate", "poses", "--est", "nowhere", "--gt", "x"], 1, "nowhere"), (["evaluate", "poses"], 64, "--est"),
    ])
    func mistakesAreNamed(_ arguments: [String], _ status: Int, _ word: String) throws {
        let result = try Program.run(arguments)
        #expect(Int(result.status) == status)
        #expect(result.errors.contains(word), "\(result.errors)")
        #expect(result.output.isEmpty)
    }
}

@Suite struct MeshEvaluationCommandTests {
    private static let cube = """
        v 0 0 0
        v 1 0 0
        v 0 1 0
        v 1 1 0
        v 0 0 1
        v 1 0 1
        v 0 1 1
        v 1 1 1
        f 1 5 7 3
        f 2 4 8 6
        f 1 2 6 5
        f 3 7 8 4
        f 1 3 4 2
        f 5 6 8 7

        """

    @Test func meshesAreEvaluated() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("cube.obj")
        try OutputFile.write(Array(Self.cube.utf8), to: path)
        let arguments = ["evaluate", "mesh", path, "--reference", path, "--samples", "2000", "--grid", "24"]
        let text = try Program.run(arguments)
        #expect(text.status == 0 && text.output.contains("volume IoU          1.0000"), "\(text.output)\(text.errors)")
        let result = try Program.run(arguments + ["--json"])
        let report = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(abs((report["diagonal"] as? Double ?? 0) - 3.0.squareRoot()) < 1e-12)
    }

    @Test(arguments: [
        (["evaluate", "mesh", "nowhere.ply", "--reference", "x.ply"], 1, "nowhere.ply"),
        (["evaluate", "mesh", "a.ply"], 64, "--reference"),
        (["evaluate", "mesh", "a.ply", "--reference", "b.ply", "--views", "3"], 64, "--cameras"),
    ])
    func mistakesAreNamed(_ arguments: [String], _ status: Int, _ word: String) throws {
        let result = try Program.run(arguments)
        #expect(Int(result.status) == status && result.errors.contains(word), "\(result.errors)")
    }
}
