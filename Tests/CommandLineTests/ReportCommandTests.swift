// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import TestSupport
import Testing

@Suite struct ReportCommandTests {
    private static let slices = "\(SharedData.packageRoot)/datasets/slices/shell-and-core.csl"
    private static let photos = "\(SharedData.packageRoot)/datasets/owl/images"

    @Test func aPageIsWrittenWhereItIsAskedFor() throws {
        let folder = try TemporaryFolder()
        let options = try QuickOptions.write(to: folder)
        let arguments = [
            "slices", Self.slices, "-o", folder.path("s.ply"), "--options", options, "--all-labels", "--report",
            folder.path("s.html"), "--progress", "json",
        ]
        let result = try Program.run(arguments)
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            try folder.contents() == [
                "options.json", "s-label1.html", "s-label1.json", "s-label1.ply", "s-label2.html", "s-label2.json",
                "s-label2.ply",
            ])
        let page = String(decoding: try InputFile.read(folder.path("s-label2.html")), as: UTF8.self)
        #expect(page.contains("shell-and-core.csl, label 2") && page.contains("href=\"./s-label2.ply\""))
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(InputFile.read(folder.path("s-label2.json")))) as? [String: Any]
        )
        let run = try #require(report["run"] as? [String: Any])
        #expect((run["expected"] as? [String: Any])?["peakMemory"] is Int)
        #expect(((run["actual"] as? [String: Any])?["seconds"] as? Double ?? 0) > 0)
        let planes = (report["agreement"] as? [String: Any])?["planes"] as? [[String: Any]]
        #expect((planes?.count ?? 0) > 1)

        // Each line of progress is an object, and the first ones say what will be done.
        let events = try result.errors.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
        #expect(events.first?["event"] as? String == "note")
        let first = try #require(events.first?["text"] as? String)
        #expect(first.contains("14 planes"))
        #expect(events.contains { $0["stage"] as? String == "training" && $0["total"] as? Int == 150 })

        // Nothing is replaced by accident.
        OutputFile.remove(folder.path("s-label1.ply"))
        OutputFile.remove(folder.path("s-label2.ply"))
        let again = try Program.run(arguments)
        #expect(again.status == 1 && again.errors.contains("s-label1.html") && again.errors.contains("--force"))
        let other = try Program.run(["slices", Self.slices, "--report", folder.path("page.txt")])
        #expect(other.status == 64 && other.errors.contains(".html"))
    }

    @Test func memoryThatDoesNotSufficeIsSaidBeforeTheStart() throws {
        let folder = try TemporaryFolder()
        let images = try Program.run(["images", Self.photos, "-o", folder.path("out"), "--memory-limit", "200M"])
        #expect(images.status == 1)
        #expect(
            images.errors.contains("200 MB") && images.errors.contains("--no-surface needs about"), "\(images.errors)")
        let slices = try Program.run(["slices", Self.slices, "-o", folder.path("s.ply"), "--memory-limit", "40M"])
        #expect(slices.status == 1 && slices.errors.contains("40 MB"), "\(slices.errors)")
        for size in ["0", "-1G", "much", "1e30G"] {
            #expect(try Program.run(["slices", Self.slices, "--memory-limit=\(size)"]).status == 64, "\(size)")
        }
    }

    @Test func theReportIsServedToThisMachineOnly() throws {
        let folder = try TemporaryFolder()
        try Folder.create(folder.path("out"))
        try OutputFile.write(Array("<p>report</p>".utf8), to: folder.path("out/report.html"))
        try OutputFile.write([1, 2, 3], to: folder.path("out/mesh.ply"))
        try OutputFile.write([4], to: folder.path("secret.json"))
        let server = Process()
        server.executableURL = URL(fileURLWithPath: Program.path)
        server.arguments = ["view", folder.path("out")]
        let output = Pipe()
        server.standardOutput = output
        server.standardError = FileHandle.nullDevice
        try server.run()
        defer { server.terminate() }
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(UInt16(line.dropFirst("http://127.0.0.1:".count).prefix { $0.isNumber }), "\(line)")

        #expect(try RawRequest.send("GET / HTTP/1.1", port: port).hasPrefix("HTTP/1.1 200"))
        #expect(try RawRequest.send("GET / HTTP/1.1", port: port).hasSuffix("<p>report</p>"))
        #expect(try RawRequest.send("HEAD /mesh.ply HTTP/1.1", port: port).hasPrefix("HTTP/1.1 200"))
        for target in ["/../secret.json", "/%2e%2e/secret.json", "//etc/passwd", "/..%2fsecret.json", "/x"] {
            #expect(try RawRequest.send("GET \(target) HTTP/1.1", port: port).hasPrefix("HTTP/1.1 404"), "\(target)")
        }
        #expect(try RawRequest.send("POST / HTTP/1.1", port: port).hasPrefix("HTTP/1.1 405"))
        #expect(try RawRequest.send("GET / HTTP/1.1", host: "evil.example", port: port).hasPrefix("HTTP/1.1 421"))

        kill(server.processIdentifier, SIGINT)
        server.waitUntilExit()
        #expect(server.terminationStatus == 0)
        let nothing = try Program.run(["view", folder.root])
        #expect(nothing.status == 1 && nothing.errors.contains("report.html"))
    }
}
