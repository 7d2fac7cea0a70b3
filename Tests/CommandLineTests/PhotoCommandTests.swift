// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import TestSupport
import Testing

/// Photos to a mesh, through the program.
@Suite(.serialized) struct PhotoCommandTests {
    private static let photos = "\(SharedData.packageRoot)/datasets/owl/images"
    private static let truth = "\(SharedData.packageRoot)/datasets/owl/truth"
    /// All that a run leaves, but for the report with its times.
    private static let results = [
        "database.db", "mesh.ply", "points.ply", "run.json", "sparse/0/cameras.bin", "sparse/0/images.bin",
        "sparse/0/points3D.bin", "transforms.json", "refined/sparse/0/cameras.bin", "refined/sparse/0/images.bin",
        "refined/sparse/0/points3D.bin", "refined/points.ply", "refined/transforms.json", "refined/report.json",
    ]

    private static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func photosBecomeCamerasPointsAndAMesh() throws {
        let folder = try TemporaryFolder()
        let out = folder.path("owl ü")
        let arguments = ["images", Self.photos, "--quality", "fast", "--refine-poses", "--quiet", "--json", "-o"]
        let first = try Program.run(arguments + [out])
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.errors.isEmpty)
        let models = try #require(
            (try Self.object(first.output)["mapping"] as? [String: Any])?["models"] as? [[String: Any]])
        #expect(models.first?["images"] as? Int == 16)

        var errors: [Double] = []
        for model in ["sparse/0", "refined/sparse/0"] {
            let scores = try Self.object(
                try Program.run(["evaluate", "poses", "--est", "\(out)/\(model)", "--gt", Self.truth, "--json"]).output)
            let areas = (scores["pairs"] as? [String: Any])?["aucOfAll"] as? [String: Double]
            errors.append(1 - (try #require(areas?["at5"])))
        }
        // Following patches of the surface makes cameras several times as exact as keypoints do.
        #expect(errors[0] < 0.02 && errors[1] < 0.5 * errors[0], "\(errors)")

        // One thread, another folder: the same bytes.
        let other = folder.path("again")
        #expect(try Program.run(arguments + [other, "--threads", "1"]).status == 0)
        for name in Self.results {
            #expect(try InputFile.read("\(out)/\(name)") == InputFile.read("\(other)/\(name)"), "\(name)")
        }
        // A finished workspace is kept as it is.
        let before = try InputFile.read("\(out)/mesh.ply")
        let kept = try Program.run(arguments + [out])
        let times = try #require(try Self.object(kept.output)["times"] as? [[String: Any]])
        #expect(times.count == 5 && times.allSatisfy { $0["isReused"] as? Bool == true })
        #expect(try InputFile.read("\(out)/mesh.ply") == before)
        try Self.radianceIsTrainedAndDrawn(out, pictures: folder.path("pictures"))

        // Maps of another workspace are those of its refined cameras.
        let maps = folder.path("maps")
        let depth = try Program.run(["depth", out, "-o", maps, "--quality", "fast", "--quiet"])
        #expect(depth.status == 0, "\(depth.errors)")
        #expect(
            try InputFile.read("\(maps)/sparse/0/images.bin") == InputFile.read("\(out)/refined/sparse/0/images.bin"))
        #expect(try InputFile.read("\(maps)/dense.ply").count > 1_000_000)
    }

    /// A few steps of a radiance field about the surface of a finished workspace, and pictures of it.
    private static func radianceIsTrainedAndDrawn(_ out: String, pictures: String) throws {
        let arguments = [
            "radiance", "-o", out, "--quality", "fast", "--holdout", "8", "--steps", "20", "--quiet", "--json",
        ]
        let made = try Program.run(arguments)
        #expect(made.status == 0, "\(made.errors)")
        let report = try #require(try object(made.output)["radiance"] as? [String: Any])
        let heldOut = try #require(report["heldOut"] as? [[String: Any]])
        #expect(heldOut.map { $0["name"] as? String } == ["owl-00.jpg", "owl-08.jpg"])
        let files = ["field/radiance.json", "field/radiance.safetensors"]
        let before = try files.map { try InputFile.read("\(out)/\($0)") }
        let times = try #require(try object(try Program.run(arguments).output)["times"] as? [[String: Any]])
        #expect(times.last?["isReused"] as? Bool == true)
        #expect(try files.map { try InputFile.read("\(out)/\($0)") } == before)

        let kinds = ["color", "depth", "normal"]
        let render = ["render", out, "-o", pictures, "--size", "96", "--quiet"] + kinds.flatMap { ["--kind", $0] }
        let drawn = try Program.run(render)
        #expect(drawn.status == 0, "\(drawn.errors)")
        #expect(drawn.output.contains("owl-08.jpg: PSNR") && drawn.output.contains("held out"))
        for name in ["owl-00.jpg", "owl-08.jpg"] {
            for kind in kinds {
                let bytes = try InputFile.read("\(pictures)/\(name).\(kind).png")
                // Width, height, bits and colour type in the header of a PNG.
                #expect(Array(bytes[16..<26]) == [0, 0, 0, 96, 0, 0, 0, 72] + (kind == "depth" ? [16, 0] : [8, 2]))
            }
        }
        let kept = try Program.run(render)
        #expect(kept.status == 1 && kept.errors.contains("--force"))
        let unknown = try Program.run(["render", out, "-o", pictures, "--image", "duck.jpg", "--quiet"])
        #expect(unknown.status == 1 && unknown.errors.contains("owl-00.jpg"))
    }

    @Test func unreadablePhotosAreNamed() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path("photos"), withIntermediateDirectories: true)
        for number in 0..<4 {
            try FileManager.default.copyItem(
                atPath: "\(Self.photos)/owl-0\(number).jpg", toPath: folder.path("photos/owl \(number) 🦉.jpg"))
        }
        try OutputFile.write(Array("not a picture".utf8), to: folder.path("photos/letter.jpg"))
        let whole = try InputFile.read("\(Self.photos)/owl-04.jpg")
        try OutputFile.write(Array(whole.prefix(whole.count / 2)), to: folder.path("photos/cut.jpg"))
        let arguments = ["features", folder.path("photos"), "-o", folder.path("out"), "--quality", "fast", "--quiet"]
        let refused = try Program.run(arguments)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("cut.jpg") || refused.errors.contains("letter.jpg"))
        #expect(refused.errors.contains("--skip-unreadable"))
        let skipped = try Program.run(arguments + ["--skip-unreadable"])
        #expect(skipped.status == 0, "\(skipped.errors)")
        #expect(skipped.output.contains("4 photos") && skipped.output.contains("letter.jpg"))
    }

    @Test func stagesAskForWhatTheyNeed() throws {
        let folder = try TemporaryFolder()
        for (command, needed) in [("match", "features"), ("map", "match"), ("surface", "map")] {
            let result = try Program.run([command, "-o", folder.path("empty"), "--quiet"])
            #expect(result.status == 1)
            #expect(result.errors.contains("reconstruct \(needed)"), "\(result.errors)")
        }
        try OutputFile.write([1], to: folder.path("thesis.tex"))
        let foreign = try Program.run(["images", Self.photos, "-o", folder.root, "--quiet"])
        #expect(foreign.status == 1 && foreign.errors.contains("--force"))
    }
}
